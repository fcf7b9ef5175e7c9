internal import PacketDecoding
internal import TCPTeardown

/// R0, R20, R23 and R25: how a connection came about, or did not.
extension Explanation {
  func opening(_ move: Move) -> Reason {
    switch (move.from?.state, move.to.state) {
    case (_, .synSent): sendingOfSYN(move)
    case (nil, .synReceived): sendingOfSYNAck(move)
    case (_, .synReceived): crossedSYN(move)
    default: move.side == .client ? openingOfClient(move) : openingOfServer(move)
    }
  }

  private func sendingOfSYN(_ move: Move) -> Reason {
    let handshake = record.handshake
    let frame = move.to.frames[0]
    if move.side == .server {
      return Reason("The server sent a SYN of its own (frame \(frame)): both sides opened at once.")
    }
    guard handshake.syn.isKnown else {
      return Reason(
        "No SYN was captured; the SYN-ACK (frame \(frame)) answers one that the client sent "
          + "before the capture began.",
        settledBy: "a capture that begins before the connection")
    }
    let repeats =
      repeated(handshake.synCount, last: handshake.lastSYN).map { ", and repeated it \($0)" } ?? ""
    guard !move.isObserved else {
      return Reason("The client sent a SYN (frame \(frame))\(repeats).")
    }
    return Reason(
      "The client had sent a SYN (frame \(frame))\(repeats). "
        + "\(distance(from: .client)): an earlier SYN may have been lost on its way there.",
      settledBy: "a capture next to the client, which shows its first SYN")
  }

  private func sendingOfSYNAck(_ move: Move) -> Reason {
    let handshake = record.handshake
    let frame = move.to.frames[0]
    guard handshake.synAck.isKnown else {
      return Reason(
        "No SYN-ACK was captured, but the client acknowledged one (frame \(handshake.ack.frame)): "
          + "the SYN (frame \(frame)) had reached the server.",
        settledBy: "a capture that sees what the server sends")
    }
    let repeats =
      repeated(handshake.synAckCount, last: handshake.lastSYNAck).map {
        ", and repeated that \($0)"
      }
      ?? ""
    return Reason(
      "The server answered the SYN with a SYN-ACK (frame \(frame))\(repeats).",
      settledBy: move.isObserved ? nil : Self.bothDirections)
  }

  /// How often, and in which frame last, something was sent again; nil where it was not.
  private func repeated(_ count: UInt16, last: Mark) -> String? {
    switch count {
    case 0, 1: nil
    case 2: "in frame \(last.frame)"
    default: "\(Wording.times(Int(count) - 1)), the last time in frame \(last.frame)"
    }
  }

  private func crossedSYN(_ move: Move) -> Reason {
    if move.isObserved {
      return Reason(
        "The \(move.side.name)'s SYN-ACK (frame \(move.to.frames.array.last ?? 0)) answers the "
          + "\(move.side.peer.name)'s SYN (frame \(move.to.frames[0])): both sides opened at once.")
    }
    return Reason(
      "The \(move.side.peer.name)'s SYN (frame \(move.to.frames[0])) should have reached the "
        + "\(move.side.name) here, whose own SYN was on its way: both sides opened at once.",
      settledBy: closerLook(at: move.side, "when that SYN came"))
  }

  private func openingOfClient(_ move: Move) -> Reason {
    let handshake = record.handshake
    let frame = move.to.frames[0]
    if handshake.crossedSYN.isKnown { return openingAtOnce(move) }
    guard frame == handshake.ack.frame else {
      return Reason(
        "The capture ends too soon after the SYN-ACK (frame \(frame)) for an answer; it should "
          + "have reached the client here.",
        settledBy: "the client's next segment: an ACK shows that the SYN-ACK came, a repeated SYN "
          + "that it did not")
    }
    if move.isObserved {
      return Reason("The client acknowledged the SYN-ACK (frame \(frame)), so that had come.")
    }
    if capturedSide == .client {
      return Reason(
        "The client acknowledged a SYN-ACK (frame \(frame)), which was not captured, so that had "
          + "come by then.",
        settledBy: Self.bothDirections)
    }
    return Reason(
      "The client acknowledged the SYN-ACK (frame \(frame)); as that had been repeated, an earlier "
        + "ACK may have been lost before it came to the capture.",
      settledBy: "a capture next to the client, which shows its first ACK")
  }

