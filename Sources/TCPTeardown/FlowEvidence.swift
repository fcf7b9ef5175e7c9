internal import PacketDecoding

/// Which segments a row keeps as observations, and in what room.
extension Flow {
  /// Observations kept one by one; beyond, a repeat is folded into the one it repeats.
  private static let roomForRepeats = 20
  /// Observations a flow holds at most.
  private static let room = 32
  /// Of `room`, what only a first FIN and a first ACK of one may take.
  private static let reserve = 4
  /// Two frames with the same content this close together may be one segment captured twice.
  private static let duplicateSpan: Int64 = 5 * .nanosecondsPerMillisecond

  /// Keeps `segment` if it tells something of a beginning or an end.
  @inline(__always)
  mutating func holdIfTelling(
    _ segment: Segment, _ arrival: Arrival, isAhead: Bool, pools: inout FlowPools
  ) {
    // While a flow is open, only what runs ahead of the capture is held; and a SYN never is here.
    guard marks.contains(.closing) || isAhead, !segment.flags.contains(.syn) else { return }
    holdOfEnd(segment, arrival, isAhead: isAhead, pools: &pools)
  }

  mutating func holdOfEnd(
    _ segment: Segment, _ arrival: Arrival, isAhead: Bool, pools: inout FlowPools
  ) {
    switch keeping(segment, arrival, isAhead: isAhead, pools: &pools) {
    case .each:
      // Nearly always the numbers alone tell that it repeats nothing.
      if evidence.count < Self.roomForRepeats, !mayRepeat(segment, in: &pools.evidence) {
        let place = pools.evidence.grow(&evidence)
        pools.evidence[place] = Observation(segment, arrival)
      } else {
        hold(segment, arrival, pools: &pools)
      }
    case .latest(let kind): holdLatest(segment, arrival, kind, pools: &pools)
    case .none: break
    }
  }

  /// Whether a held segment has the numbers and flags of this one.
  // `inout`, though nothing changes: borrowed, the pool would be copied.
  @inline(__always)
  private func mayRepeat(_ segment: Segment, in pool: inout EvidencePool) -> Bool {
    for index in 0..<Int(evidence.count) {
      let place = pool.place(index, in: evidence)
      if pool[place].sequenceNumber == segment.sequenceNumber, pool[place].flags == segment.flags,
        pool[place].acknowledgmentNumber == segment.acknowledgmentNumber
      {
        return true
      }
    }
    return false
  }

  /// How a segment is kept: by itself, or in place of the latest of its kind.
  private enum Keeping {
    case none, each
    case latest(FlowAnnex.LatestPlaces.Kind)
  }

  @inline(__always)
  private mutating func keeping(
    _ segment: Segment, _ arrival: Arrival, isAhead: Bool, pools: inout FlowPools
  ) -> Keeping {
    let side = arrival.side
    if segment.flags.isFIN { return .each }
    if marks.contains(.finPending(side.peer)), acknowledgesFIN(segment, from: side) {
      if segment.payloadLength > 0 {
        pools.annexes[takeAnnex(&pools)].latest[side].hasFirstData = true
      }
      return .each
    }
    if marks.isSuperset(of: .bothFINsAcknowledged) { return .each }
    if marks.contains(.closing) { return keepingAfterEnd(segment, arrival, pools: &pools) }
    // Of a side that was not captured the first is kept: what follows it shows it to be no FIN.
    let isKept =
      isAhead
      && (marks.contains(.numbered(side.peer))
        || pools.annexes[takeAnnex(&pools)].latest[side][.ahead] < 0)
    return isKept ? .latest(.ahead) : .none
  }

  /// After a FIN or RST: the first and the last payload each way, the first and last bare ACK.
  @inline(never)
  private mutating func keepingAfterEnd(
    _ segment: Segment, _ arrival: Arrival, pools: inout FlowPools
  ) -> Keeping {
    let side = arrival.side
    let hasPayload = segment.payloadLength > 0
    let place = takeAnnex(&pools)
    let latest = pools.annexes[place].latest[side]
    if marks.contains(.reset), latest.afterReset < 2 {
      pools.annexes[place].latest[side].afterReset += 1
      if hasPayload { pools.annexes[place].latest[side].hasFirstData = true }
      return .each
    }
    if hasPayload, !latest.hasFirstData {
      pools.annexes[place].latest[side].hasFirstData = true
      return .each
    }
    if !hasPayload, !latest.hasFirstAck {
      pools.annexes[place].latest[side].hasFirstAck = true
      return .each
    }
    return .latest(hasPayload ? .data : .ack)
  }

  private mutating func holdLatest(
    _ segment: Segment, _ arrival: Arrival, _ kind: FlowAnnex.LatestPlaces.Kind,
    pools: inout FlowPools
  ) {
    holdLatest(Observation(segment, arrival), kind, pools: &pools)
  }

