internal import PacketDecoding
internal import TCPTeardown

/// What a whole capture comes to, as a person reads it.
struct SummaryText {
  let options: ReportOptions
  let summary: CaptureSummary

  static let valueColumn = CaptureText.valueColumn
  static let rankLimit = 10

  func write(to text: inout TextWriter) {
    let capture = CaptureText(options: options, summary: summary)
    capture.writeTitle("summary", to: &text)
    writeAmount(to: &text)
    capture.writeSpan(to: &text)
    writeInput(to: &text)
    capture.writeFlowCount(to: &text)
    writeCounts(to: &text)
    writeOutcomes(to: &text)
    writeResets(to: &text)
    writeServices(to: &text)
    writeStateTimes(to: &text)
    writeTimeWaits(to: &text)
    writePorts(to: &text)
    writeIdleLimits(to: &text)
    writeFlowFindings(to: &text)
    writeFindings(to: &text)
    capture.writeWarnings(to: &text)
  }

  private func writeAmount(to text: inout TextWriter) {
    let input = summary.input
    var read = [
      Piece(Wording.count(input.packets, "packet") + ","),
      Piece(Wording.count(input.octets, "octet")),
    ]
    if input.files > 0 { read.append(Piece("in \(Wording.count(input.files, "file"))")) }
    line("read", read, to: &text)
    if input.filteredOut > 0 {
      line("filter", [Piece("left out \(Wording.count(input.filteredOut, "packet"))")], to: &text)
    }
  }

  private func writeInput(to text: inout TextWriter) {
    let input = summary.input
    if let end = input.endTime, let last = input.lastTime, end > last {
      let silence = Wording.duration(end.saturatingSubtracting(last))
      line(
        "capture end", [Piece("\(options.clock.text(end)),"), Piece("\(silence) later")], to: &text)
    }
    for (reason, packets) in input.undecoded where packets > 0 {
      line("no segment", [Piece("\(Wording.count(packets, "packet")): \(reason)")], to: &text)
    }
    if let drops = input.drops {
      let lost = drops.kernel + drops.interface > 0
      let place = input.files > 0 ? "by the kernel while capturing" : "by the kernel's buffer"
      line(
        "lost",
        [
          Piece(
            "\(Wording.count(drops.kernel, "packet")) \(place), "
              + "\(Wording.grouped(drops.interface)) by the interface", lost ? .problem : .plain)
        ], to: &text)
    }
    caution(input.backwardStamps, "time stamp", "lay before the one ahead of it", to: &text)
  }

  private func writeCounts(to text: inout TextWriter) {
    caution(summary.evictedFlows, "flow", "told early to make room (--max-flows)", to: &text)
    guard let counts = summary.counts else { return }
    caution(counts.late, "flow", "opened by late segments of a flow already told", to: &text)
    caution(counts.strayICMPErrors, "ICMP error", "quoting no flow of the capture", to: &text)
    caution(counts.impossibleFlags, "segment", "with flags that no endpoint sends", to: &text)
    caution(counts.duplicates, "frame", "showing a segment another showed", to: &text)
    caution(counts.evidenceOverflow, "segment", "of an end that found no room", to: &text)
  }

  private func writeOutcomes(to text: inout TextWriter) {
    guard summary.flows > 0 else { return }
    text.endLine()
    heading([("outcome", 0), ("flows", 36), ("%", 44)], to: &text)
    for (outcome, count) in summary.outcomes.ranked {
      text.put(outcome.rawValue, outcome.harm >= 40 ? .problem : .plain)
      text.put(Wording.grouped(count), endingAt: 36)
      text.put(Wording.percent(count, of: summary.flows), endingAt: 44)
      text.endLine()
    }
  }

  private func writeServices(to text: inout TextWriter) {
    let services = summary.rankedServices(limit: Self.rankLimit)
    guard !services.isEmpty else { return }
    text.endLine()
    let columns = [
      ("closed first, by server port", 0), ("flows", 36), ("client", 45), ("server", 54),
      ("both", 61), ("unknown", 70), ("no FIN", 79),
    ]
    heading(columns, to: &text)
    for (port, closers) in services {
      text.put(String(port))
      let numbers = [
        closers.flows, closers.client, closers.server, closers.both, closers.unknown, closers.none,
      ]
      for (number, column) in zip(numbers, columns.dropFirst()) {
        text.put(Wording.grouped(number), endingAt: column.1, number == 0 ? .dim : .plain)
      }
      text.endLine()
    }
  }

  private func writeTimeWaits(to text: inout TextWriter) {
    let waits = summary.timeWaits
    guard waits.entries > 0 else { return }
    text.endLine()
    heading(
      [("TIME-WAIT by host", 0), ("entries", 34), ("at once", 43), ("first at", 53)], to: &text)
    for (address, host) in waits.ranked(limit: Self.rankLimit) {
      text.put(address.description)
      text.put(Wording.grouped(host.entries), endingAt: 34)
      text.put(Wording.grouped(host.peak), endingAt: 43)
      text.put("  ")
      text.put(options.clock.text(host.peakTime))
      text.endLine()
    }
    let more = waits.hosts - Self.rankLimit
    if more > 0 {
      text.put("\(Wording.count(more, "more host"))", .dim)
      text.endLine()
    }
    if waits.otherEntries > 0 {
      text.put("other", .dim)
      text.put(Wording.grouped(waits.otherEntries), endingAt: 34)
      text.endLine()
    }
  }

  func heading(
    _ columns: [(String, Int)], to text: inout TextWriter, ended: Bool = true
  ) {
    for (name, column) in columns {
      if column == 0 { text.put(name, .strong) } else { text.put(name, endingAt: column, .dim) }
    }
    if ended { text.endLine() }
  }

  private func caution(
    _ count: Int, _ noun: String, _ what: String, to text: inout TextWriter
  ) {
    guard count > 0 else { return }
    line("", [Piece("\(Wording.count(count, noun)) \(what)", .caution)], to: &text)
  }

  func line(_ label: String, _ pieces: [Piece], to text: inout TextWriter) {
    text.putLine(label, pieces, indent: Self.valueColumn)
  }
}