  private func openingOfServer(_ move: Move) -> Reason {
    let handshake = record.handshake
    let frame = move.to.frames[0]
    if handshake.crossedSYN.isKnown { return openingAtOnce(move) }
    if move.isObserved {
      return Reason(
        "The client's ACK (frame \(frame)) had come: the server's next segment (frame "
          + "\(nextOfServer ?? 0)) is no SYN-ACK any more.")
    }
    if handshake.synAckCount > 1, handshake.lastSYNAck.time > handshake.ack.time {
      return Reason(
        "The client's ACK (frame \(frame)) was lost, for the server repeated its SYN-ACK (frame "
          + "\(handshake.lastSYNAck.frame)); the ACK of the repeat should have come here.",
        settledBy: closerLook(at: .server, "the ACK that came"))
    }
    return Reason(
      "The client's ACK (frame \(frame)) should have reached the server here; nothing that the "
        + "server sent since shows it.",
      settledBy:
        "the server's next segment: a repeated SYN-ACK shows that the ACK was lost, any other "
        + "that it came")
  }

  /// What the server sent behind its SYN-ACK first, be it an abort.
  var nextOfServer: Int? {
    let spoke = record.handshake.serverSpoke
    let abort = evidence.first {
      $0.isReset && $0.side == .server && $0.flags.contains(.ack) && !$0.isOfNextIncarnation
        && $0.time >= record.handshake.ack.time
    }
    if let abort, !spoke.isKnown || abort.time < spoke.time { return abort.frame }
    return spoke.isKnown ? spoke.frame : nil
  }

  private func openingAtOnce(_ move: Move) -> Reason {
    if move.isObserved {
      return Reason(
        "The \(move.side.name) went on with frame \(move.to.frames.array.last ?? 0): the answer to "
          + "its SYN (frame \(move.to.frames[0])) had come.")
    }
    return Reason(
      "The answer to the \(move.side.name)'s SYN (frame \(move.to.frames[0])) should have reached "
        + "it here.",
      settledBy: closerLook(at: move.side, "when that answer came"))
  }

  func middleOfConnection(_ move: Move) -> Reason {
    let isMidstream = finding(.midstream) != nil
    return Reason(
      isMidstream
        ? "The connection was open when the capture began: the \(move.side.name) is taken to have "
          + "been so from the first frame on."
        : "Nothing shows how the \(move.side.name) opened, but the connection was in use.",
      settledBy: isMidstream
        ? "a capture that begins before the connection"
        : "a capture that sees what the \(move.side.name) sends")
  }

  func unansweredSYN(_ move: Move) -> Reason {
    let handshake = record.handshake
    let isKernels = finding(.connectTimeout)?.values.word("schedule") == "kernel"
    let guess =
      isKernels
      ? "the time at which the next was due is the best guess"
      : "the round number of seconds that fits is the best guess"
    let settledBy =
      "the error that the client's connect() gave: ETIMEDOUT means that its kernel gave up, any "
      + "other that its program did"
    if let reset = held(move.to.frames[0]), reset.isReset {
      return Reason(
        "The client answered the SYN-ACK (frame \(handshake.synAck.frame)) with a RST (frame "
          + "\(reset.frame)): it had stopped connecting after its last SYN (frame "
          + "\(handshake.lastSYN.frame)); \(guess).",
        settledBy: settledBy)
    }
    let due = move.to.latest.map { ", due by \(relative($0))," } ?? ""
    return Reason(
      "No answer came to \(Wording.count(Int(handshake.synCount), "SYN")), the last in frame "
        + "\(move.to.frames[0]). The next\(due) was not sent, so the client had given up; \(guess).",
      settledBy: settledBy)
  }

  func icmpError(_ move: Move) -> Reason {
    let frame = move.to.frames[0]
    let number = Int(held(frame)?.acknowledgmentNumber.rawValue ?? 0)
    let isIPv6 = record.client.address.isIPv6
    let name = ICMPText.name(type: number >> 8, code: number & 0xFF, isIPv6: isIPv6)
    let isPort = number >> 8 == (isIPv6 ? 1 : 3) && number & 0xFF == (isIPv6 ? 4 : 3)
    let error = isPort ? "ECONNREFUSED" : "EHOSTUNREACH or ENETUNREACH"
    return Reason(
      "An ICMP error (frame \(frame)) quotes the SYN: \(name). It ends the attempt where it gets "
        + "through.",
      settledBy: "\(error) from the client's connect(), which shows that the ICMP error came, or "
        + "a repeated SYN, which shows that it did not")
  }
}