  /// Keeps only the newest of its kind, by its acknowledgment: the file's order may be another.
  mutating func holdLatest(
    _ observation: Observation, _ kind: FlowAnnex.LatestPlaces.Kind, pools: inout FlowPools
  ) {
    let annex = takeAnnex(&pools)
    let place = pools.annexes[annex].latest[observation.side][kind]
    if place >= 0 {
      let held = pools.evidence[place].acknowledgmentNumber
      if observation.acknowledgmentNumber.precedes(held) { return }
      pools.evidence[place] = observation
    } else if evidence.count < Self.room - Self.reserve {
      pools.annexes[annex].latest[observation.side][kind] =
        pools.evidence.append(observation, to: &evidence)
    } else {
      noteOverflow(of: observation, pools: &pools)
    }
  }

  /// Keeps `segment`, or folds it into one that it repeats; false for a mere duplicate frame.
  @discardableResult
  mutating func hold(
    _ segment: Segment, _ arrival: Arrival, pools: inout FlowPools
  ) -> Bool {
    hold(Observation(segment, arrival), pools: &pools)
  }

  /// Keeps `observation`, or folds it into one that it repeats; false for a mere duplicate frame.
  @discardableResult
  mutating func hold(_ observation: Observation, pools: inout FlowPools) -> Bool {
    if evidence.count > 0, !pools.keepsDuplicates,
      isDuplicateFrame(observation, in: &pools.evidence)
    {
      if duplicates == 0 { pools.annexes[takeAnnex(&pools)].firstDuplicate = observation.mark }
      duplicates = duplicates.incremented
      return false
    }
    if evidence.count < Self.roomForRepeats {
      let place = pools.evidence.grow(&evidence)
      pools.evidence[place] = observation
    } else {
      holdInLittleRoom(observation, pools: &pools)
    }
    return true
  }

  @inline(never)
  private mutating func holdInLittleRoom(_ observation: Observation, pools: inout FlowPools) {
    if fold(observation, into: &pools.evidence) { return }
    let count = Int(evidence.count)
    if count < Self.room - Self.reserve
      || (count < Self.room && isFirstOfItsKind(observation, in: &pools.evidence))
    {
      pools.evidence.append(observation, to: &evidence)
    } else {
      noteOverflow(of: observation, pools: &pools)
    }
  }

  private mutating func noteOverflow(of observation: Observation, pools: inout FlowPools) {
    if overflow == 0 { pools.annexes[takeAnnex(&pools)].firstOverflow = observation.mark }
    overflow = overflow.incremented
  }

  /// The first copy of a side's FIN, or the first acknowledgment of it: kept whatever overflows.
  private func isFirstOfItsKind(
    _ observation: Observation, in pool: inout EvidencePool
  ) -> Bool {
    let side = observation.side
    if observation.isFIN, marks.contains(.sentFIN(side)), observation.end - 1 == fin[side] {
      for index in 0..<Int(evidence.count) {
        let held = pool[pool.place(index, in: evidence)]
        if held.isFIN, held.side == side, held.end == observation.end { return false }
      }
      return true
    }
    return marks.contains(.finPending(side.peer)) && observation.acknowledges(fin[side.peer] + 1)
  }

  /// Adds `observation` to the newest held one with the same side, flags and numbers.
  private func fold(_ observation: Observation, into pool: inout EvidencePool) -> Bool {
    var index = Int(evidence.count)
    while index > 0 {
      index -= 1
      let place = pool.place(index, in: evidence)
      guard pool[place].repeats(observation) else { continue }
      pool[place].fold(observation)
      return true
    }
    return false
  }

  /// Whether a frame shows a segment that another frame showed just before.
  // `inout`, though nothing changes: borrowed, the pool's arrays would be retained.
  @inline(__always)
  private func isDuplicateFrame(_ observation: Observation, in pool: inout EvidencePool) -> Bool {
    var first = 0
    // Nearly always the number alone tells that there is none.
    while let (index, place) = pool.place(
      of: observation.sequenceNumber, in: evidence, from: first)
    {
      if isDuplicate(observation, of: pool[place]) { return true }
      first = index + 1
    }
    return false
  }

  @inline(never)
  private func isDuplicate(_ observation: Observation, of held: Observation) -> Bool {
    guard held.repeats(observation) else { return false }
    let (apart, isOverflow) = observation.time.subtractingReportingOverflow(held.time)
    return !isOverflow && apart.magnitude <= Self.duplicateSpan.magnitude
      && held.isSameSegment(as: observation)
  }
}

extension Observation {
  fileprivate var mark: Mark { Mark(time: time, frame: frame) }

  /// Takes in a repeat of itself.
  mutating func fold(_ repeated: Observation) {
    lastTime = repeated.time
    lastFrame = repeated.frame
    if count < .max { count += 1 }
  }

  /// Whether `other` has the same sender, flags and numbers.
  func repeats(_ other: Observation) -> Bool {
    sequenceNumber == other.sequenceNumber && side == other.side && flags == other.flags
      && acknowledgmentNumber == other.acknowledgmentNumber
      && payloadLength == other.payloadLength
      && marks.symmetricDifference(other.marks).isDisjoint(with: [.nextIncarnation, .icmpError])
  }

  /// Whether `other`, which repeats it, is this very segment, captured again: not what an endpoint
  /// sends twice.
  fileprivate func isSameSegment(as other: Observation) -> Bool {
    if identification != 0 || other.identification != 0 {
      return identification == other.identification
    }
    return marks.contains(.timestamps) && timestampValue == other.timestampValue
      && timeToLive != other.timeToLive
  }
}
