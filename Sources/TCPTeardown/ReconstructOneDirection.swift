internal import PacketDecoding

/// R28: what the acknowledgment numbers of one side tell of the other, of which nothing was captured.
///
/// Nothing follows a FIN: where acknowledgments end with a step of just one, that was the other
/// side's FIN. All that follows is inferred at most, for an octet of data looks the same.
struct OneDirection {
  /// Whose segments were captured.
  var side = Side.client
  /// The first segment that acknowledges the other side's FIN, by its place in the evidence.
  var cover: Int?
  /// Since when either FIN is acknowledged, as far as numbers tell: at the capture.
  var doneAt: Int64?
}

extension Reconstruction {
  /// Which FIN was first, by the numbers of `side` alone.
  mutating func orderByNumbers(of side: Side) -> CloseOrder {
    oneDirection = OneDirection(side: side, cover: stepOfOne(by: side))
    let copy = firstCopy(ofFINOf: side)
    if beganAgain(side) {
      oneDirection?.cover = nil
      return copy == nil ? .none : .only(side)
    }
    if let cover = oneDirection?.cover, copy.map({ cover <= $0 }) ?? true {
      return .first(side.peer)
    }
    guard let copy else { return .none }
    // The peer's stream went on behind the FIN, so the peer's own FIN had not come before.
    guard let growth = oneDirection?.cover ?? lastGrowth(by: side, behind: copy),
      let last = kinds.copies[side].before(growth).last
    else { return .only(side) }
    // A repeat that was sent when the peer's FIN had come: that did not acknowledge the FIN.
    let isRepeated = kinds.copies[side].contains {
      max(evidence[$0].time, evidence[$0].lastTime) > evidence[growth].time
    }
    if isRepeated { return .only(side) }
    return order(of: side, answeredAfter: evidence[growth].time - evidence[last].time)
  }

  /// Whether the peer's FIN, acknowledged so many nanoseconds after the FIN of `side`, answers that.
  ///
  /// No answer comes before a round trip is over. What comes sooner may have crossed the FIN, or the
  /// handshake was slow: that is left open.
  private func order(of side: Side, answeredAfter time: Int64) -> CloseOrder {
    // Round trips differ a little; where none is known, see `longestCrossing`.
    let least = longestRoundTrip.map { $0 - $0 / 8 } ?? 3 * .nanosecondsPerSecond
    return time >= least ? .first(side) : .only(side)
  }

  /// What the round trip between the sides comes to at most, by the handshake, in nanoseconds.
  private var longestRoundTrip: Int64? {
    let handshake = facts.handshake
    if handshake.syn.isKnown, handshake.ack.isKnown, handshake.synCount == 1 {
      return max(0, handshake.ack.time - handshake.syn.time)
    }
    if handshake.synAck.isKnown, handshake.serverSpoke.isKnown, handshake.synAckCount == 1 {
      return max(0, handshake.serverSpoke.time - handshake.synAck.time)
    }
    return nil
  }

  /// The way from one side to the other, in nanoseconds; 0 where nothing tells.
  private var way: Int64 { facts.handshake.syn.isKnown ? (longestRoundTrip ?? 0) / 2 : 0 }

  /// The captured server began again on the same tuple: its numbers are those of two connections.
  private func beganAgain(_ side: Side) -> Bool {
    (kinds.segments[side] & kinds.syns & kinds.acks).contains {
      let sent = evidence[$0].nextNumbers[side] - evidence[$0].end
      return evidence[$0].knowsNumbers(of: side)
        && !(0...Int64(facts.payloadOctets[side]) + 1).contains(Int64(sent))
    }
  }

