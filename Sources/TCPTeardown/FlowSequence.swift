internal import PacketDecoding

/// What a row learns of segments that are not the next that was due: repeats, second frames of one
/// segment, octets that the capture lacks, another order than that of sending.
extension Flow {
  /// Two frames of one segment come this close together.
  private static let duplicateSpan = 5 * Int64.nanosecondsPerMillisecond
  /// Octets that show this soon after their acknowledgment were captured late, and not sent again:
  /// no host repeats so soon.
  private static let captureDelay = 50 * Int64.nanosecondsPerMillisecond
  /// After this long nothing fills a hole any more whose octets were acknowledged.
  private static let holePatience = Int64.nanosecondsPerSecond

  /// Whether a frame shows the last segment of its sender again: the same IP-ID and numbers.
  @inline(__always)
  func isSecondFrame(
    _ segment: Segment, from side: Side, at time: Int64, after previous: Int64
  ) -> Bool {
    guard segment.identification != 0, segment.identification == identifications[side],
      segment.flags.isDisjoint(with: TCPFlags.fin.union(.rst)), segment.end == sides[side].next,
      segment.acknowledgmentNumber == sides[side].lastAck
    else { return false }
    let (apart, isOverflow) = time.subtractingReportingOverflow(previous)
    return !isOverflow && apart <= Self.duplicateSpan
  }

  /// Whether a segment shows that something of either side was not captured before it.
  @inline(__always)
  func isAhead(_ segment: Segment, from side: Side) -> Bool {
    sides[side].next.precedes(segment.sequenceNumber) || acknowledgesUnseen(segment, from: side)
  }

  /// Whether a bare ACK acknowledges one more of a side that was not captured: it may be a FIN (R28).
  @inline(__always)
  func isStepOfOne(_ segment: Segment, _ arrival: Arrival) -> Bool {
    let side = arrival.side
    return !marks.contains(.numbered(side.peer)) && marks.contains(.acknowledged(side))
      && segment.acknowledgmentNumber == arrival.lastAcks[side] + 1 && segment.payloadLength == 0
  }

  /// Takes notice of a segment out of sequence, before its numbers are taken in.
  mutating func noteSequence(
    _ segment: Segment, _ arrival: Arrival, pools: inout FlowPools
  ) {
    let side = arrival.side
    if marks.contains(.stalled(side.peer)) { marks.remove(.stalled(side.peer)) }
    if marks.contains(.hasHole(side)) { fillHole(segment, arrival, pools: &pools) }
    if marks.contains(.hasHole(side.peer)) { settleHole(segment, arrival, pools: &pools) }
    guard arrival.isNumbered, !segment.flags.contains(.syn) else { return }
    if arrival.next.precedes(segment.sequenceNumber) {
      open(
        Hole(
          start: arrival.next, end: segment.sequenceNumber, mark: arrival.mark,
          isAcknowledged: false), of: side, pools: &pools)
    }
    if acknowledgesUnseen(segment, from: side) {
      open(
        Hole(
          start: sides[side.peer].next, end: segment.acknowledgmentNumber, mark: arrival.mark,
          isAcknowledged: true), of: side.peer, pools: &pools)
    }
    if !marks.contains(.closing) { noteRepeat(segment, arrival, pools: &pools) }
  }

  /// A repeat of payload, or a keep-alive probe: nothing that its sender had not sent before.
  private mutating func noteRepeat(
    _ segment: Segment, _ arrival: Arrival, pools: inout FlowPools
  ) {
    let side = arrival.side
    // A FIN is held as what it is.
    guard !segment.flags.isFIN,
      segment.sequenceNumber.precedes(arrival.next), !arrival.next.precedes(segment.end),
      segment.payloadLength > 0 || segment.sequenceNumber + 1 == arrival.next
    else { return }
    var observation = Observation(segment, arrival)
    observation.marks.insert(.repeated)
    let place = pools.annexes[takeAnnex(&pools)].latest[side][.stall]
    if marks.contains(.stalled(side)), place >= 0, pools.evidence[place].repeats(observation) {
      pools.evidence[place].fold(observation)
    } else {
      holdLatest(observation, .stall, pools: &pools)
    }
    marks.insert(.stalled(side))
  }

  private mutating func open(_ hole: Hole, of side: Side, pools: inout FlowPools) {
    let place = takeAnnex(&pools)
    // One hole at a time is told; what opens behind it tells no more.
    guard pools.annexes[place].holes[side] == nil else { return }
    pools.annexes[place].holes[side] = hole
    marks.insert(.hasHole(side))
  }

  /// A segment of the side whose octets are missing may hold them.
  private mutating func fillHole(
    _ segment: Segment, _ arrival: Arrival, pools: inout FlowPools
  ) {
    let side = arrival.side
    guard annex >= 0, var hole = pools.annexes[annex].holes[side],
      !hole.start.precedes(segment.sequenceNumber), hole.start.precedes(segment.end)
    else { return }
    let (late, isOverflow) = arrival.time.subtractingReportingOverflow(hole.mark.time)
    let isReordered =
      !isOverflow && late <= (hole.isAcknowledged ? Self.captureDelay : 0)
    if isReordered {
      if pools.annexes[annex].reordered == 0 {
        pools.annexes[annex].firstReordered = arrival.mark
      }
      if pools.annexes[annex].reordered < .max { pools.annexes[annex].reordered += 1 }
    }
    hole.start = segment.end
    let isFull = !segment.end.precedes(hole.end)
    pools.annexes[annex].holes[side] = isFull ? nil : hole
    if isFull { marks.remove(.hasHole(side)) }
  }

  /// A segment of the other side may acknowledge what is missing, or show that nothing fills it.
  private mutating func settleHole(
    _ segment: Segment, _ arrival: Arrival, pools: inout FlowPools
  ) {
    let side = arrival.side.peer
    guard annex >= 0, var hole = pools.annexes[annex].holes[side] else { return }
    if segment.flags.contains(.ack), !segment.acknowledgmentNumber.precedes(hole.end) {
      hole.isAcknowledged = true
    }
    pools.annexes[annex].holes[side] = hole
    let (age, isOverflow) = arrival.time.subtractingReportingOverflow(hole.mark.time)
    guard hole.isAcknowledged, isOverflow || age > Self.holePatience else { return }
    pools.annexes[annex].takeGap(of: side)
    marks.remove(.hasHole(side))
  }

  /// Takes notice of what a payload says about the close.
  mutating func noteHint(_ hint: PayloadHint, _ arrival: Arrival, pools: inout FlowPools) {
    let side = arrival.side
    hints[side].formUnion(hint.kinds.subtracting(.tlsAlert))
    if hint.kinds.contains(.tlsAlert) {
      pools.annexes[takeAnnex(&pools)].alerts[side] = arrival.mark
    }
    if hint.kinds.contains(.keepAliveTimeout) {
      let place = takeAnnex(&pools)
      pools.annexes[place].keepAliveSeconds[side] = hint.seconds
    }
  }
}

extension FlowAnnex {
  /// The hole of `side` stays: the capture lacks what was sent.
  mutating func takeGap(of side: Side) {
    guard let hole = holes[side] else { return }
    if gaps == 0 { firstGap = hole.mark }
    if gaps < .max { gaps += 1 }
    holes[side] = nil
  }
}
