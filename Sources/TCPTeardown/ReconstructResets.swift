internal import PacketDecoding

/// R10, R12, R13, R15, R18, R20: what the RSTs of a flow did.
extension Reconstruction {
  mutating func applyResets() {
    for place in evidence.indices where evidence[place].isReset {
      if evidence[place].isOfNextIncarnation {
        applyResetOfHalfOpen(place)
      } else if facts.handshake.syn.isKnown, !isAnsweredSYN(before: evidence[place]) {
        applyResetOfSYN(place)
      } else if isResetOfLateSYNAck(place) {
        applyResetOfLateSYNAck(place)
      } else {
        applyReset(place)
      }
    }
  }

  /// The next connection's SYN met this one half-open: its bare ACK drew a RST that ended it (R18).
  ///
  /// RFC 9293 Figure 9: whoever connects again has no socket of the old connection.
  private mutating func applyResetOfHalfOpen(_ place: Int) {
    let reset = evidence[place]
    let holder = reset.side.peer
    let arrival = received(reset.time, by: holder)
    guard
      let syn = evidence[..<place].last(where: { $0.isOfNextIncarnation && $0.flags.isOpening }),
      syn.side == reset.side,
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
    if result.reset == nil {
      let answer = oldAcknowledgment(answeredBy: reset)
      result.reset = ResetVerdict(
        by: reset.side, cause: .peerGone, grade: .observed,
        frames: Frames(answer?.frame ?? 0, reset.frame), values: [])
    }
  }

  /// Whether the flow was past its first SYN when a RST came.
  private func isAnsweredSYN(before reset: Observation) -> Bool {
    let handshake = facts.handshake
    return (handshake.synAck.isKnown && handshake.synAck.time <= reset.time)
      || (handshake.ack.isKnown && handshake.ack.time <= reset.time)
      || handshake.crossedSYN.isKnown
      // The handshake may be missing where the close was captured.
      || state(of: .client, at: received(reset.time, by: .client)) == .timeWait
  }

