internal import PacketDecoding
internal import TCPTeardown

/// One flow as a person reads it: the verdict first, then the segments that prove it.
struct TimelineText {
  let options: ReportOptions
  /// The column where what a label names begins.
  private static let verdictColumn = 14

  func write(_ record: FlowRecord, to text: inout TextWriter) {
    writeName(of: record, to: &text)
    writeVerdict(of: record, to: &text)
    writeCircumstances(of: record, to: &text)
    SegmentTable(record).write(to: &text)
    text.endLine()
  }

  private func writeName(of record: FlowRecord, to text: inout TextWriter) {
    var name = "stream \(record.stream)"
    if options.namesCapture { name += " of \(options.label.escapedForTerminal)" }
    text.put(name, .strong)
    text.put("  ")
    let ends = "\(record.client) -> \(record.server)"
    if text.column + ends.columns > text.width {
      text.endLine()
      text.move(to: 2)
    }
    text.put(ends, .strong)
    text.endLine()
  }

  private func writeVerdict(of record: FlowRecord, to text: inout TextWriter) {
    let teardown = record.teardown
    line("outcome", [Piece(record.outcomeText, teardown.outcome.ink)], to: &text)
    if let closer = teardown.closedBy {
      line(
        "closed first", [Piece(closer.text), Wording.proof(closer.grade, closer.frames)], to: &text)
    }
    if let hint = teardown.hintText { line("payload", [Piece(hint)], to: &text) }
    for wait in teardown.timeWait {
      line("TIME-WAIT", wait.pieces(of: record), to: &text)
    }
    if let reset = teardown.reset {
      let ink: Ink = reset.harm >= 50 ? .problem : .caution
      line(
        "reset",
        [
          Piece(reset.cause.rawValue + ":", ink), Piece(reset.sentence),
          Wording.proof(reset.grade, reset.frames),
        ], to: &text)
      advise(teardown.resetAdvice, to: &text)
    }
    for finding in teardown.findings
    where finding.code.rawValue != teardown.reset?.cause.rawValue {
      line(
        "finding",
        [
          Piece(finding.code.rawValue + ":", finding.ink),
          Piece(finding.sentence(isIPv6: record.client.address.isIPv6)),
          Wording.proof(finding.grade, finding.frames),
        ], to: &text)
      advise(finding.advice, to: &text)
    }
  }

  private func writeCircumstances(of record: FlowRecord, to text: inout TextWriter) {
    line(
      "start",
      [
        Piece(options.clock.text(record.start)),
        Piece("for \(Wording.duration(record.duration))"),
      ], to: &text)
    var traffic = Side.allCases.map { side in
      Piece(
        "\(side.name) \(Wording.count(record.packets[side], "packet")), "
          + "\(Wording.count(record.payloadOctets[side], "octet"))"
          + (side == .client ? ";" : ""))
    }
    if !record.rolesAreObserved {
      traffic.append(Piece("(roles guessed by port)", .dim))
    }
    line("traffic", traffic, to: &text)
    line("Wireshark", record.displayFilter(options).map { Piece($0) }, to: &text)
  }

  private func advise(_ advice: String?, to text: inout TextWriter) {
    if let advice { text.putAdvice(advice, at: Self.verdictColumn + 2) }
  }

  private func line(_ label: String, _ pieces: [Piece], to text: inout TextWriter) {
    text.putLine(label, pieces, indent: Self.verdictColumn)
  }
}

extension ClockFace {
  /// A moment with nine decimals, or rounded down to a second, and what clock it is by.
  func text(_ nanosecondsSince1970: Int64, toSecond: Bool = false) -> String {
    var shown = nanosecondsSince1970
    var zone = " UTC"
    if case .local(let offset) = self {
      let seconds = offset(nanosecondsSince1970 / 1_000_000_000)
      let (sum, overflow) = shown.addingReportingOverflow(Int64(seconds) * 1_000_000_000)
      if !overflow {
        shown = sum
        zone = Self.zone(seconds)
      }
    }
    let time = CivilTime(nanosecondsSince1970: shown)
    let text = String(capacity: 40) { octets in
      octets.add(date: time)
      octets.append(0x20)
      octets.add(timeOfDay: time)
    }
    return text.dropLast(toSecond ? 10 : 0) + zone
  }

  /// `+02:00`, as RFC 3339 has it.
  private static func zone(_ seconds: Int) -> String {
    String(capacity: 8) { octets in
      octets.append(seconds < 0 ? 0x2D : 0x2B)
      octets.add(decimal: UInt64(seconds.magnitude) / 3600, digits: 2)
      octets.append(0x3A)
      octets.add(decimal: UInt64(seconds.magnitude) / 60 % 60, digits: 2)
    }
  }
}
