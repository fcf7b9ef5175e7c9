internal import PacketDecoding

/// R12, R18, R20: RSTs around a handshake, be it the next connection's.
extension Reconstruction {
  /// The next connection's SYN met this one half-open: its bare ACK drew a RST that ended it (R18).
  ///
  /// RFC 9293 Figure 9: whoever connects again has no socket of the old connection.
  mutating func applyResetOfHalfOpen(_ place: Int) {
    let reset = evidence[place]
    let holder = reset.side.peer
    let arrival = received(reset.time, by: holder)
    guard
      let syn = kinds.nextSYNs.before(place).last.map({ evidence[$0] }), syn.side == reset.side,
      // The number is the old connection's next: its bare ACK asked for it.
      reset.sequenceNumber == facts.next[reset.side],
      let held = state(of: holder, at: arrival), held != .timeWait, held != .closed
    else { return }
    closeReceiver(of: place, at: arrival)
    let latest = sent(syn.time, by: reset.side)
    if let gone = state(of: reset.side, at: latest), gone != .timeWait, gone != .closed {
      close(
        reset.side, on: .delete, at: latest, grade: .inferred, rule: .noSocket,
        frames: Frames(syn.frame, reset.frame),
        earliest: lastProofOfLife(of: reset.side, before: place), latest: latest)
    }
    isResetEarly = true
    if record.teardown.reset == nil {
      let answer = oldAcknowledgment(answeredBy: reset)
      record.teardown.reset = ResetVerdict(
        by: reset.side, cause: .peerGone, grade: .observed,
        frames: Frames(answer?.frame ?? 0, reset.frame), values: [])
    }
  }

  /// Whether the flow was past its first SYN when a RST came.
  func isAnsweredSYN(before reset: Observation) -> Bool {
    let handshake = facts.handshake
    return (handshake.synAck.isKnown && handshake.synAck.time <= reset.time)
      || (handshake.ack.isKnown && handshake.ack.time <= reset.time)
      || handshake.crossedSYN.isKnown
      // The handshake may be missing where the close was captured.
      || state(of: .client, at: received(reset.time, by: .client)) == .timeWait
  }

  /// A server's RST refuses the SYN; a client's answers an acknowledgment of old numbers (R18).
  mutating func applyResetOfSYN(_ place: Int) {
    let reset = evidence[place]
    guard reset.side == .server else {
      if facts.metTimeWait, oldAcknowledgment(answeredBy: reset) != nil {
        note(place, by: .client, cause: .timeWaitRefusal, grade: .observed)
      }
      return
    }
    let arrival = received(reset.time, by: .client)
    let goesOn = (kinds.by.client & kinds.syns).contains {
      sent(evidence[$0].time, by: .client) > arrival + vantage.jitter
    }
    guard reset.flags.contains(.ack), !goesOn else { return }
    let isn = facts.handshake.initialNumbers.client
    let asked = reset.acknowledgmentNumber - (isn + 1)
    guard asked == 0 || asked == Int32(truncatingIfNeeded: facts.handshake.payloadInSYN) else {
      report(
        Finding(
          .resetIgnored, side: .client, grade: .inferred, frames: Frames(reset.frame),
          values: [NamedValue("reason", .word("its number is not the one expected"))]))
      return
    }
    close(
      .client, on: .reset, at: arrival, grade: .inferred, rule: .resetReceived,
      frames: Frames(reset.frame))
    note(place, by: .server, cause: .refused, grade: .observed)
  }

  /// The bare ACK of old numbers, sent before the SYN-ACK, that a client's RST answers.
  func oldAcknowledgment(answeredBy reset: Observation) -> Observation? {
    let answers = kinds.by[reset.side.peer] & kinds.acks - kinds.resets - kinds.syns
    let last = answers.last {
      evidence[$0].time <= reset.time
        && evidence[$0].acknowledgmentNumber == reset.sequenceNumber
    }
    return last.map { evidence[$0] }
  }

  /// A client that never acknowledged the SYN-ACK answers it with a RST without ACK (R20).
  func isResetOfLateSYNAck(_ place: Int) -> Bool {
    let reset = evidence[place]
    return reset.side == .client && !reset.flags.contains(.ack) && facts.handshake.syn.isKnown
      && !facts.handshake.ack.isKnown
      && reset.sequenceNumber == facts.handshake.initialNumbers.client + 1
        + facts.handshake.payloadInSYN
      && !Side.allCases.contains { state(of: $0, at: received(reset.time, by: $0)) == .timeWait }
  }

  mutating func applyResetOfLateSYNAck(_ place: Int) {
    let reset = evidence[place]
    let last = sent(facts.handshake.lastSYN.time, by: .client)
    let due = nextSYN(after: facts.handshake.lastSYN.time - facts.handshake.syn.time)
    let latest = min(
      sent(reset.time, by: .client),
      due.map { sent(facts.handshake.syn.time + $0.latest, by: .client) } ?? .max)
    let guess = connectTimeout(from: last, to: latest) ?? latest
    close(
      .client, on: .delete, at: guess, grade: .inferred, rule: .unansweredSYN,
      frames: Frames(reset.frame), earliest: last, latest: latest)
    closeReceiver(of: place, at: received(reset.time, by: .server))
    if record.teardown.reset == nil {
      addConnectTimeout(guess - facts.handshake.syn.time, grade: .observed)
    }
    note(place, by: .client, cause: .synGaveUp, grade: .observed)
  }
}