  /// The first segment of `side` that acknowledges one more than those before it, and all that
  /// there was to acknowledge.
  private func stepOfOne(by side: Side) -> Int? {
    let first = (kinds.segments[side] & kinds.acks - kinds.resets - kinds.syns).first {
      evidence[$0].acknowledgmentNumber == evidence[$0].lastAcks[side] + 1
        && evidence[$0].frame != facts.handshake.ack.frame
    }
    // Whoever sends single octets takes such steps all the time.
    return first.flatMap {
      evidence[$0].acknowledgmentNumber == facts.lastAcks[side] ? $0 : nil
    }
  }

  /// The last segment of `side` behind its FIN that acknowledges more than the FIN did.
  private func lastGrowth(by side: Side, behind copy: Int) -> Int? {
    (kinds.segments[side] & kinds.plainACKs).after(copy).first {
      evidence[$0].acknowledgmentNumber == facts.lastAcks[side]
        && evidence[copy].acknowledgmentNumber.precedes(evidence[$0].acknowledgmentNumber)
    }
  }

  /// The closer, where numbers tell it.
  func closerByNumbers() -> Closer? {
    guard let oneDirection else { return nil }
    let side = oneDirection.side
    let copy = firstCopy(ofFINOf: side)
    var frames = Frames(copy.map { evidence[$0].frame } ?? 0)
    let growth = oneDirection.cover ?? copy.flatMap { lastGrowth(by: side, behind: $0) }
    switch order {
    case .none, .crossed, .crossedAfterLoss: return nil
    case .only: return Closer(sides: .unknown, grade: .unknown, frames: frames)
    case .first(let first):
      // What comes behind the acknowledgment of the first FIN shows nothing.
      if first != side { frames = Frames() }
      if let growth { frames.add(evidence[growth].frame) }
      return Closer(sides: Closer.Sides(first), grade: .inferred, frames: frames)
    }
  }

  /// Puts both sides through the close, as far as the numbers of one tell.
  mutating func moveByNumbers(_ numbers: OneDirection) {
    let side = numbers.side
    switch order {
    case .first(side): moveFirst(side, numbers.cover)
    case .first: numbers.cover.map { moveSecond(side, $0) }
    default: moveThroughClose(side)
    }
  }

  /// The captured side closed first, and acknowledged the other's FIN at `cover`.
  private mutating func moveFirst(_ side: Side, _ cover: Int?) {
    let sent = sendingOfFIN(by: side)
    enter(side, .sendFIN, sent)
    guard let cover, let last = kinds.copies[side].before(cover).last else { return }
    let (end, frames) = (evidence[cover].time, Frames(evidence[cover].frame))
    let (left, way) = (evidence[last].time, way)
    let span = sent.time...max(sent.time, end)
    let peer = side.peer
    infer(peer, .receiveFIN, min(left + way, end), within: span, frames)
    infer(peer, .sendFIN, max(left + way, end - way), within: span, frames)
    infer(side, .receiveAckOfFIN, min(left + 2 * way, end), within: span, frames)
    infer(side, .receiveFIN, end, within: span, frames)
    oneDirection?.doneAt = end
    // The same again answers a repeat of that FIN: which of them came is unknown.
    let again = (kinds.segments[side] & kinds.plainACKs).after(cover).last {
      evidence[$0].acknowledgmentNumber == evidence[cover].acknowledgmentNumber
    }
    let final = again.map { max(evidence[$0].time, evidence[$0].lastTime) } ?? end
    infer(
      peer, .receiveAckOfFIN, final + way, from: final,
      again.map { Frames(evidence[$0].lastFrame) } ?? frames,
      grade: again == nil ? .inferred : .unknown)
  }

