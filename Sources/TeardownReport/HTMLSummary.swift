internal import PacketDecoding
internal import TCPTeardown

/// The parts of the page that tell what all flows come to.
struct HTMLSummary {
  let options: ReportOptions
  let summary: CaptureSummary
  let services: HTMLServices
  let occupancy: HTMLOccupancy
  let ports: PortAccounts

  static let rankLimit = 10

  func writeHeader(to html: inout HTMLWriter) {
    html.put(.header) { html in
      html.put(.div) { html in
        html.put(.p, [.class: "kicker"], "tcpclose: how connections ended")
        html.put(.h1, options.label)
        html.put(.p, [.class: "quiet"], inputText)
      }
      html.put(.button, [.id: "theme", .type: "button", .hidden: ""], "Dark")
    }
  }

  /// When the capture was taken, and how much was read.
  private var inputText: String {
    let input = summary.input
    var told: [String] = []
    if let first = input.firstTime, let last = input.lastTime {
      let length = Wording.duration(last.saturatingSubtracting(first))
      told.append("\(options.clock.text(first, toSecond: true)), \(length)")
    }
    told.append(
      "\(Wording.count(input.packets, "packet")), \(Wording.count(input.octets, "octet"))"
        + (input.files > 0 ? " in \(Wording.count(input.files, "file"))" : ""))
    if input.filteredOut > 0 {
      told.append("a filter left out \(Wording.count(input.filteredOut, "packet"))")
    }
    if let drops = input.drops {
      told.append("\(Wording.count(drops.kernel + drops.interface, "packet")) lost")
    }
    return told.joined(separator: " · ")
  }

  func writeOverview(to html: inout HTMLWriter) {
    writeWarnings(to: &html)
    writeCards(to: &html)
    HTMLChart(occupancy: occupancy, summary: summary, clock: options.clock).write(to: &html)
    writeFindings(to: &html)
    HTMLServiceTable(summary: summary, services: services).write(to: &html)
    HTMLStateTimes(summary: summary).write(to: &html)
    HTMLPortBudget(accounts: ports, clock: options.clock).write(to: &html)
    html.put(.div, [.class: "columns"]) { html in
      writeHosts(to: &html)
      writeRanking(
        "Causes of resets", "cause", summary.resets.ranked.map { ($0.key.rawValue, $0.count) },
        to: &html)
      writeRanking(
        "Findings", "finding", summary.findings.ranked.map { ($0.key.rawValue, $0.count) },
        to: &html)
    }
  }

  private func writeWarnings(to html: inout HTMLWriter) {
    var told = summary.input.warnings
    for (reason, packets) in summary.input.undecoded where packets > 0 {
      told.append("\(Wording.count(packets, "packet")) gave no segment: \(reason)")
    }
    guard !told.isEmpty else { return }
    html.put(.section, [.class: "warnings", .label: "Warnings"]) { html in
      html.put(.ul) { html in
        for warning in told { html.put(.li, warning) }
      }
    }
  }

  private func writeHosts(to html: inout HTMLWriter) {
    let waits = summary.timeWaits
    guard waits.entries > 0 else { return }
    html.put(.section) { html in
      html.put(.h2, "TIME-WAIT by host")
      html.put(.table, [.class: "plain"]) { html in
        html.putHead(["host", "entries", "at once", "first at"], numbers: 1..<4)
        html.put(.tbody) { html in
          for (address, host) in waits.ranked(limit: Self.rankLimit) {
            html.put(.tr) { html in
              html.put(.th, [.scope: "row"], address.description)
              html.put(.td, [.class: "number"], Wording.grouped(host.entries))
              html.put(.td, [.class: "number"], Wording.grouped(host.peak))
              html.put(
                .td, [.class: "number"], options.clock.text(host.peakTime, toSecond: true))
            }
          }
        }
      }
      let more = max(0, waits.hosts - Self.rankLimit)
      if more > 0 || waits.otherEntries > 0 {
        html.put(
          .p, [.class: "quiet"],
          "\(Wording.count(more, "more host")), and "
            + "\(Wording.count(waits.otherEntries, "entry", "entries")) of hosts not told apart.")
      }
    }
  }

  private func writeRanking(
    _ title: String, _ name: String, _ ranked: [(String, Int)], to html: inout HTMLWriter
  ) {
    guard !ranked.isEmpty else { return }
    html.put(.section) { html in
      html.put(.h2, title)
      html.put(.table, [.class: "plain"]) { html in
        html.putHead([name, "flows"], numbers: 1..<2)
        html.put(.tbody) { html in
          for (word, count) in ranked {
            html.put(.tr) { html in
              html.put(.th, [.scope: "row"], word)
              html.put(.td, [.class: "number"], Wording.grouped(count))
            }
          }
        }
      }
    }
  }

  func writeFooter(to html: inout HTMLWriter) {
    html.put(.footer) { html in
      html.put(.h2, "How sure each claim is")
      html.put(.dl) { html in
        for (grade, meaning) in Self.grades {
          html.put(.dt) { $0.putGrade(grade) }
          html.put(.dd, meaning)
        }
      }
      html.put(
        .p, [.class: "quiet"],
        "Frames are numbered as in Wireshark. This file loads nothing: it can be kept and sent.")
    }
  }

  private static let grades: [(Grade, String)] = [
    (.observed, "the segments prove it"),
    (.inferred, "the evidence is indirect; where the capture sets bounds, they are given"),
    (.assumed, "it rests on a value that never crosses the wire, such as TIME-WAIT's length"),
    (.unknown, "packets do not decide it"),
  ]
}

extension HTMLWriter {
  /// Puts a grade so that it is told by its word, and by its shape, not by colour alone.
  mutating func putGrade(_ grade: Grade) {
    put(.span, [.class: "grade \(grade.name)"], grade.name)
  }
}