  /// A server's RST refuses the SYN; a client's answers an acknowledgment of old numbers (R18).
  private mutating func applyResetOfSYN(_ place: Int) {
    let reset = evidence[place]
    guard reset.side == .server else {
      if facts.metTimeWait, oldAcknowledgment(answeredBy: reset) != nil {
        note(place, by: .client, cause: .timeWaitRefusal, grade: .observed)
      }
      return
    }
    let arrival = received(reset.time, by: .client)
    let goesOn = evidence.contains {
      $0.side == .client && $0.flags.contains(.syn)
        && sent($0.time, by: .client) > arrival + vantage.jitter
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
  private func oldAcknowledgment(answeredBy reset: Observation) -> Observation? {
    evidence.first {
      $0.side == reset.side.peer && !$0.isReset && !$0.isICMPError && $0.time <= reset.time
        && $0.flags.contains(.ack) && !$0.flags.contains(.syn)
        && $0.acknowledgmentNumber == reset.sequenceNumber
    }
  }

  /// A client that never acknowledged the SYN-ACK answers it with a RST without ACK (R20).
  private func isResetOfLateSYNAck(_ place: Int) -> Bool {
    let reset = evidence[place]
    return reset.side == .client && !reset.flags.contains(.ack) && facts.handshake.syn.isKnown
      && !facts.handshake.ack.isKnown
      && reset.sequenceNumber == facts.handshake.initialNumbers.client + 1
        + facts.handshake.payloadInSYN
      && !Side.allCases.contains { state(of: $0, at: received(reset.time, by: $0)) == .timeWait }
  }

  private mutating func applyResetOfLateSYNAck(_ place: Int) {
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
    if result.reset == nil {
      addConnectTimeout(guess - facts.handshake.syn.time, grade: .observed)
    }
    note(place, by: .client, cause: .synGaveUp, grade: .observed)
  }

  /// A RST on a connection that was open, or closing.
  private mutating func applyReset(_ place: Int) {
    let reset = evidence[place]
    let sender = reset.side
    let receiver = sender.peer
    guard isAcceptable(reset) else {
      report(
        Finding(
          .resetIgnored, side: receiver, grade: .inferred, frames: Frames(reset.frame),
          count: Int(reset.count),
          values: [NamedValue("reason", .word("its number is not the one expected"))]))
      return
    }
    // What it answers had come before it left, whatever the estimates of the way say.
    let answered = offendingSegment(of: place).map { received(evidence[$0].time, by: sender) }
    var left = max(sent(reset.time, by: sender), answered ?? .min)
    // What drew a RST with the FIN's own number came before any acknowledgment of that FIN.
    if !reset.flags.contains(.ack), reset.sequenceNumber == fin[sender],
      let acknowledged = receipt(ofAckOfFINOf: sender)
    {
      left = min(left, acknowledged.time - 1)
    }
    let arrival = received(reset.time, by: receiver)
    let senderState = state(of: sender, at: left)
    // What is closed cannot go on: old copies that the network still holds are not its doing.
    if senderState != .closed, goesOnSending(sender, after: place) {
      report(
        Finding(
          .resetSuspect, side: sender, grade: .inferred, frames: Frames(reset.frame),
          values: [NamedValue("reason", .word("its sender goes on"))]))
      return
    }
    let receiverState = state(of: receiver, at: arrival)
    addSuspicion(of: reset)
    let wasDone = bothFINsAcknowledged(before: reset.time)
    closeSender(of: place, in: senderState, at: left)
    let isLost = goesOnSendingData(receiver, after: arrival)
    var changed = senderState != .closed && senderState != nil
    if receiverState != .closed, receiverState != .timeWait, !isLost {
      receiveFINBeforeReset(place, at: arrival)
      closeReceiver(of: place, at: arrival)
      changed = true
    }
    if isLost {
      report(
        Finding(
          .resetIgnored, side: receiver, grade: .observed, frames: Frames(reset.frame),
          values: [NamedValue("reason", .word("the receiver goes on"))]))
    }
    if changed, !wasDone { isResetEarly = true }
    if changed || !reset.flags.contains(.ack) {
      note(place, by: sender, cause: cause(of: place, senderState: senderState), grade: nil)
    }
  }

  private func isFromElsewhere(_ reset: Observation) -> Bool {
    let usual = facts.timeToLives[reset.side]
    return usual != 0 && reset.timeToLive != usual
  }

  /// A RST with another TTL than its sender's first segment came another way, or from elsewhere.
  private mutating func addSuspicion(of reset: Observation) {
    guard isFromElsewhere(reset) else { return }
    let usual = facts.timeToLives[reset.side]
    report(
      Finding(
        .resetSuspect, side: reset.side, grade: .inferred, frames: Frames(reset.frame),
        values: [
          NamedValue("reason", .word("another TTL than its side's")),
          NamedValue("ttl", .count(Int(reset.timeToLive))),
          NamedValue("usualTTL", .count(Int(usual))),
        ]))
  }

  /// R12: the RST closes whoever receives it.
  private mutating func closeReceiver(of place: Int, at arrival: Int64) {
    let reset = evidence[place]
    let receiver = reset.side.peer
    // Repeats that had stopped long before show that the receiver was not there any more.
    if giveUpClosing(receiver, before: arrival) { return }
    // A host that has long been silent may have given up before the RST came.
    let alive = lastProofOfLife(of: receiver, before: place)
    let isSilent = arrival - alive > .nanosecondsPerSecond
    close(
      receiver, on: .reset, at: arrival, grade: .inferred, rule: .resetReceived,
      frames: Frames(reset.frame), earliest: isSilent ? alive : reset.time,
      latest: arrival + vantage.jitter)
  }

  /// A RST that counts behind its sender's FIN shows that the FIN had come, acknowledged or not.
  private mutating func receiveFINBeforeReset(_ place: Int, at arrival: Int64) {
    let sender = evidence[place].side
    let receiver = sender.peer
    guard let copy = firstCopy(ofFINOf: sender), copy < place,
      firstCover(ofFINOf: sender).map({ evidence[$0].time > evidence[place].time }) ?? true
    else { return }
    let time = received(evidence[copy].time, by: receiver)
    guard time <= arrival, state(of: receiver, at: time) == result.states[receiver].last?.state
    else { return }
    let next = result.states[receiver].last?.state.next(on: .receiveFIN)
    // Without an acknowledgment of that FIN there is no TIME-WAIT to tell of (R6).
    if next == .timeWait { return }
    move(
      receiver, .receiveFIN, at: time, grade: .inferred,
      rule: next == .closing ? .finsCrossed : .finReceived,
      frames: Frames(evidence[copy].frame, evidence[place].frame), earliest: time,
      latest: arrival)
  }

  /// R10, R13, R15: what its own RST says of the side that sent it.
  private mutating func closeSender(of place: Int, in state: State?, at time: Int64) {
    let reset = evidence[place]
    let sender = reset.side
    switch state {
    case .closed, .timeWait, nil: return
    case .finWait2 where !reset.flags.contains(.ack) && answersFIN(place):
      // An orphan whose time was over: nothing on the wire tells when that was.
      let entered = result.states[sender].last { $0.enteredAt <= time }?.enteredAt ?? time
      let limit = entered + options.profile.finWait2
      close(
        sender, on: .delete, at: min(limit, time), grade: limit <= time ? .assumed : .unknown,
        rule: .orphanExpired, frames: limit <= time ? Frames() : Frames(reset.frame),
        earliest: lastProofOfLife(of: sender, before: place), latest: time)
    case .finWait1 where !reset.flags.contains(.ack) && answersFIN(place):
      // It had given up repeating its FIN (R16).
      close(
        sender, on: .delete, at: time, grade: .inferred, rule: .gaveUp,
        frames: Frames(reset.frame), earliest: lastProofOfLife(of: sender, before: place),
        latest: time)
    case .established where !reset.flags.contains(.ack):
      // Without ACK it answers for a socket that is gone since some time before (R10).
      close(
        sender, on: .reset, at: time, grade: .inferred, rule: .noSocket,
        frames: Frames(reset.frame), earliest: lastProofOfLife(of: sender, before: place),
        latest: time)
    case .finWait2 where !reset.flags.contains(.ack):
      // An orphan that met data, or one whose time was over already.
      close(
        sender, on: .reset, at: time, grade: .inferred, rule: .dataAfterFIN,
        frames: Frames(reset.frame), earliest: lastProofOfLife(of: sender, before: place),
        latest: time)
    default:
      close(
        sender, on: .reset, at: time, grade: isFromElsewhere(reset) ? .inferred : .observed,
        rule: state == .finWait1 ? .dataAfterFIN : .resetSent, frames: Frames(reset.frame))
    }
  }

  /// Whether a RST without ACK answers a FIN that carried no payload.
  func answersFIN(_ place: Int) -> Bool {
    let offender = offendingSegment(of: place)
    return offender.map { evidence[$0].isFIN && evidence[$0].payloadLength == 0 } ?? false
  }

  /// The segment of the other side that a RST without ACK answers: it acknowledged just the RST's
  /// sequence number (RFC 9293 §3.5.2).
  func offendingSegment(of place: Int) -> Int? {
    let reset = evidence[place]
    guard !reset.flags.contains(.ack) else { return nil }
    let candidates = evidence[..<place].indices.filter {
      evidence[$0].side == reset.side.peer && evidence[$0].flags.contains(.ack)
        && !evidence[$0].isReset && !evidence[$0].isICMPError
        && evidence[$0].acknowledgmentNumber == reset.sequenceNumber
    }
    // Of several with the same acknowledgment each draws its RST: those are in the same order.
    let asking = candidates.filter {
      evidence[$0].end != evidence[$0].sequenceNumber
        && reset.lastAcks[reset.side].precedes(evidence[$0].end)
    }
    guard let first = asking.first else { return candidates.last }
    let earlier = evidence[first..<place].filter {
      $0.isReset && $0.side == reset.side && $0.sequenceNumber == reset.sequenceNumber
        && !$0.flags.contains(.ack)
    }.count
    return asking[min(earlier, asking.count - 1)]
  }

  /// When `side` is last known to have been there before a RST came: at the side.
  private func lastProofOfLife(of side: Side, before place: Int) -> Int64 {
    let reset = evidence[place]
    var last = result.states[side].last { $0.enteredAt <= reset.time }?.enteredAt ?? facts.start
    let payload = facts.closing.lastPayloads[side]
    if payload.isKnown { last = max(last, sent(min(payload.time, reset.time), by: side)) }
    for segment in evidence[..<place]
    where segment.side == side && !segment.isReset && !segment.isICMPError
      && !segment.isOfNextIncarnation
    {
      last = max(last, sent(segment.time, by: side))
    }
    return last
  }

  /// R12: whether the RST has the number that its receiver expects.
  private func isAcceptable(_ reset: Observation) -> Bool {
    let sender = reset.side
    let number = reset.sequenceNumber
    guard reset.knowsNumbers(of: sender) else { return true }
    if number == reset.nextNumbers[sender] || number == facts.next[sender]
      || number == reset.lastAcks[sender.peer] || number == fin[sender]
    {
      return true
    }
    return evidence.contains {
      $0.side == sender.peer && $0.flags.contains(.ack) && !$0.isReset && !$0.isICMPError
        && $0.time <= reset.time && $0.acknowledgmentNumber == number
    }
  }

  /// R13: a side that has sent a RST of its own sends nothing else afterwards.
  private func goesOnSending(_ side: Side, after place: Int) -> Bool {
    evidence[(place + 1)...].contains {
      $0.side == side && !$0.isReset && !$0.isICMPError && !$0.isOfNextIncarnation
        && $0.time > evidence[place].time
    }
  }

  /// R12: data or a FIN that leaves `side` when the RST should long have come shows it lost.
  ///
  /// So does a RST with ACK: an abort by a socket that is still there.
  private func goesOnSendingData(_ side: Side, after arrival: Int64) -> Bool {
    evidence.contains {
      $0.side == side && !$0.isICMPError && !$0.isOfNextIncarnation
        && ($0.isReset ? $0.flags.contains(.ack) : $0.payloadLength > 0 || $0.isFIN)
        && sent(max($0.time, $0.lastTime), by: side) > arrival + vantage.jitter
    }
  }

  /// Whether either FIN was acknowledged by a segment that is no RST, up to `time`.
  func bothFINsAcknowledged(before time: Int64) -> Bool {
    Side.allCases.allSatisfy { side in
      evidence.contains { covers($0, finOf: side) && !$0.isReset && $0.time <= time }
    }
  }
}
