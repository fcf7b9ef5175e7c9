internal import TCPTeardown

/// A client's ports over time: a bar a slice, as the chart of `tcpclose ports` has a line.
struct HTMLPortChart {
  let slices: PortSlices
  /// The most ports at one time.
  let most: Int

  func write(to html: inout HTMLWriter) {
    html.put(.figure, [.class: "chart ports"]) { html in
      html.put(.figcaption) { html in
        html.put(.strong, "Ports over time")
        html.put(.span, [.class: "quiet"], caption)
      }
      html.put(.p, [.class: "top"], Wording.grouped(most))
      html.put(
        .svg,
        [
          .viewBox: "0 0 \(slices.slices.count * 10) 100", .preserveAspectRatio: "none",
          .role: "img", .label: "Ports held over time: at most \(Wording.grouped(most))",
        ]
      ) { html in
        for (place, slice) in slices.slices.enumerated() { write(slice, at: place, to: &html) }
      }
      html.put(.p, [.class: "axis"]) { html in
        html.put(.span, "0 s")
        html.put(.span, Wording.duration(slices.slices.last?.offset ?? 0))
      }
    }
  }

  private var caption: String {
    "the most in each \(Wording.duration(slices.length)): TIME-WAIT below, others above"
      + (slices.slices.contains(where: \.isBeyondCapture)
        ? "; pale is after the capture's end, and assumed" : "")
  }

  private func write(_ slice: PortSlices.Slice, at place: Int, to html: inout HTMLWriter) {
    guard slice.held > 0 else { return }
    let whole = height(of: slice.held)
    let waiting = min(whole, height(of: slice.waiting))
    html.put(.g, [.class: slice.isBeyondCapture ? "assumed" : ""]) { html in
      html.put(
        .title,
        "from \(Wording.duration(slice.offset)): \(Wording.grouped(slice.held)) held, "
          + "\(Wording.grouped(slice.waiting)) in TIME-WAIT")
      put("t-before", from: waiting, to: whole, at: place, to: &html)
      put("t-time-wait", from: 0, to: waiting, at: place, to: &html)
    }
  }

  /// What is there shows, however little it is.
  private func height(of count: Int) -> Int {
    count == 0 ? 0 : max(1, min(count, most) * 100 / max(1, most))
  }

  private func put(
    _ style: String, from low: Int, to high: Int, at place: Int, to html: inout HTMLWriter
  ) {
    guard low < high else { return }
    html.put(
      .rect,
      [
        .class: style, .x: String(place * 10), .y: String(100 - high), .width: "9",
        .height: String(high - low),
      ])
  }
}
