internal import PacketDecoding

/// R1, R3, R4, R6 to R8: both sides go through the close.
extension Reconstruction {
  mutating func moveThroughClose() {
    guard order != .none else { return }
    if let oneDirection {
      moveByNumbers(oneDirection)
      return
    }
    moveThroughClose(.client)
    moveThroughClose(.server)
  }

  /// What `side` goes through from its first or its peer's FIN on, in order.
  mutating func moveThroughClose(_ side: Side) {
    let ownFIN = sendingOfFIN(by: side)
    var peerFIN = receipt(ofFINOf: side.peer)
    var ackOfFIN = receipt(ofAckOfFINOf: side).arrival
    let comesSecond = order == .first(side.peer)
    if ownFIN.isKnown {
      // By proof the peer's FIN had come before, or had not: estimates must not say otherwise.
      let own = ownFIN.time
      if peerFIN.isKnown {
        peerFIN.arrival.time =
          comesSecond ? min(peerFIN.arrival.time, own) : max(peerFIN.arrival.time, own)
      }
      if ackOfFIN.isKnown { ackOfFIN.time = max(ackOfFIN.time, own) }
    }
    if comesSecond {
      enter(side, .receiveFIN, peerFIN.arrival)
      enter(side, .sendFIN, ownFIN)
      enter(side, .receiveAckOfFIN, ackOfFIN)
      return
    }
    if let place = peerFIN.copy, covers(place, finOf: side),
      !ackOfFIN.isKnown || peerFIN.arrival.time < ackOfFIN.time
    {
      // The FIN that got through carried the acknowledgment too: it came with it, if not before.
      ackOfFIN = peerFIN.arrival
      ackOfFIN.frames = Frames(evidence[place].frame)
    }
    enter(side, .sendFIN, ownFIN)
    if peerFIN.isKnown, ackOfFIN.isKnown, peerFIN.arrival.time < ackOfFIN.time {
      enter(side, .receiveFIN, peerFIN.arrival)
      enter(side, .receiveAckOfFIN, ackOfFIN)
    } else {
      enter(side, .receiveAckOfFIN, ackOfFIN)
      enter(side, .receiveFIN, peerFIN.arrival)
    }
  }

  /// Puts `side` through `event`, if it came and RFC 9293 has that arrow from where it is.
  mutating func enter(_ side: Side, _ event: Event, _ estimate: Estimate) {
    guard estimate.isKnown else { return }
    if event == .sendFIN, facts.handshake.payloadInSYN > 0 {
      skipEstablished(side, before: estimate.time)
    }
    guard let state = lastState(of: side)?.next(on: event) else { return }
    var entry = estimate
    entry.grade = grade(of: estimate, of: side, to: state)
    if event == .sendFIN { entry.earliest = record.teardown.states[side].last?.enteredAt }
    enter(side, state, entry, rule(entering: state))
  }

  /// A server that answers data in a SYN may close before the handshake is done: Figure 5 has an
  /// arrow from SYN-RECEIVED to FIN-WAIT-1.
  private mutating func skipEstablished(_ side: Side, before time: Int64) {
    let states = record.teardown.states[side]
    guard states.count == 2, states[0].state == .synReceived, states[1].state == .established,
      states[1].enteredAt > time
    else { return }
    record.teardown.states[side].removeLast()
  }

  @inline(__always)
  private func rule(entering state: State) -> Rule {
    switch state {
    case .finWait1: .fin
    case .closeWait: .finReceived
    case .closing: .finsCrossed
    case .finWait2: .finAcknowledged
    case .timeWait: order.isCrossed ? .finsCrossed : .finInOrder
    case .lastAck, .closed: .passiveClose
    default: .handshake
    }
  }

  /// A mid-flow start where either side may have been first leaves the states open too.
  @inline(__always)
  private func grade(of receipt: Estimate, of side: Side, to state: State) -> Grade {
    if record.teardown.closedBy?.sides == .unknown { return .unknown }
    if state == .closed, isProvenGone(side, after: receipt.time) { return .observed }
    // Silence proves that a last ACK arrived only when all repeats would have come (R8).
    if state == .closed, facts.until - receipt.time < 120 * .nanosecondsPerSecond {
      return min(receipt.grade, .inferred)
    }
    return receipt.grade
  }

  /// R8: `side` answered something later as who has no socket, or took the tuple's next connection.
  private func isProvenGone(_ side: Side, after time: Int64) -> Bool {
    let proofs = kinds.ofNext & kinds.syns | (kinds.resets - kinds.acks - kinds.ofNext)
    return (kinds.by[side] & proofs).contains { sent(evidence[$0].time, by: side) >= time }
  }

  /// When the FIN of `side` left, at the latest; `Estimate.none` where it sent none.
  @inline(__always)
  func sendingOfFIN(by side: Side) -> Estimate {
    guard let first = firstCopy(ofFINOf: side), let time = finSent(by: side) else { return .none }
    let behind = segmentBehindFIN(of: side)
    var frames = Frames(evidence[first].frame)
    if let behind { frames.add(evidence[behind].frame) }
    // Far from the sender, what looks like the first copy may be a repeat. And a FIN that carries
    // payload waited for that payload to go: CLOSE was called some time before.
    let isSure = behind == nil && vantage.isNear(side) && evidence[first].payloadLength == 0
    return Estimate(
      time: time, grade: isSure ? .observed : .inferred, frames: frames, latest: time)
  }
}
