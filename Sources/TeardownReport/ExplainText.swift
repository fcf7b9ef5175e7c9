internal import PacketDecoding
internal import TCPTeardown

/// An explanation as a person reads it: each claim, why it follows, and what would settle it.
struct ExplainText {
  let explanation: Explanation
  let options: ReportOptions
  let origins: [Int: FrameOrigin]

  /// The column where what a label names begins.
  private static let labelEnd = 14
  /// The columns of the table of states.
  private static let timeEnd = 12
  private static let stateStart = 14
  private static let lengthStart = 28
  private static let ruleStart = 41
  private static let gradeStart = 47
  private static let framesStart = 57

  private var record: FlowRecord { explanation.record }
  private var teardown: Teardown { record.teardown }

  func write(to text: inout TextWriter) {
    writeName(to: &text)
    writeVerdict(to: &text)
    writeCircumstances(to: &text)
    for side in Side.allCases { writeStates(of: side, to: &text) }
    writeLacks(to: &text)
    text.endLine()
    text.put("the segments that tell it", .strong)
    SegmentTable(record, showsMoves: false, origins: origins).write(to: &text)
    text.endLine()
  }

  private func writeName(to text: inout TextWriter) {
    text.put("stream \(record.stream) of \(options.label.escapedForTerminal)", .strong)
    let ends = "\(record.client) -> \(record.server)"
    if text.column + 2 + ends.columns > text.width { text.endLine() }
    text.put("  ")
    text.put(ends, .strong)
    text.endLine()
  }

  private func writeVerdict(to text: inout TextWriter) {
    var outcome = [Piece(record.outcomeText, teardown.outcome.ink)]
    if !record.isFinal { outcome.append(Piece("(so far)", .dim)) }
    line("outcome", outcome, to: &text)
    let closer = explanation.reasonForCloser
    if let claim = teardown.closedBy {
      line(
        "closed first", [Piece(claim.text), Wording.proof(claim.grade, claim.frames)], to: &text)
      write(origins: claim.frames, to: &text)
    } else {
      line("closed first", [Piece("nobody")], to: &text)
    }
    write(closer, to: &text)
    for wait in teardown.timeWait {
      line("TIME-WAIT", wait.pieces(of: record), to: &text)
      for reason in explanation.reasons(for: wait) { write(reason, to: &text) }
    }
    if let reset = teardown.reset { write(reset, to: &text) }
    for finding in teardown.findings where finding.code.rawValue != teardown.reset?.cause.rawValue {
      write(finding, to: &text)
    }
  }

  private func write(_ reset: ResetVerdict, to text: inout TextWriter) {
    line(
      "reset",
      [
        Piece(reset.cause.rawValue + ":", .caution), Piece(reset.sentence),
        Wording.proof(reset.grade, reset.frames),
      ], to: &text)
    write(origins: reset.frames, to: &text)
    write(explanation.reason(for: reset), to: &text)
    advise(record.teardown.resetAdvice, to: &text)
  }

  private func write(_ finding: Finding, to text: inout TextWriter) {
    line(
      "finding",
      [
        Piece(finding.code.rawValue + ":", finding.ink),
        Piece(finding.sentence(isIPv6: record.client.address.isIPv6)),
        Wording.proof(finding.grade, finding.frames),
      ], to: &text)
    write(origins: finding.frames, to: &text)
    write(explanation.reason(for: finding), to: &text)
    advise(finding.advice, to: &text)
  }

  private func writeCircumstances(to text: inout TextWriter) {
    line(
      "start",
      [
        Piece(options.clock.text(record.start)), Piece("for \(Wording.duration(record.duration))"),
      ], to: &text)
    if let hint = teardown.hintText { line("payload", [Piece(hint)], to: &text) }
    line("capture", [Piece(explanation.vantageText)], to: &text)
    text.fill(
      [Piece("states have the time of their side, segments that of the capture", .dim)],
      indent: Self.labelEnd)
    text.endLine()
    let profile = explanation.profile
    line(
      "assumed",
      [
        Piece(
          "\(profile.name): TIME-WAIT lasts \(Wording.duration(profile.timeWait)), FIN-WAIT-2 of"),
        Piece("a closed socket \(Wording.duration(profile.finWait2))"),
      ], to: &text)
    line("Wireshark", record.displayFilter(options).map { Piece($0) }, to: &text)
  }

