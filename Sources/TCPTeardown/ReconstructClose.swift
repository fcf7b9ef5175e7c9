/// R1, R3, R4, R6 to R8: both sides go through the close.
extension Reconstruction {
  /// A step of one side, before it is known where it stands among the others.
  private struct Step {
    var time: Int64
    var event: Event
    var receipt: Receipt
  }

  mutating func moveThroughClose() {
    guard order != .none else { return }
    for side in Side.allCases {
      for step in steps(of: side) {
        let from = result.states[side].last?.state
        guard let to = from?.next(on: step.event) else { continue }
        move(
          side, step.event, at: step.time, grade: grade(of: step, to: to),
          rule: rule(entering: to), frames: step.receipt.frames, earliest: step.receipt.earliest,
          latest: step.receipt.latest)
      }
    }
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
  private func grade(of step: Step, to state: State) -> Grade {
    if result.closedBy?.sides == .unknown { return .unknown }
    // Silence proves that a last ACK arrived only when all repeats would have come (R8).
    if state == .closed, facts.until - step.time < 120 * .nanosecondsPerSecond {
      return min(step.receipt.grade, .inferred)
    }
    return step.receipt.grade
  }

  /// What `side` goes through from its first or its peer's FIN on, in order.
  private func steps(of side: Side) -> [Step] {
    var steps: [Step] = []
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
    if !comesSecond, let other = peerFIN, let place = other.copy,
      covers(evidence[place], finOf: side)
    {
      // The FIN that got through carried the acknowledgment too: it came with it, if not before.
      if ackOfFIN == nil || ackOfFIN!.time > other.time {
        ackOfFIN = Receipt(
          time: other.time, grade: other.grade, frames: Frames(evidence[place].frame),
          earliest: other.earliest, latest: other.latest, copy: place)
      }
    }
    if comesSecond, let peerFIN {
      steps.append(Step(time: peerFIN.time, event: .receiveFIN, receipt: peerFIN))
    }
    if let ownFIN { steps.append(Step(time: ownFIN.time, event: .sendFIN, receipt: ownFIN)) }
    if !comesSecond, let peerFIN, let ack = ackOfFIN, peerFIN.time < ack.time {
      steps.append(Step(time: peerFIN.time, event: .receiveFIN, receipt: peerFIN))
      steps.append(Step(time: ack.time, event: .receiveAckOfFIN, receipt: ack))
      return steps
    }
    if let ack = ackOfFIN {
      steps.append(Step(time: ack.time, event: .receiveAckOfFIN, receipt: ack))
    }
    if !comesSecond, let peerFIN {
      steps.append(Step(time: peerFIN.time, event: .receiveFIN, receipt: peerFIN))
    }
    return steps
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
      earliest: result.states[side].last?.enteredAt, latest: time, copy: first)
  }
}
