internal import PacketDecoding

/// How a row changes with a segment that is just what was due: a few comparisons, a few stores.
extension Flow {
  /// What became of a segment.
  enum Taking {
    /// It was not just what was due, and nothing of it is taken in.
    case isOther
    case isTaken
    /// It is taken in, and the flow is settled.
    case isSettled
  }

  /// Takes in a segment if it is this flow's, and just what was due: no repeat, no second frame of
  /// the last segment, nothing that shows something missing before it.
  ///
  /// So are nearly all but SYN and SYN-ACK.
  // `inout`, though nothing of the entry changes: handed over otherwise, it would be copied.
  @inline(__always)
  mutating func takeIfDue(
    _ entry: inout SegmentBatch.Entry, frame: Int, pools: inout FlowPools
  ) -> Taking {
    guard key == entry.tuple.key, marks.isDisjoint(with: .disturbing),
      entry.segment.flags.isAckOrFIN, entry.time >= startTime
    else { return .isOther }
    let side = marks.side(whoIsLow: entry.tuple.sourceIsLow)
    guard isInSequence(&entry.segment, from: side), !isUnanswered(from: side) else {
      return .isOther
    }
    if marks.isDisjoint(with: .telling), !entry.segment.flags.contains(.fin) {
      takePlain(&entry.segment, from: side, at: entry.time, frame: frame)
      return .isTaken
    }
    guard marks.isSuperset(of: .bothHaveNext), entry.segment.hint.isEmpty else {
      return .isOther
    }
    takeOfEnds(&entry.segment, from: side, at: entry.time, frame: frame, pools: &pools)
    return isSettled ? .isSettled : .isTaken
  }

  @inline(__always)
  private func isInSequence(_ segment: inout Segment, from side: Side) -> Bool {
    guard sides[side].next == segment.sequenceNumber,
      segment.identification == 0 || segment.identification != identifications[side],
      segment.hint.isEmpty || segment.hint.kinds.rawValue & ~hints[side].rawValue == 0
    else { return false }
    if marks.isSuperset(of: .bothHaveNext) {
      return !sides[side.peer].next.precedes(segment.acknowledgmentNumber)
    }
    // Of a peer that was not captured a step of one may be the FIN (R28).
    return marks.contains(.numbered(side))
      && sides[side].lastAck + 1 != segment.acknowledgmentNumber
  }

  @inline(__always)
  private mutating func takePlain(
    _ segment: inout Segment, from side: Side, at time: Int64, frame: Int
  ) {
    lastFrame = frame
    if time > lastTime { lastTime = time }
    let length = segment.payloadLength
    let old: Marks = length > 0 ? .dataIsOld(side) : .ackIsOld(side)
    if !marks.contains(old), !segment.flags.contains(.fin) {
      noteWords(&segment, from: side, marking: old)
    }
    sides[side].packets &+= 1
    identifications[side] = segment.identification
    if sides[side].lastAck.precedes(segment.acknowledgmentNumber) {
      sides[side].lastAck = segment.acknowledgmentNumber
    }
    guard length > 0 else { return }
    countPayload(length, from: side)
    notePayload(from: side, at: time)
    sides[side].next = segment.sequenceNumber + length
  }

  /// While the flow begins or ends: the little that `takeTelling` does with what was due.
  // Not inlined: a plain segment would pay for the room that this needs.
  @inline(never)
  private mutating func takeOfEnds(
    _ segment: inout Segment, from side: Side, at time: Int64, frame: Int, pools: inout FlowPools
  ) {
    let arrival = arrival(from: side, at: time, frame: frame)
    if marks.contains(.closing), segment.payloadLength > 0 { keepClosing(pools: &pools) }
    if segment.flags.contains(.fin) {
      marks.insert(.sawFIN)
      zeek.take(&segment, from: side, base: sides[side].base)
    }
    if !marks.contains(.acknowledged(side)) {
      marks.insert(.acknowledged(side))
      sides[side].lastAck = segment.acknowledgmentNumber
    }
    takePlain(&segment, from: side, at: time, frame: frame)
    sides[side].next = segment.end
    if marks.contains(.opening) { noteFollower(segment, arrival) }
    if segment.flags.contains(.fin) { noteFIN(segment, from: side) }
    guard marks.contains(.closing) else { return }
    holdOfEnd(segment, arrival, isAhead: false, pools: &pools)
    noteAcknowledgedFIN(segment, from: side)
  }

  /// Takes in the SYN that has begun this flow, or the SYN-ACK that is the first to follow it, if
  /// nothing about it is unusual: the little that `takeTelling` does then.
  @inline(__always)
  mutating func takeIfOpening(
    _ segment: inout Segment, from side: Side, at time: Int64, frame: Int
  ) -> Bool {
    guard segment.payloadLength == 0, segment.hint.isEmpty, time >= lastTime else { return false }
    switch segment.flags.kind {
    case .syn:
      guard marks.subtracting(.clientIsLow) == .begunBySYN else { return false }
      marks.formUnion(.afterSYN)
    case .synAck:
      guard marks.subtracting(.clientIsLow) == .afterSYN, side == .server else { return false }
      marks.formUnion(.afterSYNAck)
      synAck = Mark(time: time, frame: frame)
      sides.server.lastAck = segment.acknowledgmentNumber
    default: return false
    }
    zeek.take(&segment, from: side, base: sides[side].base)
    lastTime = time
    lastFrame = frame
    sides[side].packets = 1
    sides[side].base = segment.sequenceNumber
    sides[side].next = segment.end
    timeToLives[side] = segment.timeToLive
    identifications[side] = segment.identification
    return true
  }

  /// Takes a segment into Zeek's words, until another like it would not change them.
  @inline(never)
  private mutating func noteWords(_ segment: inout Segment, from side: Side, marking old: Marks) {
    zeek.take(&segment, from: side, base: sides[side].base)
    if zeek.isIndifferent(to: side, hasPayload: segment.payloadLength > 0) { marks.insert(old) }
  }
}

extension Flow.Marks {
  /// What is known, but for which end the client is, of a flow begun by a SYN not yet taken in; after
  /// that SYN; and after the SYN-ACK that follows it.
  fileprivate static let begunBySYN: Self = [.rolesObserved, .opening]
  fileprivate static let afterSYN = begunBySYN.union(
    [.sawSYN, .hasSYN, .synIsFirst, .clientNumbered, .clientHasBase])
  fileprivate static let afterSYNAck = afterSYN.union(
    [.sawSYNAck, .serverNumbered, .serverHasBase, .serverAcknowledged])
}

extension TCPFlags {
  /// ACK, perhaps with FIN, and neither SYN nor RST.
  @inline(__always)
  fileprivate var isAckOrFIN: Bool { rawValue & 0b1_0110 == 0b1_0000 }
}
