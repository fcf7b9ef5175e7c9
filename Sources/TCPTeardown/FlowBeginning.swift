internal import PacketDecoding

/// What a row learns of its handshake (R0, R18).
extension Flow {
  /// Whether an ACK, or a RST that answers one, carries numbers of the tuple's former flow (R18).
  ///
  /// A server that has TIME-WAIT or another synchronized state in the way answers a SYN with a
  /// bare ACK of old numbers; the client answers that with a RST at just that acknowledgment.
  func isOfOldIncarnation(_ observation: Observation) -> Bool {
    guard observation.side == .server, handshake.syn.isKnown, !handshake.synAck.isKnown,
      observation.flags.kind == .ack
    else { return false }
    let offset = observation.acknowledgmentNumber - sides.client.base
    return offset <= 0 || sides.client.next.precedes(observation.acknowledgmentNumber)
  }

  /// Takes a SYN, a SYN-ACK, or the first that follows them, into the handshake.
  mutating func noteBeginning(
    _ segment: Segment, _ observation: Observation, pool: inout EvidencePool
  ) {
    let mark = Mark(time: observation.time, frame: observation.frame)
    switch segment.flags.kind {
    case .syn: noteSYN(segment, observation, mark, pool: &pool)
    case .synAck: noteSYNAck(segment, observation, mark, pool: &pool)
    default: noteFollower(observation, mark)
    }
  }

  private mutating func noteSYN(
    _ segment: Segment, _ observation: Observation, _ mark: Mark,
    pool: inout EvidencePool
  ) {
    let side = observation.side
    guard side == .client else {
      handshake.crossedSYN = mark
      noteOffer(segment, from: side)
      hold(observation, pool: &pool)
      return
    }
    handshake.synCount &+= 1
    if !handshake.syn.isKnown {
      handshake.syn = mark
      handshake.lastSYN = mark
      handshake.payloadInSYN = segment.payloadLength
      noteOffer(segment, from: side)
    } else if hold(observation, pool: &pool) {
      handshake.lastSYN = mark
    } else {
      handshake.synCount &-= 1
    }
  }

  private mutating func noteSYNAck(
    _ segment: Segment, _ observation: Observation, _ mark: Mark,
    pool: inout EvidencePool
  ) {
    let side = observation.side
    guard side == .server else {
      hold(observation, pool: &pool)
      return
    }
    handshake.synAckCount &+= 1
    if !handshake.synAck.isKnown {
      handshake.synAck = mark
      handshake.lastSYNAck = mark
      noteOffer(segment, from: side)
    } else if hold(observation, pool: &pool) {
      handshake.lastSYNAck = mark
    } else {
      handshake.synAckCount &-= 1
    }
  }

  private mutating func noteOffer(_ segment: Segment, from side: Side) {
    handshake.initialNumbers[side] = segment.sequenceNumber
    handshake.timestamps[side] = segment.options.present.contains(.timestamps)
    handshake.sackPermitted[side] = segment.options.present.contains(.sackPermitted)
  }

  /// The client's first acknowledgment of the SYN-ACK, and the first that the server says after.
  private mutating func noteFollower(_ observation: Observation, _ mark: Mark) {
    guard marks.contains(.opening) else { return }
    if observation.side == .client {
      let answers =
        !marks.contains(.serverNumbered)
        || sides.server.base.precedes(observation.acknowledgmentNumber)
      if !handshake.ack.isKnown, answers {
        handshake.ack = mark
        marks.insert(.sawACK)
      }
    } else if !handshake.serverSpoke.isKnown {
      handshake.serverSpoke = mark
    }
    if handshake.isComplete { marks.remove(.opening) }
  }
}
