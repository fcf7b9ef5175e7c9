internal import PacketDecoding

/// R10, R12, R13, R15, R18, R20: what the RSTs of a flow did.
extension Reconstruction {
  mutating func applyResets() {
    for place in kinds.resets {
      if kinds.ofNext.contains(place) {
        applyResetOfHalfOpen(place)
      } else if facts.handshake.syn.isKnown, !isAnsweredSYN(before: evidence[place]) {
        applyResetOfSYN(place)
      } else if refusalOfUnseenSYN != nil {
        applyRefusalOfUnseenSYN(place)
      } else if isResetOfLateSYNAck(place) {
        applyResetOfLateSYNAck(place)
      } else {
        applyReset(place)
      }
    }
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
    if !reset.flags.contains(.ack), reset.sequenceNumber == fin[sender] {
      let acknowledged = receipt(ofAckOfFINOf: sender).arrival
      if acknowledged.isKnown { left = min(left, acknowledged.time - 1) }
    }
    acknowledgeFINByReset(place, left: left)
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

  /// Whether what the receiver of a RST had sent before, which was not captured, is open: the RST
  /// answers it, or follows its silence, or comes while the connection is being opened.
  private func leavesReceiverOpen(_ reset: Observation) -> Bool {
    !reset.flags.contains(.ack) || reset.marks.contains(.afterStall)
      || lastState(of: reset.side.peer) == .synSent
      || lastState(of: reset.side.peer) == .synReceived
  }

  func isFromElsewhere(_ reset: Observation) -> Bool {
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
  mutating func closeReceiver(of place: Int, at arrival: Int64) {
    let reset = evidence[place]
    let receiver = reset.side.peer
    // Repeats that had stopped long before show that the receiver was not there any more.
    if giveUpClosing(receiver, before: arrival) { return }
    // A host that has long been silent may have given up before the RST came.
    let alive = lastProofOfLife(of: receiver, before: place)
    let isSilent = arrival - alive > .nanosecondsPerSecond
    // What its receiver had sent is unknown where only the sender was captured.
    let isBlind = oneDirection?.side == reset.side && leavesReceiverOpen(reset)
    close(
      receiver, on: .reset, at: arrival, grade: isBlind ? .unknown : .inferred,
      rule: .resetReceived,
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
    guard time <= arrival,
      state(of: receiver, at: time) == record.teardown.states[receiver].last?.state
    else { return }
    let next = record.teardown.states[receiver].last?.state.next(on: .receiveFIN)
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
      let entered = record.teardown.states[sender].last { $0.enteredAt <= time }?.enteredAt ?? time
      let limit = entered + options.profile.finWait2
      close(
        sender, on: .delete, at: min(limit, time), grade: limit <= time ? .assumed : .unknown,
        rule: .orphanExpired, frames: limit <= time ? Frames() : Frames(reset.frame),
        earliest: lastProofOfLife(of: sender, before: place), latest: time)
    case .finWait1 where !reset.flags.contains(.ack) && answersFIN(place):
      // It had given up repeating its FIN (R16), most likely when the next repeat would have been due.
      close(
        sender, on: .delete, at: min(time, givingUp(sender) ?? time), grade: .inferred,
        rule: .gaveUp,
        frames: Frames(reset.frame), earliest: lastProofOfLife(of: sender, before: place),
        latest: time)
    case .established where !reset.flags.contains(.ack):
      // Without ACK it answers for a socket that is gone since some time before (R10): since a RST
      // that came in between, be it that its sender goes on and somebody else sent it.
      let alive = lastProofOfLife(of: sender, before: place)
      let killer = (kinds.segments[sender.peer] & kinds.resets).before(place).first {
        isAcceptable(evidence[$0])
          && (alive...time).contains(received(evidence[$0].time, by: sender))
      }
      close(
        sender, on: .reset, at: killer.map { received(evidence[$0].time, by: sender) } ?? time,
        grade: .inferred, rule: .noSocket,
        frames: Frames(killer.map { evidence[$0].frame } ?? 0, reset.frame), earliest: alive,
        latest: time)
    case .finWait2 where !reset.flags.contains(.ack):
      // An orphan that met data, or one whose time was over already.
      close(
        sender, on: .reset, at: time, grade: .inferred, rule: .dataAfterFIN,
        frames: Frames(reset.frame), earliest: lastProofOfLife(of: sender, before: place),
        latest: time)
    case .synReceived where oneDirection != nil:
      // Whether the client's ACK had come before was not captured.
      close(
        sender, on: .reset, at: time, grade: .unknown, rule: .resetSent,
        frames: Frames(reset.frame), latest: time)
    default:
      close(
        sender, on: .reset, at: time, grade: isFromElsewhere(reset) ? .inferred : .observed,
        rule: state == .finWait1 ? .dataAfterFIN : .resetSent, frames: Frames(reset.frame))
    }
  }
}
