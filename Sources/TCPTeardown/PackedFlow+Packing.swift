internal import PacketDecoding

/// How a flow is packed, and what of its evidence comes back.
extension PackedFlow {
  /// Which segment of the close it is: FIN, its ACK, FIN, its ACK; in a close of three segments the
  /// second FIN is the first one's ACK.
  private enum Part {
    case fin, ackOfFIN, otherFIN, lastACK

    var kind: TCPFlags.Kind { self == .fin || self == .otherFIN ? .fin : .ack }
  }

  @inline(__always)
  private func part(at index: Int) -> Part {
    if index == 0 { return .fin }
    if index == Int(count) &- 1 { return .lastACK }
    return index == Int(count) &- 2 ? .otherFIN : .ackOfFIN
  }

  /// The numbers of one segment of the close, and where both sides' stood before it.
  private struct Numbers {
    let side: Side
    let sequenceNumber: SequenceNumber
    let acknowledgmentNumber: SequenceNumber
    let payloadLength: UInt32
    let nextNumbers: PerSide<SequenceNumber>
    let lastAcks: PerSide<SequenceNumber>
  }

  /// Those that follow by the book.
  @inline(__always)
  private func numbers(of part: Part) -> Numbers {
    let (own, other) = (fins[first], fins[first.peer])
    if case .fin = part {
      let number = own - UInt32(payloadLength)
      return Numbers(
        side: first, sequenceNumber: number, acknowledgmentNumber: acknowledged,
        payloadLength: UInt32(payloadLength), nextNumbers: PerSide(first, number, peer: other),
        lastAcks: lastAcks)
    }
    let firstAck = lastAcks[first].precedes(acknowledged) ? acknowledged : lastAcks[first]
    if case .lastACK = part {
      return Numbers(
        side: first, sequenceNumber: own + 1, acknowledgmentNumber: other + 1, payloadLength: 0,
        nextNumbers: PerSide(first, own + 1, peer: other + 1),
        lastAcks: PerSide(first, firstAck, peer: own + 1))
    }
    let isAnswered = if case .otherFIN = part { count == 4 } else { false }
    return Numbers(
      side: first.peer, sequenceNumber: other, acknowledgmentNumber: own + 1, payloadLength: 0,
      nextNumbers: PerSide(first, own + 1, peer: other),
      lastAcks: PerSide(first, firstAck, peer: isAnswered ? own + 1 : lastAcks[first.peer]))
  }

  /// The evidence at `index`, counted from 0.
  @inline(__always)
  func observation(at index: Int) -> Observation {
    let numbers = numbers(of: part(at: index))
    return Observation(
      mark(segments[index].moment), from: numbers.side, sequenceNumber: numbers.sequenceNumber,
      acknowledgmentNumber: numbers.acknowledgmentNumber, payloadLength: numbers.payloadLength,
      nextNumbers: numbers.nextNumbers, lastAcks: numbers.lastAcks, flags: segments[index].flags,
      timestampValue: segments[index].timestampValue, timestampEcho: segments[index].timestampEcho,
      window: segments[index].window, identification: segments[index].identification,
      timeToLive: segments[index].timeToLive, marks: segments[index].marks)
  }

  /// Takes in a settled flow, with its evidence in `pool`, if it was closed by the book; what is here
  /// means nothing otherwise.
  ///
  /// All of it can be given back then, and `PlainClose` need not look again.
  // `inout`, though nothing of them changes: handed over otherwise, the flow would be copied.
  @inline(never)
  mutating func pack(_ flow: inout Flow, _ pool: inout EvidencePool) -> Bool {
    count = flow.evidence.count
    guard flow.annex < 0, count == 3 || count == 4,
      flow.overflow | flow.impossible | flow.duplicates == 0, flow.stream <= UInt32.max,
      let zeek = flow.zeek.ofPlainClose(flow.fin)
    else { return false }
    words = zeek
    fins = flow.fin
    startTime = flow.startTime
    firstFrame = flow.firstFrame
    var excess: UInt64 = 0
    guard packEvidence(of: &flow, &pool, &excess), closesAllNumbers(of: &flow) else { return false }
    key = flow.key
    streamBits = UInt32(truncatingIfNeeded: flow.stream)
    marks = flow.marks
    synAckMoment = moment(flow.synAck, &excess)
    ackMoment = moment(flow.ack, &excess)
    serverMoment = moment(flow.serverSpoke, &excess)
    payloadMoments = PerSide(
      client: moment(flow.sides.client.lastPayload, &excess),
      server: moment(flow.sides.server.lastPayload, &excess))
    bases = flow.bases
    packets = flow.packets
    octets = PerSide(
      client: UInt32(truncatingIfNeeded: flow.sides.client.payloadOctets),
      server: UInt32(truncatingIfNeeded: flow.sides.server.payloadOctets))
    excess |= (flow.sides.client.payloadOctets | flow.sides.server.payloadOctets) >> 32
    hints = flow.hints
    timeToLives = flow.timeToLives
    return excess == 0 && flow.lastTime == lastTime && flow.lastFrame == lastFrame
  }