  /// The other side closed first: the captured one acknowledged its FIN at `cover`.
  private mutating func moveSecond(_ side: Side, _ cover: Int) {
    let (end, frames) = (evidence[cover].time, Frames(evidence[cover].frame))
    let (peer, way) = (side.peer, way)
    let opened = record.teardown.states[peer].last?.enteredAt ?? facts.start
    infer(peer, .sendFIN, end - way, within: min(opened, end)...end, frames)
    let received = record.teardown.states[side].last?.enteredAt ?? facts.start
    infer(side, .receiveFIN, end, within: min(received, end)...end, frames)
    let own = sendingOfFIN(by: side)
    // What the captured side sent before may have met a closed socket, and a RST ended both.
    let spoke = facts.hints.lastPayloads[side]
    let isDoubtful =
      spoke.isKnown
      && spoke.time > end - (longestRoundTrip.map { $0 - $0 / 8 } ?? 3 * .nanosecondsPerSecond)
    infer(
      peer, .receiveAckOfFIN, end + way, from: end, frames,
      grade: isDoubtful ? .unknown : .inferred)
    guard own.isKnown else { return }
    enter(side, .sendFIN, own)
    guard let last = kinds.copies[side].last else { return }
    let left = max(evidence[last].time, evidence[last].lastTime)
    // Whoever does not repeat its FIN where that is due has had an answer.
    guard isNextRepeatOverdue(of: side, after: left),
      (kinds.segments[side] & kinds.resets & kinds.acks).isEmpty
    else { return }
    let shown = Frames(evidence[last].frame)
    // Who has long closed its socket answers by a RST instead.
    let isGone = isDoubtful || left - end > options.profile.finWait2
    infer(
      peer, .receiveFIN, left + way, from: own.time, shown, grade: isGone ? .unknown : .inferred)
    infer(side, .receiveAckOfFIN, left + 2 * way, from: own.time, shown)
    oneDirection?.doneAt = left
  }

  private mutating func infer(
    _ side: Side, _ event: Event, _ time: Int64, within span: ClosedRange<Int64>, _ frames: Frames
  ) {
    move(
      side, event, at: time, grade: .inferred, rule: .oneDirection, frames: frames,
      earliest: min(span.lowerBound, time), latest: max(span.upperBound, time))
  }

  private mutating func infer(
    _ side: Side, _ event: Event, _ time: Int64, from earliest: Int64, _ frames: Frames,
    grade: Grade = .inferred
  ) {
    move(
      side, event, at: time, grade: grade, rule: .oneDirection, frames: frames,
      earliest: min(earliest, time))
  }

  /// A RST shows that the FIN of its sender had been acknowledged, if it answers what did so, or
  /// comes when a repeat of that FIN had long been due.
  mutating func acknowledgeFINByReset(_ place: Int, left: Int64) {
    let reset = evidence[place]
    let side = reset.side
    guard oneDirection?.side == side, let number = fin[side], lastState(of: side) == .finWait1,
      reset.sequenceNumber == number + 1, let last = kinds.copies[side].before(place).last
    else { return }
    let waited = reset.time - max(evidence[last].time, evidence[last].lastTime)
    guard !reset.flags.contains(.ack) || waited > .nanosecondsPerSecond else { return }
    let entered = record.teardown.states[side].last?.enteredAt ?? left
    infer(
      side, .receiveAckOfFIN, left, within: min(entered, left)...left, Frames(reset.frame))
  }

  /// Of one direction nothing is observed but what was sent: how far its sender is, nothing tells.
  mutating func lowerGradesOfOneDirection() {
    guard let oneDirection, isAnswerUnseen else { return }
    for side in Side.allCases {
      for place in record.teardown.states[side].indices
      where record.teardown.states[side][place].grade == .observed {
        record.teardown.states[side][place].grade = .inferred
        if side == oneDirection.side {
          record.teardown.states[side][place].latest = record.teardown.states[side][place].enteredAt
        }
      }
    }
    for place in record.teardown.timeWait.indices {
      let wait = record.teardown.timeWait[place]
      record.teardown.timeWait[place].grade = min(wait.grade, .inferred)
      record.teardown.timeWait[place].endGrade = min(wait.endGrade, .inferred)
    }
  }

  /// The other side sent something that was not captured: it does not merely not answer.
  private var isAnswerUnseen: Bool { !facts.handshake.syn.isKnown || facts.handshake.ack.isKnown }
}
