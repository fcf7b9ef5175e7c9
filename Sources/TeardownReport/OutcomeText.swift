internal import TCPTeardown

/// The outcome and the TIME-WAITs of a flow in plain words.
extension FlowRecord {
  /// What became of the connection, in one sentence without its full stop.
  var outcomeText: String {
    let by = teardown.reset?.by.name
    return switch teardown.outcome {
    case .refused: "refused: the server's host answered the SYN with a RST"
    case .unreachable: "unreachable: the SYN met an ICMP error"
    case .unanswered: unansweredText
    case .reset:
      by.map { "reset by the \($0) before both sides had closed" }
        ?? "reset before both sides had closed"
    case .simultaneous: "simultaneous: both sides closed at once, and both FINs were acknowledged"
    case .orderly: "orderly: both sides closed, and both FINs were acknowledged"
    case .closing: closingText
    case .partial: "partial: too little was captured to tell how it ended"
    case .open: "open: nobody had closed it \(untilText)"
    }
  }

  private var unansweredText: String {
    let attempts = Int(handshake.synCount)
    let span = handshake.lastSYN.time.saturatingSubtracting(handshake.syn.time)
    let asked = attempts > 1 ? "\(attempts) SYNs in \(Wording.duration(span))" : "one SYN"
    // Seen on their way, as a capture near the server does, which proves no arrival.
    let answers = Int(handshake.synAckCount)
    guard answers > 0 else { return "unanswered: \(asked), and nothing came back" }
    return "unanswered: \(asked); the \(answers == 1 ? "SYN-ACK" : "\(answers) SYN-ACKs") "
      + "that came back met no ACK"
  }

  private var closingText: String {
    let closed = Side.allCases.filter { side in
      teardown.states[side].contains { [.finWait1, .lastAck].contains($0.state) }
    }
    guard closed.count == 1 else { return "closing: the close was not done \(untilText)" }
    guard packets[closed[0].peer] > 0 else {
      return "closing: the \(closed[0].name) had closed; "
        + "nothing of the \(closed[0].peer.name) was captured"
    }
    return "closing: the \(closed[0].name) had closed, the \(closed[0].peer.name) had not "
      + untilText
  }

  private var untilText: String {
    switch written {
    case .closed: "when it was last seen"
    case .superseded: "when a new connection took the same ports"
    case .captureEnd: "when the capture ended"
    case .evicted: "when it was dropped to make room"
    }
  }
}

extension Outcome {
  var ink: Ink { harm >= 40 ? .problem : harm >= 10 ? .caution : .strong }
}

extension Closer {
  var text: String {
    switch sides {
    case .client: "the client"
    case .server: "the server"
    case .both: "both: their FINs crossed"
    case .unknown: "unknown: the capture does not tell whose FIN was first"
    }
  }
}

extension TimeWait {
  /// Who held it, how long, and what ended it.
  func pieces(of record: FlowRecord) -> [Piece] {
    let entry = Wording.seconds(enteredAt.saturatingSubtracting(record.start))
    var pieces = [Piece("\(side.name) from \(entry),")]
    if restarts > 0 { pieces.append(Piece("restarted \(Wording.times(restarts)),")) }
    let length = Wording.duration(duration)
    let doubt = grade == .observed ? "" : "; entry \(grade.name)"
    switch endedBy {
    case .twoMSL:
      pieces += [
        Piece("for \(length)"), Piece("(\(endGrade.name): 2MSL of \(profile)\(doubt))", .dim),
      ]
    case .captureEnd:
      let left = Wording.tenths(max(0, duration - observedFor))
      pieces += [
        Piece("about \(left) to go" + (record.isFinal ? " when the capture ended" : "")),
        Piece("(\(endGrade.name): \(profile), \(length)\(doubt))", .dim),
      ]
    case .reuse:
      pieces += [
        Piece("for \(length), until a new connection took the same ports"),
        Piece("(\(endGrade.name)\(doubt))", .dim),
      ]
    case .reset:
      pieces += [
        Piece("for \(length), until a RST ended it"), Piece("(\(endGrade.name)\(doubt))", .dim),
      ]
    case .gone:
      pieces += [
        Piece("for at most \(length): a later segment met no socket"),
        Piece("(\(endGrade.name)\(doubt))", .dim),
      ]
    }
    return pieces
  }
}
