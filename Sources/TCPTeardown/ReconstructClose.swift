internal import PacketDecoding

/// R1, R3, R4, R6 to R8: both sides go through the close.
extension Reconstruction {
  mutating func moveThroughClose() {
    guard order != .none else { return }
    moveThroughClose(.client)
    moveThroughClose(.server)
  }

  /// What `side` goes through from its first or its peer's FIN on, in order.
  private mutating func moveThroughClose(_ side: Side) {
    let ownFIN = sendingOfFIN(by: side)
    var peerFIN = receipt(ofFINOf: side.peer)
    var ackOfFIN = receipt(ofAckOfFINOf: side)
    let comesSecond = order == .first(side.peer)
    if let own = ownFIN {
      // By proof the peer's FIN had come before, or had not: estimates must not say otherwise.
      if let other = peerFIN {
        peerFIN?.time = comesSecond ? min(other.time, own.time) : max(other.time, own.time)
      }
      if let ack = ackOfFIN { ackOfFIN?.time = max(ack.time, own.time) }
    }
    if comesSecond {
      enter(side, .receiveFIN, peerFIN)
      enter(side, .sendFIN, ownFIN)
      enter(side, .receiveAckOfFIN, ackOfFIN)
      return
    }
    if let other = peerFIN, let place = other.copy, covers(place, finOf: side),
      other.time < ackOfFIN?.time ?? .max
    {
      // The FIN that got through carried the acknowledgment too: it came with it, if not before.
      ackOfFIN = Receipt(
        time: other.time, grade: other.grade, frames: Frames(evidence[place].frame),
        earliest: other.earliest, latest: other.latest, copy: place)
    }
    enter(side, .sendFIN, ownFIN)
    if let other = peerFIN, let ack = ackOfFIN, other.time < ack.time {
      enter(side, .receiveFIN, other)
      enter(side, .receiveAckOfFIN, ack)
    } else {
      enter(side, .receiveAckOfFIN, ackOfFIN)
      enter(side, .receiveFIN, peerFIN)
    }
  }

  /// Puts `side` through `event`, if it came and RFC 9293 has that arrow from where it is.
  private mutating func enter(_ side: Side, _ event: Event, _ receipt: Receipt?) {
    guard let receipt else { return }
    if event == .sendFIN { skipEstablished(side, before: receipt.time) }
    guard let state = lastState(of: side)?.next(on: event) else { return }
    let last = record.teardown.states[side].count - 1
    enter(
      StateInterval(
        state: state, enteredAt: receipt.time, grade: grade(of: receipt, of: side, to: state),
        rule: rule(entering: state), frames: receipt.frames,
        earliest: event == .sendFIN
          ? record.teardown.states[side][last].enteredAt : receipt.earliest,
        latest: receipt.latest), by: side)
  }

  /// A server that answers data in a SYN may close before the handshake is done: Figure 5 has an
  /// arrow from SYN-RECEIVED to FIN-WAIT-1.
  private mutating func skipEstablished(_ side: Side, before time: Int64) {
    guard facts.handshake.payloadInSYN > 0 else { return }
    let states = record.teardown.states[side]
    guard states.count == 2, states[0].state == .synReceived, states[1].state == .established,
      states[1].enteredAt > time
    else { return }
    record.teardown.states[side].removeLast()
    record.teardown.states[side][0].leftAt = nil
  }

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
  private func grade(of receipt: Receipt, of side: Side, to state: State) -> Grade {
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

  /// The sending of a side's FIN as a receipt by nobody: when it left at the latest.
  private func sendingOfFIN(by side: Side) -> Receipt? {
    guard let first = firstCopy(ofFINOf: side), let time = finSent(by: side) else { return nil }
    let behind = segmentBehindFIN(of: side)
    var frames = Frames(evidence[first].frame)
    if let behind { frames.add(evidence[behind].frame) }
    // Far from the sender, what looks like the first copy may be a repeat. And a FIN that carries
    // payload waited for that payload to go: CLOSE was called some time before.
    let isSure = behind == nil && vantage.isNear(side) && evidence[first].payloadLength == 0
    return Receipt(
      time: time, grade: isSure ? .observed : .inferred, frames: frames,
      earliest: nil, latest: time, copy: first)
  }
}