  @inline(never)
  private mutating func packEvidence(
    of flow: inout Flow, _ pool: inout EvidencePool, _ excess: inout UInt64
  ) -> Bool {
    // So few stand one behind the other.
    let place = pool.place(0, in: flow.evidence)
    guard packFIN(&pool[place], &excess) else { return false }
    if count == 3 {
      return pack(&pool[place &+ 1], as: .otherFIN, at: 1, &excess)
        && pack(&pool[place &+ 2], as: .lastACK, at: 2, &excess)
        && segments[0].moment.isBefore(segments[1].moment)
        && segments[1].moment.isBefore(segments[2].moment)
    }
    return pack(&pool[place &+ 1], as: .ackOfFIN, at: 1, &excess)
      && pack(&pool[place &+ 2], as: .otherFIN, at: 2, &excess)
      && pack(&pool[place &+ 3], as: .lastACK, at: 3, &excess)
      && segments[0].moment.isBefore(segments[1].moment)
      && segments[1].moment.isBefore(segments[2].moment)
      && segments[2].moment.isBefore(segments[3].moment)
  }

  @inline(__always)
  private mutating func packFIN(_ held: inout Observation, _ excess: inout UInt64) -> Bool {
    guard held.payloadLength <= UInt16.max else { return false }
    first = held.side
    payloadLength = UInt16(truncatingIfNeeded: held.payloadLength)
    acknowledged = held.acknowledgmentNumber
    lastAcks = held.lastAcks
    // Numbers of another order, as a file out of order has them.
    guard acknowledged != fins[first.peer] + 1 else { return false }
    return pack(&held, as: .fin, at: 0, &excess)
  }

  @inline(__always)
  private mutating func pack(
    _ held: inout Observation, as part: Part, at index: Int, _ excess: inout UInt64
  ) -> Bool {
    let numbers = numbers(of: part)
    guard held.side == numbers.side, held.sequenceNumber == numbers.sequenceNumber,
      held.acknowledgmentNumber == numbers.acknowledgmentNumber,
      held.payloadLength == numbers.payloadLength, held.nextNumbers == numbers.nextNumbers,
      held.lastAcks == numbers.lastAcks, held.count == 1, held.lastTime == held.time,
      held.lastFrame == held.frame, held.flags.kind == part.kind,
      held.marks.isSubset(of: [.timestamps, .clientNumbers, .serverNumbers])
    else { return false }
    segments[index] = PackedObservation(
      moment: Moment(Mark(time: held.time, frame: held.frame), startTime, firstFrame, &excess),
      timestampValue: held.timestampValue, timestampEcho: held.timestampEcho,
      window: held.window, identification: held.identification,
      timeToLive: held.timeToLive, flags: held.flags, marks: held.marks)
    return true
  }

  /// `mark`, which may be unknown.
  @inline(__always)
  private func moment(_ mark: Mark, _ excess: inout UInt64) -> Moment {
    mark.isKnown ? Moment(mark, startTime, firstFrame, &excess) : .none
  }

  /// Whether both sides' numbers ended with their FINs, and the last IP-IDs are those of the close.
  @inline(__always)
  private func closesAllNumbers(of flow: inout Flow) -> Bool {
    let (last, other) = (Int(count) &- 1, Int(count) &- 2)
    guard flow.sides.client.next == fins.client + 1, flow.sides.server.next == fins.server + 1,
      flow.sides.client.lastAck == fins.server + 1, flow.sides.server.lastAck == fins.client + 1,
      flow.identifications[first] == segments[last].identification,
      flow.identifications[first.peer] == segments[other].identification
    else { return false }
    return true
  }
}
