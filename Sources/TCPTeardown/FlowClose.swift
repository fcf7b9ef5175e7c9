internal import PacketDecoding

/// What a row learns of its end: FINs, their acknowledgments, RSTs.
extension Flow {
  mutating func noteFIN(_ segment: Segment, from side: Side) {
    marks.insert(.closing)
    let number = segment.end - 1
    // A FIN just behind what the other side has acknowledged is more likely the real one than an
    // earlier one elsewhere.
    let acknowledged = sides[side.peer].lastAck
    let isLikelier =
      !marks.contains(.finAcknowledged(side)) && segment.sequenceNumber == acknowledged
      && fin[side] != acknowledged
    if !marks.contains(.sentFIN(side)) || isLikelier {
      fin[side] = number
      marks.insert(.sentFIN(side))
    }
    if number == fin[side] { marks.insert(.finPending(side)) }
  }

  mutating func noteAcknowledgedFIN(_ segment: Segment, from side: Side) {
    guard acknowledgesFIN(segment, from: side) else { return }
    marks.insert(.finAcknowledged(side.peer))
    marks.remove(.finPending(side.peer))
  }

  /// Whether a segment of `side` acknowledges its peer's FIN.
  @inline(__always)
  func acknowledgesFIN(_ segment: Segment, from side: Side) -> Bool {
    marks.contains(.sentFIN(side.peer)) && segment.flags.contains(.ack)
      && segment.acknowledgmentNumber == fin[side.peer] + 1
  }

  /// Takes in a RST: evidence always, an end only where its number can be acceptable (R12).
  mutating func takeReset(_ segment: Segment, _ arrival: Arrival, pools: inout FlowPools) {
    let side = arrival.side
    let isOpening = !synAck.isKnown && marks.contains(.hasSYN)
    marks.insert(.closing)
    var observation = Observation(segment, arrival)
    if marks.contains(.stalled(side)) { observation.marks.insert(.afterStall) }
    hold(observation, pools: &pools)
    if isOpening {
      // A client's RST before any SYN-ACK answers an old acknowledgment and ends nothing here.
      if side == .server { marks.insert(.reset) }
      return
    }
    let number = segment.sequenceNumber
    let isAcceptable =
      !marks.contains(.numbered(side)) || number == sides[side].next
      || number == sides[side.peer].lastAck
      || (marks.contains(.sentFIN(side)) && number == fin[side])
    guard isAcceptable else { return }
    marks.insert(.reset)
    if annex >= 0 {
      pools.annexes[annex].latest.client.afterReset = 0
      pools.annexes[annex].latest.server.afterReset = 0
    }
  }

  /// Payload comes to a flow that has begun to end: how it stood then must be kept apart now.
  mutating func keepClosing(pools: inout FlowPools) {
    let context = closingNow
    let place = takeAnnex(&pools)
    if pools.annexes[place].closing == nil { pools.annexes[place].closing = context }
  }
}