  private func writeStates(of side: Side, to text: inout TextWriter) {
    text.endLine()
    text.put("the \(side.name)", .strong)
    text.endLine()
    let moves = explanation.moves(of: side)
    guard !moves.isEmpty else {
      text.move(to: Self.stateStart)
      text.put("nothing shows that it had this connection")
      text.endLine()
      return
    }
    for heading in [
      ("seconds", Self.timeEnd - 7), ("state", Self.stateStart), ("for", Self.lengthStart),
      ("rule", Self.ruleStart), ("grade", Self.gradeStart), ("frames", Self.framesStart),
    ] {
      text.move(to: heading.1)
      text.put(heading.0, .dim)
    }
    text.endLine()
    for move in moves { write(move, to: &text) }
  }

  private func write(_ move: Explanation.Move, to text: inout TextWriter) {
    let to = move.to
    text.put(explanation.relative(to.enteredAt), endingAt: Self.timeEnd)
    text.move(to: Self.stateStart)
    text.put(to.state.rawValue, .state)
    text.move(to: Self.lengthStart)
    if let left = to.leftAt {
      text.put(Wording.duration(left.saturatingSubtracting(to.enteredAt)))
    } else if to.state != .closed {
      text.put("to the end")
    }
    text.move(to: Self.ruleStart)
    text.put(to.rule.description)
    text.move(to: Self.gradeStart)
    text.put(to.grade.name, to.grade == .observed ? .plain : .caution)
    let frames = to.frames.array.map(String.init).joined(separator: ", ")
    text.fill([Piece(frames.isEmpty ? "none" : frames)], indent: Self.framesStart)
    text.endLine()
    write(origins: to.frames, to: &text)
    if let bounds = bounds(of: to) {
      text.fill([Piece(bounds, .dim)], indent: Self.stateStart)
      text.endLine()
    }
    write(explanation.reason(for: move), showsSettling: !move.isObserved, to: &text)
  }

  private func bounds(of interval: StateInterval) -> String? {
    switch (interval.earliest, interval.latest) {
    case (let earliest?, let latest?):
      "a best guess: earliest \(explanation.relative(earliest)), latest \(explanation.relative(latest))"
    case (let earliest?, nil): "a best guess: not before \(explanation.relative(earliest))"
    case (nil, let latest?): "a best guess: not after \(explanation.relative(latest))"
    case (nil, nil): nil
    }
  }

  private func writeLacks(to text: inout TextWriter) {
    let lacks = explanation.lacks
    guard !lacks.isEmpty else { return }
    text.endLine()
    text.put("what the capture lacks", .strong)
    text.endLine()
    for lack in lacks {
      text.fill([Piece(lack.why)], indent: Self.labelEnd)
      text.endLine()
      advise(lack.settledBy, to: &text)
    }
  }

  private func write(
    _ reason: Explanation.Reason, showsSettling: Bool = true, to text: inout TextWriter
  ) {
    text.fill([Piece(reason.why.capitalizedFirst)], indent: Self.labelEnd)
    text.endLine()
    guard showsSettling, let settledBy = reason.settledBy else { return }
    text.fill(
      [Piece("Settled by", .caution), Piece(settledBy + ".")], indent: Self.labelEnd, hanging: 2)
    text.endLine()
  }

  /// Frame and file, where frames are counted over several files.
  private func write(origins frames: Frames, to text: inout TextWriter) {
    let told = frames.array.compactMap { frame in origins[frame].map { "frame \(frame) is \($0)" } }
    guard !told.isEmpty else { return }
    text.fill([Piece(told.joined(separator: "; "), .dim)], indent: Self.labelEnd)
    text.endLine()
  }

  private func advise(_ advice: String?, to text: inout TextWriter) {
    if let advice { text.putAdvice(advice, at: Self.labelEnd) }
  }

  private func line(_ label: String, _ pieces: [Piece], to text: inout TextWriter) {
    text.putLine(label, pieces, indent: Self.labelEnd)
  }
}
