internal import PacketDecoding

/// The outcome, and what a person should know besides.
extension Reconstruction {
  func outcome() -> Outcome {
    let handshake = facts.handshake
    if result.reset?.cause == .refused { return .refused }
    if isUnreachableByICMP { return .unreachable }
    if handshake.syn.isKnown, !handshake.synAck.isKnown, !handshake.ack.isKnown,
      !handshake.crossedSYN.isKnown, fin.client == nil, fin.server == nil
    {
      return .unanswered
    }
    if isResetEarly || result.reset?.cause == .synGaveUp { return .reset }
    if bothFINsAcknowledged(before: .max) { return order.isCrossed ? .simultaneous : .orderly }
    if fin.client != nil || fin.server != nil { return .closing }
    let isOneSided = facts.packets.client == 0 || facts.packets.server == 0
    let isSilent = facts.seen.isDisjoint(with: [.syn, .synAck, .fin, .rst])
    return isOneSided || isSilent ? .partial : .open
  }

  mutating func addFindings() {
    addCloseFindings()
    addReuseFinding()
    addCloseWaitLeaks()
    if facts.isSuperseded,
      [.open, .closing, .partial, .unanswered].contains(result.outcome)
    {
      result.findings.append(Finding(.superseded))
    }
    if facts.isMidstream { result.findings.append(Finding(.midstream)) }
    if facts.packets.client == 0 || facts.packets.server == 0, result.outcome != .unanswered {
      let silent: Side = facts.packets.client == 0 ? .client : .server
      result.findings.append(Finding(.oneSided, side: silent))
    }
    if facts.duplicates > 0 {
      result.findings.append(Finding(.duplicateFrames, count: facts.duplicates))
    }
    if facts.overflow > 0 {
      result.findings.append(Finding(.evidenceOverflow, count: facts.overflow))
    }
  }

  private mutating func addCloseFindings() {
    for side in Side.allCases {
      addRepeatedFIN(of: side)
      addDataAfterFIN(of: side)
      guard let timeout = readTimeout(of: side), result.reset?.cause == .readTimeout || isWaiting
      else { continue }
      let copy = firstCopy(ofFINOf: side).map { evidence[$0].frame } ?? 0
      result.findings.append(
        Finding(
          .readTimeout, side: side, grade: .inferred, frames: Frames(copy),
          values: [NamedValue("timeout", .duration(timeout))]))
    }
  }

  /// The server has not answered and has not closed either: its client gave up on it.
  private var isWaiting: Bool { order == .only(.client) }

  private mutating func addRepeatedFIN(of side: Side) {
    var frames = Frames()
    var repeats = 0
    for place in evidence.indices where isCopy(evidence[place], ofFINOf: side) {
      if isNetworkDuplicate(place, ofFINOf: side) { continue }
      repeats += Int(evidence[place].count)
      frames.add(evidence[place].frame)
    }
    guard repeats > 1 else { return }
    result.findings.append(
      Finding(.finRetransmitted, side: side, frames: frames, count: repeats - 1))
    guard order == .first(side.peer), let cover = firstCover(ofFINOf: side),
      receipt(ofAckOfFINOf: side)?.frames.contains(evidence[cover].frame) != true
    else { return }
    result.findings.append(
      Finding(
        .lastAckLost, side: side.peer, grade: .inferred, frames: Frames(evidence[cover].frame)))
  }

  /// Data after the peer's FIN that the peer took: it had only shut down its sending side (R14).
  private mutating func addDataAfterFIN(of side: Side) {
    guard let number = fin[side],
      let data = evidence.first(where: {
        $0.side == side.peer && $0.payloadLength > 0 && !$0.isReset
          && !$0.isOfNextIncarnation && $0.flags.contains(.ack)
          && $0.acknowledgmentNumber == number + 1
      }),
      let taken = evidence.first(where: {
        $0.side == side && $0.time > data.time && $0.flags.contains(.ack) && !$0.isReset
          && !$0.isOfNextIncarnation && $0.acknowledgmentNumber - data.end >= 0
      })
    else { return }
    result.findings.append(
      Finding(.halfClose, side: side, frames: Frames(data.frame, taken.frame)))
  }

  /// A SYN that met a TIME-WAIT, and what became of it.
  private mutating func addReuseFinding() {
    guard
      let place = evidence.firstIndex(where: {
        $0.isOfNextIncarnation && $0.flags.isOpening
      })
    else { return }
    let syn = evidence[place]
    for wait in result.timeWait {
      let met =
        wait.side == syn.side ? sent(syn.time, by: wait.side) : received(syn.time, by: wait.side)
      guard met >= wait.enteredAt, met <= wait.enteredAt + wait.duration else { continue }
      let (verdict, frame) = reuseVerdict(syn, place, holder: wait.side)
      result.findings.append(
        Finding(
          .timeWaitReuse, side: wait.side, frames: Frames(syn.frame, frame),
          values: [
            NamedValue("verdict", .word(verdict)),
            NamedValue("age", .duration(met - wait.enteredAt)),
          ]))
    }
  }

  /// Linux takes a SYN out of TIME-WAIT with an initial number of just this much more.
  private static let recyclingStep: UInt32 = 65537

  private func reuseVerdict(
    _ syn: Observation, _ place: Int, holder: Side
  ) -> (verdict: String, frame: Int) {
    let oldNext = facts.next[holder]
    if syn.side == holder {
      let isRecycled = syn.sequenceNumber == oldNext + Self.recyclingStep
      return (isRecycled ? "recycled" : "reused", syn.frame)
    }
    let answers = evidence[place...].filter { $0.side == holder && $0.isOfNextIncarnation }
    if let accepted = answers.first(where: { $0.flags.contains(.syn) }) {
      if answers.first.map({ !$0.flags.contains(.syn) }) == true { return ("refused", accepted.frame) }
      if accepted.sequenceNumber == oldNext + Self.recyclingStep {
        return ("recycled", accepted.frame)
      }
      let expected = fin[syn.side].map { $0 + 1 } ?? facts.next[syn.side]
      let isAbove = expected.precedes(syn.sequenceNumber)
      return (isAbove ? "accepted by ISN" : "accepted by timestamp", accepted.frame)
    }
    return (answers.isEmpty ? "blocked" : "refused", answers.first?.frame ?? 0)
  }

  /// The peer's FIN was acknowledged, and its owner did not close for a long time.
  private mutating func addCloseWaitLeaks() {
    for side in Side.allCases {
      guard let wait = result.states[side].first(where: { $0.state == .closeWait }) else {
        continue
      }
      let lasted = (wait.leftAt ?? facts.until) - wait.enteredAt
      guard lasted >= options.closeWaitLimit else { continue }
      result.findings.append(
        Finding(
          .closeWaitLeak, side: side, grade: wait.grade, frames: wait.frames,
          values: [NamedValue("duration", .duration(lasted))]))
    }
  }
}
