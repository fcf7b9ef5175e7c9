internal import PacketDecoding

/// How a row changes with a segment that is not just what was due: all that one can tell.
extension Flow {
  /// Takes in a segment of `sender`.
  // `inout`, though nothing of the segment changes: handed over otherwise, it would be copied.
  mutating func take(
    _ segment: inout Segment, from sender: Side, at time: Int64, frame: Int, pools: inout FlowPools
  ) -> Aftermath {
    lastFrame = frame
    let previousTime = lastTime
    if time > lastTime {
      lastTime = time
    } else if time < startTime {
      if segment.flags.contains(.syn) { noteEarlyAck() }
      moveStart(to: time, pools: &pools)
    }
    let isSecond =
      !pools.keepsDuplicates
      && isSecondFrame(segment, from: sender, at: time, after: previousTime)
    let side = isSecond ? sender : settleRoles(by: segment, from: sender, pools: &pools)
    let arrival = arrival(from: side, at: time, frame: frame)
    if isSecond {
      if duplicates == 0 { pools.annexes[takeAnnex(&pools)].firstDuplicate = arrival.mark }
      takeSecondFrame(&segment, from: side)
    } else {
      takeTelling(&segment, arrival, pools: &pools)
    }
    return Aftermath(
      isSettled: isSettled, arrival: marks.contains(.hasPredecessor) ? arrival : nil)
  }

  /// Whether a segment begins where its sender's last one ended, and shows nothing of the other
  /// side's that was not captured.
  @inline(__always)
  private func isNext(_ segment: Segment, from side: Side) -> Bool {
    sides[side].next == segment.sequenceNumber && !acknowledgesUnseen(segment, from: side)
  }

  /// Whether a segment acknowledges octets of the other side that were not captured before it.
  @inline(__always)
  func acknowledgesUnseen(_ segment: Segment, from side: Side) -> Bool {
    marks.contains(.numbered(side.peer))
      && sides[side.peer].next.precedes(segment.acknowledgmentNumber)
  }

  /// A frame that shows its segment again counts as a packet, and tells nothing new.
  private mutating func takeSecondFrame(_ segment: inout Segment, from side: Side) {
    duplicates = duplicates.incremented
    zeek.take(&segment, from: side, base: sides[side].base)
    sides[side].packets &+= 1
    countPayload(segment.payloadLength, from: side)
  }

  /// Counts what was captured, even what is no part of the stream, such as the text in a RST.
  @inline(__always)
  mutating func countPayload(_ length: UInt32, from side: Side) {
    guard length > 0 else { return }
    sides[side].payloadOctets &+= UInt64(length)
    marks.insert(.sawData)
  }

  /// Notes that the stream went on.
  @inline(__always)
  mutating func notePayload(from side: Side, at time: Int64) {
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

  /// A SYN stands in the file behind the segment that completes its handshake.
  private mutating func noteEarlyAck() {
    guard marks.contains(.midstream), !ack.isKnown,
      marks.isSuperset(of: [.numbered(.client), .acknowledged(.client)]),
      !marks.contains(.numbered(.server))
    else { return }
    ack = Mark(time: startTime, frame: firstFrame)
    marks.insert(.sawACK)
  }

  /// Segments that may begin or end something.
  @inline(__always)
  private mutating func takeTelling(
    _ segment: inout Segment, _ arrival: Arrival, pools: inout FlowPools
  ) {
    let side = arrival.side
    noteSeen(segment.flags)
    zeek.take(&segment, from: side, base: sides[side].base)
    sides[side].packets &+= 1
    if timeToLives[side] == 0 { timeToLives[side] = segment.timeToLive }
    identifications[side] = segment.identification
    if segment.payloadLength > 0 {
      if marks.contains(.closing) { keepClosing(pools: &pools) }
      countPayload(segment.payloadLength, from: side)
    }
    switch segment.flags.kind {
    case .impossible:
      noteBases(segment, from: side)
      impossible = impossible.incremented
      return
    case .rst:
      noteBases(segment, from: side)
      takeReset(segment, arrival, pools: &pools)
      return
    case .ack where isOfOldIncarnation(segment, from: side):
      noteBases(segment, from: side)
      hold(segment, arrival, pools: &pools)
      return
    case .syn, .synAck, .ack, .fin: break
    }
    // Most are just what was due, and nothing was missing before them.
    let isDue = !arrival.isNumbered || isNext(segment, from: side)
    let isAhead =
      !isDue && isAhead(segment, from: side) || isStepOfOne(segment, arrival)
    if !isDue || !marks.isDisjoint(with: .disturbed) {
      noteSequence(segment, arrival, pools: &pools)
    }
    if !segment.hint.isEmpty { noteHint(segment.hint, arrival, pools: &pools) }
    noteBeginning(segment, arrival, pools: &pools)
    noteNumbers(segment, from: side)
    if segment.payloadLength > 0 { notePayload(from: side, at: arrival.time) }
    if segment.flags.isFIN { noteFIN(segment, from: side) }
    holdIfTelling(segment, arrival, isAhead: isAhead, pools: &pools)
    noteAcknowledgedFIN(segment, from: side)
  }

  @inline(__always)
  private mutating func noteSeen(_ flags: TCPFlags) {
    if flags.contains(.syn) { marks.insert(flags.contains(.ack) ? .sawSYNAck : .sawSYN) }
    if flags.contains(.fin) { marks.insert(.sawFIN) }
    if flags.contains(.rst) { marks.insert(.sawRST) }
  }

  /// Puts client and server right where a SYN or SYN-ACK shows that they were guessed wrong.
  @inline(__always)
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
    identifications = identifications.swapped
    hints = hints.swapped
    timeToLives = timeToLives.swapped
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
  @inline(__always)
  private mutating func noteNumbers(_ segment: Segment, from side: Side) {
    if !segment.flags.contains(.syn), segment.flags.contains(.ack),
      marks.isSuperset(of: .bothNumbered)
    {
      // All is known already: only how far both sides have come moves on.
      if sides[side].next.precedes(segment.end) { sides[side].next = segment.end }
      if sides[side].lastAck.precedes(segment.acknowledgmentNumber) {
        sides[side].lastAck = segment.acknowledgmentNumber
      }
    } else {
      noteFirstNumbers(segment, from: side)
    }
  }

  private mutating func noteFirstNumbers(_ segment: Segment, from side: Side) {
    let isFirst = !marks.contains(.numbered(side))
    let isSYN = segment.flags.contains(.syn)
    if isSYN, isFirst || sides[side].base != segment.sequenceNumber {
      sides[side].base = segment.sequenceNumber
      // On a flow that closes it is of the next one, whose SYN stands behind it in the file.
      if isFirst || !marks.contains(.closing) { sides[side].next = segment.end }
    } else if isFirst {
      if !marks.contains(.hasBase(side)) { sides[side].base = segment.sequenceNumber - 1 }
      sides[side].next = segment.end
    } else if sides[side].next.precedes(segment.end) {
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

extension Flow {
  /// What a segment that is no part of the stream still tells: where numbers begin (section
  /// "flows" of docs/inference.md).
  private mutating func noteBases(_ segment: Segment, from side: Side) {
    if !marks.contains(.hasBase(side)) || segment.flags.isSYNAck {
      sides[side].base = segment.sequenceNumber - (segment.flags.contains(.syn) ? 0 : 1)
      marks.insert(.hasBase(side))
    }
    if segment.flags.contains(.ack), !marks.contains(.hasBase(side.peer)) {
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
