internal import TCPTeardown

/// TIME-WAIT and CLOSE-WAIT over the time of the capture, as two charts over one axis.
///
/// Their numbers stand outside of the drawings, which take whatever width there is.
struct HTMLChart {
  private let occupancy: HTMLOccupancy
  private let clock: ClockFace
  /// What the axis spans, in nanoseconds since the Unix epoch.
  private let span: ClosedRange<Int64>

  private static let width = 1000.0
  private static let height = 100.0

  init(occupancy: HTMLOccupancy, summary: CaptureSummary, clock: ClockFace) {
    self.occupancy = occupancy
    self.clock = clock
    let held = [occupancy.timeWait, occupancy.closeWait].filter { $0.count > 0 }
    let start = summary.input.firstTime ?? held.map(\.start).min() ?? 0
    let end =
      summary.input.lastTime
      ?? held.map { $0.start.saturatingAdding(Int64($0.count) * $0.step) }.max() ?? start
    span = start...max(start.saturatingAdding(1), end)
  }

  func write(to html: inout HTMLWriter) {
    html.put(.section, [.id: "occupancy"]) { html in
      html.put(.h2, "TIME-WAIT and CLOSE-WAIT over time")
      html.put(.div, [.class: "charts"]) { html in
        write("TIME-WAIT", occupancy.timeWait, "t-time-wait", to: &html)
        write("CLOSE-WAIT", occupancy.closeWait, "t-close-wait", to: &html)
      }
    }
  }

  private func write(
    _ name: String, _ held: HTMLHeldOverTime, _ style: String, to html: inout HTMLWriter
  ) {
    let means = held.means(within: span)
    let most = means.max() ?? 0
    html.put(.figure, [.class: "chart"]) { html in
      html.put(.figcaption) { html in
        html.put(.strong, name)
        html.put(.span, [.class: "quiet"], most > 0 ? unit(held) : "none in this capture")
      }
      guard most > 0 else { return }
      html.put(.p, [.class: "top"], Self.shown(most))
      html.put(
        .svg,
        [
          .viewBox: "0 0 1000 100", .preserveAspectRatio: "none", .role: "img",
          .label: "\(name) held over time: at most \(Self.shown(most)), \(unit(held))",
        ]
      ) { html in
        html.put(.path, [.class: style, .d: path(held, means, most)])
        for place in means.indices where means[place] > 0 {
          let (from, to) = bounds(held, place)
          html.put(
            .rect,
            [
              .class: "probe", .x: Self.decimal(from), .width: Self.decimal(max(0.1, to - from)),
              .height: "100",
            ]
          ) { html in
            let time = moment(held.start + Int64(place) * held.step)
            html.put(.title, "\(time): \(Self.shown(means[place])) in \(name)")
          }
        }
      }
      html.put(.p, [.class: "axis"]) { html in
        html.put(.span, moment(span.lowerBound))
        html.put(.span, moment(span.upperBound))
      }
    }
  }

  /// A time of day to a second; in a short capture to a millisecond.
  private func moment(_ time: Int64) -> String {
    let isShort = span.upperBound - span.lowerBound < 20 * Int64.nanosecondsPerSecond
    guard isShort else { return clock.text(time, toSecond: true) }
    let text = clock.text(time)
    // 2026-11-23 09:22:39.288 has 23 characters, and six more digits follow.
    return String(text.prefix(23) + text.dropFirst(29))
  }

  private func unit(_ held: HTMLHeldOverTime) -> String {
    "mean of each \(Wording.duration(held.step)), as far as the capture shows"
  }

  /// The steps as an area above the axis.
  private func path(_ held: HTMLHeldOverTime, _ means: [Double], _ most: Double) -> String {
    var path = ""
    var isOpen = false
    for place in means.indices {
      let (from, to) = bounds(held, place)
      let top = Self.decimal(Self.height - means[place] / most * (Self.height - 4))
      if !isOpen { path += "M\(Self.decimal(from)) 100" }
      isOpen = true
      path += "L\(Self.decimal(from)) \(top)H\(Self.decimal(to))"
      if place == means.count - 1 { path += "V100Z" }
    }
    return path
  }

  /// Where a step begins and ends on the axis.
  private func bounds(_ held: HTMLHeldOverTime, _ place: Int) -> (from: Double, to: Double) {
    let start = held.start + Int64(place) * held.step
    return (x(start), x(start.saturatingAdding(held.step)))
  }

  private func x(_ time: Int64) -> Double {
    let share = (Double(time) - Double(span.lowerBound)) / Double(span.upperBound - span.lowerBound)
    return min(1, max(0, share)) * Self.width
  }

  /// A number as a sentence has it.
  private static func shown(_ number: Double) -> String {
    if number < 0.05 { return "< 0.1" }
    return number < 1000 ? decimal(number) : Wording.grouped(Int(number.rounded()))
  }

  /// A number with one decimal, unless that is 0.
  private static func decimal(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
