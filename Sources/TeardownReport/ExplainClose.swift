internal import PacketDecoding
internal import TCPTeardown

/// R1, R3, R4 and R6 to R8: FINs, and the acknowledgments of them.
extension Explanation {
  /// R1, and R8 for LAST-ACK.
  func sendingOfFIN(_ move: Move) -> Reason {
    let side = move.side.name
    let isSecond = move.to.state == .lastAck
    let frames = move.to.frames.array
    let fin = frames.first { held($0)?.isFIN == true } ?? move.to.frames[0]
    if move.to.grade == .unknown {
      return Reason(
        "The \(side) sent a FIN (frame \(fin)). Whether it was the first to close is unknown: a FIN "
          + "of the \(move.side.peer.name)'s may have come before, unseen.",
        settledBy: "a capture that begins earlier, or one next to the \(move.side.peer.name)")
    }
    if move.isObserved {
      return Reason(
        isSecond
          ? "The \(side) sent its own FIN (frame \(fin)), having acknowledged the "
            + "\(move.side.peer.name)'s: its program closed as well."
          : "The \(side) sent its FIN (frame \(fin)): its program closed the socket, shut down its "
            + "sending side, or ended.")
    }
    let next = "a capture next to the \(side), which shows its first FIN"
    if let behind = frames.first(where: { held($0)?.isFIN == false }) {
      return Reason(
        "Frame \(behind) bears the number behind the \(side)'s FIN, so that had been sent by then; "
          + "the first copy of it in the capture is frame \(fin).",
        settledBy: next)
    }
    let octets = Int(held(fin)?.payloadLength ?? 0)
    let waited =
      octets > 0
      ? " It rides on \(Wording.count(octets, "octet")) of payload, and may have waited for them."
      : ""
    guard !vantage.isNear(move.side) else {
      return Reason(
        "The \(side) had sent its FIN (frame \(fin)) by then.\(waited)",
        settledBy: "a trace of the \(side)'s program (strace -e trace=close,shutdown)")
    }
    return Reason(
      "The \(side) had sent its\(isSecond ? " own" : "") FIN (frame \(fin)) by then.\(waited) "
        + "\(distance(from: move.side)): an earlier copy may have been lost on its way there.",
      settledBy: next)
  }

  /// R3, R6, and R7 where the peer's FIN came: CLOSE-WAIT, CLOSING, TIME-WAIT.
  func arrivalOfFIN(_ move: Move) -> Reason {
    let side = move.side.name
    let peer = move.side.peer
    let consequence = consequence(of: move)
    if let reset = move.to.frames.array.compactMap(held).first(where: \.isReset) {
      return Reason(
        "Nothing acknowledges \(fin(of: peer)), but the \(side) accepts the number of the RST "
          + "behind it (frame \(reset.frame)), so both should have come\(consequence).",
        settledBy: closerLook(at: move.side, "whether that FIN came"))
    }
    let frame = move.to.frames[0]
    guard let answer = held(frame), answer.side == move.side else {
      let silence =
        record.packets[move.side] == 0
        ? "Nothing that the \(side) sent was captured."
        : "The capture ends before an answer can have come."
      return Reason(
        "\(fin(of: peer).capitalizedFirst) should have reached the \(side) here\(consequence). "
          + silence,
        settledBy: record.packets[move.side] == 0
          ? "a capture where both directions pass"
          : "the \(side)'s ACK of that FIN: the capture must go on for another second")
    }
    if move.isObserved {
      return Reason(
        "Frame \(frame) acknowledges \(fin(of: peer))\(copyThatCame(answer, of: peer)), so that had "
          + "reached the \(side)\(consequence).")
    }
    if move.to.grade == .unknown {
      return Reason(
        "Frame \(frame) acknowledges \(fin(of: peer)). The state is open, as it is unknown who "
          + "closed first.",
        settledBy: "a capture that begins earlier, or one next to the \(side)")
    }
    if let skipped = finding(.timeWaitSkipped, of: move.side), move.to.state == .timeWait {
      return Reason(
        "Frame \(frame) acknowledges \(fin(of: peer)), as TIME-WAIT begins; but "
          + "\(skipped.values.duration("age") ?? "shortly") later the \(side) had no socket any "
          + "more, so it most likely never was in TIME-WAIT.",
        settledBy: "the counter TCPTimeWaitOverflow on the \(side)'s host (nstat -az), which grows "
          + "where TIME-WAIT is skipped")
    }
    return Reason(
      uncertainFIN(frame, of: peer) + consequence + ".",
      settledBy: closerLook(at: move.side, "when that FIN came"))
  }

