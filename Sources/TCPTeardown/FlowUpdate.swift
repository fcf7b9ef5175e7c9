internal import PacketDecoding

/// How a row changes with each segment: counters always, evidence where it tells something.
extension Flow {
  /// Takes in a segment of `side`; a plain one costs a few stores.
  ///
  /// What comes back is the observation it was worth to a flow that had the tuple before, if any.
  @inline(__always)
  mutating func take(
    _ segment: Segment, from side: Side, at time: Int64, frame: Int,
    pool: inout EvidencePool
  ) -> Observation? {
    lastFrame = frame
    if time > lastTime { lastTime = time } else if time < startTime { startTime = time }
    if marks.isDisjoint(with: .telling), segment.flags.kind == .ack,
      !runsAhead(segment, from: side)
    {
      takePlain(segment, from: side, at: time)
      return nil
    }
    return takeTelling(segment, from: side, at: time, frame: frame, pool: &pool)
  }

  /// Whether a segment shows that something of either side was not captured before it.
  @inline(__always)
  func runsAhead(_ segment: Segment, from side: Side) -> Bool {
    guard marks.contains(.numbered(side)) else { return true }
    return sides[side].next.precedes(segment.sequenceNumber)
      || (marks.contains(.numbered(side.peer))
        && sides[side.peer].next.precedes(segment.acknowledgmentNumber))
  }

  @inline(__always)
  private mutating func takePlain(
    _ segment: Segment, from side: Side, at time: Int64
  ) {
    let hasPayload = segment.payloadLength > 0
    if !zeek.isIndifferent(to: side, hasPayload: hasPayload) { zeek.take(segment, from: side) }
    sides[side].packets &+= 1
    if sides[side].lastAck.precedes(segment.acknowledgmentNumber) {
      sides[side].lastAck = segment.acknowledgmentNumber
    }
    guard hasPayload else { return }
    countPayload(of: segment, from: side)
    notePayload(from: side, at: time)
    let end = segment.sequenceNumber + segment.payloadLength
    if sides[side].next.precedes(end) { sides[side].next = end }
  }

  /// Counts what was captured, even what is no part of the stream, such as the text in a RST.
  @inline(__always)
  private mutating func countPayload(of segment: Segment, from side: Side) {
    sides[side].payloadOctets &+= UInt64(segment.payloadLength)
    marks.insert(.sawData)
  }

  /// Notes that the stream went on.
  @inline(__always)
  private mutating func notePayload(from side: Side, at time: Int64) {
    lastPayloads[side] = Mark(time: time, frame: lastFrame)
  }

  /// Segments that may begin or end something.
  private mutating func takeTelling(
    _ segment: Segment, from sender: Side, at time: Int64, frame: Int,
    pool: inout EvidencePool
  ) -> Observation? {
    let side = settleRoles(by: segment, from: sender, pool: &pool)
    noteSeen(segment.flags)
    zeek.take(segment, from: side)
    let observation = Observation(segment, from: side, at: time, frame: frame, before: self)
    sides[side].packets &+= 1
    if segment.payloadLength > 0 { countPayload(of: segment, from: side) }
    if segment.flags.kind == .impossible {
      impossible += 1
      return nil
    }
    if segment.flags.contains(.rst) {
      takeReset(observation, pool: &pool)
      return observation
    }
    if isOfOldIncarnation(observation) {
      hold(observation, pool: &pool)
      return observation
    }
    let ahead = runsAhead(segment, from: side)
    let isFirst = !marks.contains(.numbered(side))
    noteBeginning(segment, observation, pool: &pool)
    noteNumbers(segment, from: side)
    if segment.payloadLength > 0 { notePayload(from: side, at: time) }
    if observation.isFIN { noteFIN(observation) }
    holdIfTelling(observation, ahead: ahead && !isFirst, pool: &pool)
    noteAcknowledgedFIN(observation)
    return observation
  }

  private mutating func noteSeen(_ flags: TCPFlags) {
    if flags.contains(.syn) { marks.insert(flags.contains(.ack) ? .sawSYNAck : .sawSYN) }
    if flags.contains(.fin) { marks.insert(.sawFIN) }
    if flags.contains(.rst) { marks.insert(.sawRST) }
  }

  /// Puts client and server right where a SYN or SYN-ACK shows that they were guessed wrong.
  private mutating func settleRoles(
    by segment: Segment, from side: Side, pool: inout EvidencePool
  ) -> Side {
    guard segment.flags.contains(.syn), !marks.contains(.rolesObserved) else { return side }
    marks.insert([.rolesObserved, .opening])
    let isClient = !segment.flags.contains(.ack)
    guard isClient != (side == .client) else { return side }
    swapSides(pool: &pool)
    return side.peer
  }

  private mutating func swapSides(pool: inout EvidencePool) {
    sides = sides.swapped
    fin = fin.swapped
    latest = latest.swapped
    marks = marks.swapped
    zeek.swapSides()
    lastPayloads = lastPayloads.swapped
    closing.lastPayloads = closing.lastPayloads.swapped
    closing.payloadOctets = closing.payloadOctets.swapped
    handshake.initialNumbers = handshake.initialNumbers.swapped
    var place = evidence.first
    while place >= 0 {
      pool[place].swapSides()
      place = pool.place(after: place)
    }
  }

  /// The base and SND.NXT of the sender, and where the other side's numbers must begin.
  private mutating func noteNumbers(_ segment: Segment, from side: Side) {
    let isSYN = segment.flags.contains(.syn)
    let isFirst = !marks.contains(.numbered(side))
    if isSYN, isFirst || sides[side].base != segment.sequenceNumber {
      sides[side].base = segment.sequenceNumber
      sides[side].next = segment.end
    } else if isFirst {
      sides[side].base = segment.sequenceNumber - 1
      sides[side].next = segment.end
    } else if segment.end != segment.sequenceNumber, sides[side].next.precedes(segment.end) {
      // A bare ACK consumes no number, so one that runs ahead leaves the gap open to be seen.
      sides[side].next = segment.end
    }
    marks.insert(.numbered(side))
    marks.insert(.hasBase(side))
    guard segment.flags.contains(.ack) else { return }
    if !marks.contains(.acknowledged(side))
      || sides[side].lastAck.precedes(segment.acknowledgmentNumber)
    {
      sides[side].lastAck = segment.acknowledgmentNumber
      marks.insert(.acknowledged(side))
    }
    if !marks.contains(.hasBase(side.peer)) {
      sides[side.peer].base = segment.acknowledgmentNumber - 1
      marks.insert(.hasBase(side.peer))
    }
  }

  private mutating func noteFIN(_ observation: Observation) {
    let side = observation.side
    noteClosing()
    if !marks.contains(.sentFIN(side)) {
      fin[side] = observation.end - 1
      marks.insert(.sentFIN(side))
    }
    if observation.end - 1 == fin[side] { marks.insert(.finPending(side)) }
  }

  /// The flow begins to end: from here on every segment is looked at.
  mutating func noteClosing() {
    guard !marks.contains(.closing) else { return }
    marks.insert(.closing)
    closing.isKnown = true
    closing.lastPayloads = lastPayloads
    closing.payloadOctets = PerSide(
      client: sides.client.payloadOctets, server: sides.server.payloadOctets)
  }

  private mutating func noteAcknowledgedFIN(_ observation: Observation) {
    let peer = observation.side.peer
    guard marks.contains(.sentFIN(peer)), observation.acknowledges(fin[peer] + 1) else { return }
    marks.insert(.finAcknowledged(peer))
    marks.remove(.finPending(peer))
  }
}
