internal import PacketDecoding

/// What a row learns of its handshake (R0, R18).
extension Flow {
  /// Whether a bare ACK carries numbers of the tuple's former flow (R18).
  ///
  /// A server that has TIME-WAIT or another synchronized state in the way answers a SYN with such
  /// an ACK; the client answers that with a RST at just that acknowledgment.
  @inline(__always)
  func isOfOldIncarnation(_ segment: Segment, from side: Side) -> Bool {
    guard isUnanswered(from: side) else { return false }
    let offset = segment.acknowledgmentNumber - sides.client.base
    return offset <= 0 || sides.client.next.precedes(segment.acknowledgmentNumber)
  }

  /// Whether `side` is a server whose SYN-ACK has not been captured.
  @inline(__always)
  func isUnanswered(from side: Side) -> Bool {
    side == .server && marks.contains(.hasSYN) && !synAck.isKnown
  }

  /// Takes a SYN, a SYN-ACK, or the first that follows them, into the handshake.
  mutating func noteBeginning(
    _ segment: Segment, _ arrival: Arrival, pools: inout FlowPools
  ) {
    switch segment.flags.kind {
    case .syn: noteSYN(segment, arrival, pools: &pools)
    case .synAck: noteSYNAck(segment, arrival, pools: &pools)
    case .ack, .fin, .rst, .impossible: noteFollower(segment, arrival)
    }
  }

  private mutating func noteSYN(
    _ segment: Segment, _ arrival: Arrival, pools: inout FlowPools
  ) {
    guard arrival.side == .client else {
      pools.annexes[takeAnnex(&pools)].crossedSYN = arrival.mark
      hold(segment, arrival, pools: &pools)
      return
    }
    if !marks.contains(.hasSYN) {
      marks.insert(.hasSYN)
      if arrival.frame == firstFrame {
        marks.insert(.synIsFirst)
      } else {
        pools.annexes[takeAnnex(&pools)].syn = arrival.mark
      }
      if segment.payloadLength > 0 {
        pools.annexes[takeAnnex(&pools)].payloadInSYN = segment.payloadLength
      }
    } else if hold(segment, arrival, pools: &pools) {
      let place = takeAnnex(&pools)
      pools.annexes[place].lastSYN = arrival.mark
      pools.annexes[place].synRepeats &+= 1
    }
  }

  private mutating func noteSYNAck(
    _ segment: Segment, _ arrival: Arrival, pools: inout FlowPools
  ) {
    guard arrival.side == .server else {
      if marks.contains(.hasSYN), sides.client.base != segment.sequenceNumber {
        let place = takeAnnex(&pools)
        if pools.annexes[place].firstNumber == nil {
          pools.annexes[place].firstNumber = sides.client.base
        }
      }
      hold(segment, arrival, pools: &pools)
      return
    }
    if !synAck.isKnown {
      synAck = arrival.mark
    } else if hold(segment, arrival, pools: &pools) {
      let place = takeAnnex(&pools)
      pools.annexes[place].lastSYNAck = arrival.mark
      pools.annexes[place].synAckRepeats &+= 1
    }
  }

  /// The client's first acknowledgment of the SYN-ACK, and the first that the server says after.
  mutating func noteFollower(_ segment: Segment, _ arrival: Arrival) {
    guard marks.contains(.opening) else { return }
    if arrival.side == .client {
      let answers =
        !marks.contains(.serverNumbered)
        || sides.server.base.precedes(segment.acknowledgmentNumber)
      if !ack.isKnown, answers {
        ack = arrival.mark
        marks.insert(.sawACK)
      }
    } else if !serverSpoke.isKnown {
      serverSpoke = arrival.mark
    }
    // The client's numbers are acknowledged and the server's too: nothing more to learn.
    if ack.isKnown, serverSpoke.isKnown { marks.remove(.opening) }
  }
}