  /// Of several copies of a FIN, which one came, and how the answer tells.
  private func copyThatCame(_ answer: Observation, of side: Side) -> String {
    let before = copies(ofFINOf: side).filter { $0.time <= answer.time }
    guard before.count > 1 else { return "" }
    if answer.marks.contains(.duplicateReport) {
      return " and reports a repeat of it as a duplicate (SACK)"
    }
    let echoed = before.first {
      $0.marks.contains(.timestamps) && answer.marks.contains(.timestamps)
        && $0.timestampValue == answer.timestampEcho
    }
    return echoed.map { " and echoes the timestamp of the copy in frame \($0.frame)" } ?? ""
  }

  /// Why the arrival of an acknowledged FIN has no sure time.
  private func uncertainFIN(_ answer: Int, of side: Side) -> String {
    let copies = copies(ofFINOf: side)
    if copies.isEmpty { return "Frame \(answer) acknowledges a FIN that was not captured" }
    let acknowledged = "Frame \(answer) acknowledges \(fin(of: side)), so that had come"
    guard let held = held(answer) else { return acknowledged }
    let before = copies.filter { $0.time <= held.time }
    if before.isEmpty { return acknowledged + ", though the capture shows it only later" }
    let sent = before.reduce(0) { $0 + Int($1.count) }
    if before[0].knowsNumbers(of: side),
      before[0].nextNumbers[side].precedes(before[0].sequenceNumber)
    {
      return acknowledged + "; it overtook data, and counts from when that had come too"
    }
    return acknowledged
      + (sent > 1
        ? "; which of its \(Wording.grouped(sent)) copies, is not sure"
        : "; it also reports a duplicate of it (SACK), so which copy came first is not sure")
  }

  private func consequence(of move: Move) -> String {
    switch (move.from?.state, move.to.state) {
    case (_, .closeWait): "; now its program has to close"
    case (_, .closing): ", its own FIN not being acknowledged yet: the FINs crossed"
    case (.finWait2, .timeWait) where teardown.closedBy?.sides == .both:
      "; as the FINs crossed, both sides wait for what may come late"
    case (_, .timeWait): "; it closed first, so it waits for what may come late"
    default: ""
    }
  }

  /// R4, and R7 where the ACK of the own FIN came: FIN-WAIT-2, TIME-WAIT after CLOSING.
  func arrivalOfACK(_ move: Move) -> Reason {
    let side = move.side.name
    let frame = move.to.frames[0]
    let waits = move.to.state == .timeWait ? ", which ends CLOSING" : ""
    if move.to.grade == .unknown {
      return Reason(
        "Frame \(frame) acknowledges the \(side)'s FIN. The state is open, as it is unknown who "
          + "closed first.",
        settledBy: "a capture that begins earlier, or one next to the \(side)")
    }
    guard move.isObserved else {
      return Reason(
        "Frame \(frame) acknowledges the \(side)'s FIN and should have reached the \(side) here"
          + "\(waits); nothing after it shows that it did.",
        settledBy: "more of capture: a repeat of the \(side)'s FIN shows that this ACK was lost, "
          + "silence that it came")
    }
    if let proof = proof(ofArrivalOf: frame, at: move.side) {
      return Reason(
        "Frame \(frame) acknowledges the \(side)'s FIN\(waits), and it came: frame \(proof.frame) "
          + "acknowledges what the \(move.side.peer.name) sent with it or later.")
    }
    return Reason(
      "Frame \(frame) acknowledges the \(side)'s FIN\(waits), and it came: the FIN was not repeated "
        + "where a repeat was due.")
  }

  /// R8: the last ACK, which nothing answers.
  func arrivalOfLastACK(_ move: Move) -> Reason {
    let side = move.side.name
    let frame = move.to.frames[0]
    let captured = held(frame).map { $0.lastFrame == frame ? $0.lastTime : $0.time }
    let rest = until.saturatingSubtracting(captured ?? move.to.enteredAt)
    if move.isObserved {
      return Reason(
        "Frame \(frame) acknowledges the \(side)'s FIN, and it came: in "
          + "\(Wording.duration(rest)) of capture after it, the FIN was not repeated.")
    }
    return Reason(
      "Frame \(frame) acknowledges the \(side)'s FIN and should have reached the \(side) here. "
        + silence(max(0, rest)),
      settledBy: "2 minutes more of capture: a repeat of the \(side)'s FIN shows that the ACK was "
        + "lost, silence that it came")
  }

  /// What it means that no repeat of a FIN came in the rest of the capture (nanoseconds).
  private func silence(_ rest: Int64) -> String {
    // A repeat comes after some 200 ms at the earliest.
    guard rest > 200 * .nanosecondsPerMillisecond else {
      return
        "The capture ends \(rest > 0 ? "\(Wording.duration(rest)) later" : "with it"), too soon "
        + "for a repeat of that FIN."
    }
    return "In the \(Wording.duration(rest)) of capture after it, the FIN was not repeated."
  }
}
