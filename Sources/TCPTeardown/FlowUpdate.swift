internal import PacketDecoding

/// How a row changes with each segment: counters always, evidence where it tells something.
extension Flow {
  /// Takes in a segment of `sender`; a plain one costs a few stores.
  ///
  /// Gives whether it was more than that: whether it may begin or end something.
  @inline(__always)
  mutating func take(
    _ segment: Segment, from sender: Side, at time: Int64, frame: Int, pools: inout FlowPools
  ) -> Bool {
    lastFrame = frame
    if time > lastTime {
      lastTime = time
    } else if time < startTime {
      moveStart(to: time, pools: &pools)
    }
    if marks.isDisjoint(with: .telling), segment.flags.isAckAlone,
      !runsAhead(segment, from: sender)
    {
      takePlain(segment, from: sender, at: time)
      return false
    }
    takeTelling(segment, from: sender, at: time, frame: frame, pools: &pools)
    return true
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
  private mutating func takePlain(_ segment: Segment, from side: Side, at time: Int64) {
    let hasPayload = segment.payloadLength > 0
    let old: Marks = hasPayload ? .dataIsOld(side) : .ackIsOld(side)
    if !marks.contains(old) { noteWords(segment, from: side, marking: old) }
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

  @inline(never)
  private mutating func noteWords(_ segment: Segment, from side: Side, marking old: Marks) {
    if zeek.isIndifferent(to: side, hasPayload: segment.payloadLength > 0) {
      marks.insert(old)
    } else {
      zeek.take(segment, from: side, base: sides[side].base)
    }
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
    sides[side].lastPayload = Mark(time: time, frame: lastFrame)
  }

  /// A segment has an earlier stamp than the first one captured.
  private mutating func moveStart(to time: Int64, pools: inout FlowPools) {
    if marks.contains(.synIsFirst) {
      marks.remove(.synIsFirst)
      pools.annexes[takeAnnex(&pools)].syn = Mark(time: startTime, frame: firstFrame)
    }
    startTime = time
  }

  /// Segments that may begin or end something.
  private mutating func takeTelling(
    _ segment: Segment, from sender: Side, at time: Int64, frame: Int, pools: inout FlowPools
  ) {
    let side = settleRoles(by: segment, from: sender, pools: &pools)
    let arrival = Arrival(from: side, at: time, frame: frame, to: self)
    noteSeen(segment.flags)
    zeek.take(segment, from: side, base: sides[side].base)
    sides[side].packets &+= 1
    if segment.payloadLength > 0 {
      if marks.contains(.closing) { keepClosing(pools: &pools) }
      countPayload(of: segment, from: side)
    }
    switch segment.flags.kind {
    case .impossible:
      impossible = impossible.incremented
      return
    case .rst:
      takeReset(segment, arrival, pools: &pools)
      return
    case .ack where isOfOldIncarnation(segment, from: side):
      hold(segment, arrival, pools: &pools)
      return
    case .syn, .synAck, .ack, .fin: break
    }
    let ahead = arrival.isNumbered && runsAhead(segment, from: side)
    noteBeginning(segment, arrival, pools: &pools)
    noteNumbers(segment, from: side)
    if segment.payloadLength > 0 { notePayload(from: side, at: time) }
    if segment.flags.isFIN { noteFIN(segment, from: side) }
    holdIfTelling(segment, arrival, ahead: ahead, pools: &pools)
    noteAcknowledgedFIN(segment, from: side)
  }

  private mutating func noteSeen(_ flags: TCPFlags) {
    if flags.contains(.syn) { marks.insert(flags.contains(.ack) ? .sawSYNAck : .sawSYN) }
    if flags.contains(.fin) { marks.insert(.sawFIN) }
    if flags.contains(.rst) { marks.insert(.sawRST) }
  }

  /// Puts client and server right where a SYN or SYN-ACK shows that they were guessed wrong.
  private mutating func settleRoles(
    by segment: Segment, from side: Side, pools: inout FlowPools
  ) -> Side {
    guard segment.flags.contains(.syn), !marks.contains(.rolesObserved) else { return side }
    marks.insert(.rolesObserved)
    marks.insert(.opening)
    let isClient = !segment.flags.contains(.ack)
    guard isClient != (side == .client) else { return side }
    swapSides(pools: &pools)
    return side.peer
  }

  private mutating func swapSides(pools: inout FlowPools) {
    sides = sides.swapped
    fin = fin.swapped
    marks = marks.swapped
    zeek.swapSides()
    if annex >= 0 { pools.annexes[annex].swapSides() }
    for index in 0..<Int(evidence.count) {
      let place = pools.evidence.place(index, in: evidence)
      pools.evidence[place].swapSides()
    }
  }

  /// The base and SND.NXT of the sender, and where the other side's numbers must begin.
  private mutating func noteNumbers(_ segment: Segment, from side: Side) {
    let isFirst = !marks.contains(.numbered(side))
    let isSYN = segment.flags.contains(.syn)
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
}

extension TCPFlags {
  /// ACK, and neither SYN, FIN nor RST.
  var isAckAlone: Bool { rawValue & 0b1_0111 == 0b1_0000 }

  /// A FIN that can be an event: with ACK, and without SYN and RST (RFC 9293 §3.10.7.4).
  var isFIN: Bool { rawValue & 0b1_0111 == 0b1_0001 }
}

extension UInt32 {
  /// One more, up to the greatest number there is.
  var incremented: UInt32 { self == .max ? self : self + 1 }
}
