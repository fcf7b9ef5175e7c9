internal import PacketDecoding

/// How a row changes with each segment: counters always, evidence where it tells something.
extension Flow {
  /// Takes in a segment, whose source is the low end of the key or not.
  ///
  /// Most are just what was due on a connection whose numbers are known; what is not goes the long
  /// way, which knows everything.
  // `inout`, though nothing of the segment changes: handed over otherwise, it would be copied.
  @inline(__always)
  mutating func take(
    _ segment: inout Segment, sourceIsLow: Bool, at time: Int64, frame: Int, pools: inout FlowPools
  ) -> Aftermath {
    let sender = marks.side(whoIsLow: sourceIsLow)
    lastFrame = frame
    let previousTime = lastTime
    if time > lastTime {
      lastTime = time
    } else if time < startTime {
      if segment.flags.contains(.syn) { noteEarlyAck() }
      moveStart(to: time, pools: &pools)
    }
    if marks.isDisjoint(with: .disturbing), segment.flags.isAckOrFIN,
      isInSequence(segment, from: sender)
    {
      if marks.isDisjoint(with: .telling), !segment.flags.contains(.fin) {
        takePlain(segment, from: sender, at: time)
        return Aftermath()
      }
      if marks.isSuperset(of: .bothNumbered), segment.hint.isEmpty, !isUnanswered(from: sender) {
        takeDue(segment, from: sender, at: time, frame: frame, pools: &pools)
        return Aftermath(isSettled: isSettled)
      }
    }
    return takeOther(
      &segment, from: sender, at: time, after: previousTime, frame: frame, pools: &pools)
  }

  /// Takes in the next that was due while the flow begins or ends: what `takeTelling` does of it.
  @inline(__always)
  private mutating func takeDue(
    _ segment: Segment, from side: Side, at time: Int64, frame: Int, pools: inout FlowPools
  ) {
    let arrival = arrival(from: side, at: time, frame: frame)
    if marks.contains(.closing), segment.payloadLength > 0 { keepClosing(pools: &pools) }
    if segment.flags.contains(.fin) {
      marks.insert(.sawFIN)
      noteWords(segment, from: side)
    }
    takePlain(segment, from: side, at: time)
    sides[side].next = segment.end
    if marks.contains(.opening) { noteFollower(segment, arrival) }
    if segment.flags.contains(.fin) { noteFIN(segment, from: side) }
    guard marks.contains(.closing) else { return }
    holdOfEnd(segment, arrival, isAhead: false, pools: &pools)
    noteAcknowledgedFIN(segment, from: side)
  }

  /// Takes in what is not plain.
  ///
  /// Never inlined: a plain segment would pay for the room that this needs.
  @inline(never)
  private mutating func takeOther(
    _ segment: inout Segment, from sender: Side, at time: Int64, after previous: Int64, frame: Int,
    pools: inout FlowPools
  ) -> Aftermath {
    let isSecond =
      !pools.keepsDuplicates && isSecondFrame(segment, from: sender, at: time, after: previous)
    let side = isSecond ? sender : settleRoles(by: segment, from: sender, pools: &pools)
    let arrival = arrival(from: side, at: time, frame: frame)
    if isSecond {
      if duplicates == 0 { pools.annexes[takeAnnex(&pools)].firstDuplicate = arrival.mark }
      takeSecondFrame(segment, from: side)
    } else {
      takeTelling(segment, arrival, pools: &pools)
    }
    return Aftermath(
      isSettled: isSettled, arrival: marks.contains(.hasPredecessor) ? arrival : nil)
  }

  /// Whether a segment is just what was due: no repeat, no second frame of the last segment,
  /// nothing that shows something missing before it, and no news of a close.
  @inline(__always)
  private func isInSequence(_ segment: Segment, from side: Side) -> Bool {
    sides[side].next == segment.sequenceNumber && marks.contains(.numbered(side))
      && (segment.identification == 0 || segment.identification != identifications[side])
      && segment.hint.kinds.rawValue & ~hints[side].rawValue == 0
      && !acknowledgesUnseen(segment, from: side)
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

  @inline(__always)
  private mutating func takePlain(_ segment: Segment, from side: Side, at time: Int64) {
    let hasPayload = segment.payloadLength > 0
    let old: Marks = hasPayload ? .dataIsOld(side) : .ackIsOld(side)
    if !marks.contains(old), !segment.flags.contains(.fin) {
      noteWords(segment, from: side, marking: old)
    }
    sides[side].packets &+= 1
    identifications[side] = segment.identification
    if sides[side].lastAck.precedes(segment.acknowledgmentNumber) {
      sides[side].lastAck = segment.acknowledgmentNumber
    }
    guard hasPayload else { return }
    countPayload(of: segment, from: side)
    notePayload(from: side, at: time)
    sides[side].next = segment.sequenceNumber + segment.payloadLength
  }

  /// A frame that shows its segment again counts as a packet, and tells nothing new.
  private mutating func takeSecondFrame(_ segment: Segment, from side: Side) {
    duplicates = duplicates.incremented
    zeek.take(segment, from: side, base: sides[side].base)
    sides[side].packets &+= 1
    countPayload(of: segment, from: side)
  }

  @inline(never)
  private mutating func noteWords(_ segment: Segment, from side: Side) {
    zeek.take(segment, from: side, base: sides[side].base)
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
    guard segment.payloadLength > 0 else { return }
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
    _ segment: Segment, _ arrival: Arrival, pools: inout FlowPools
  ) {
    let side = arrival.side
    noteSeen(segment.flags)
    zeek.take(segment, from: side, base: sides[side].base)
    sides[side].packets &+= 1
    if timeToLives[side] == 0 { timeToLives[side] = segment.timeToLive }
    identifications[side] = segment.identification
    if segment.payloadLength > 0 {
      if marks.contains(.closing) { keepClosing(pools: &pools) }
      countPayload(of: segment, from: side)
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

  /// ACK, perhaps with FIN, and neither SYN nor RST.
  @inline(__always)
  var isAckOrFIN: Bool { rawValue & 0b1_0110 == 0b1_0000 }

  /// A FIN that can be an event: with ACK, and without SYN and RST (RFC 9293 §3.10.7.4).
  var isFIN: Bool { rawValue & 0b1_0111 == 0b1_0001 }
}

extension UInt32 {
  /// One more, up to the greatest number there is.
  var incremented: UInt32 { self == .max ? self : self + 1 }
}
