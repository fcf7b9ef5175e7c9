internal import PacketDecoding

/// What the order of the file may not change: whose a segment is, where a tuple is used again.
extension FlowTable {
  /// Frames that change places in a file stand this close together (nanoseconds).
  private static let disorder = Int64.nanosecondsPerSecond

  /// A SYN came late in the file: what the old flow holds with later stamps is the new one's.
  mutating func moveLater(than time: Int64, from old: Int, to row: Int) {
    let held = flows[old].lastTime.subtractingReportingOverflow(time)
    guard !held.overflow, held.partialValue > 0, held.partialValue <= Self.disorder else { return }
    let evidence = pools.evidence.observations(of: flows[old].evidence)
    let later = evidence.filter { $0.time > time && $0.isOwnSegment && $0.count == 1 }
    guard !later.isEmpty else { return }
    pools.evidence.release(&flows[old].evidence)
    for observation in evidence where !later.contains(observation) {
      pools.evidence.append(observation, to: &flows[old].evidence)
    }
    // A segment may stand in the evidence twice: as a repeat, and as the FIN that it carries.
    var frames: Set<Int> = []
    let moved = later.filter { frames.insert($0.frame).inserted }.sorted { $0.time < $1.time }
    let segments = moved.map { flows[old].segment(of: $0) }
    for observation in moved { flows[old].disown(observation) }
    let kept = evidence.filter { $0.isOwnSegment && !later.contains($0) }
    flows[old].endEarlier(than: time, kept)
    if flows[old].annex >= 0 { pools.annexes[flows[old].annex].forget(since: time) }
    for (segment, observation) in zip(segments, moved) {
      takeAgain(segment, at: observation.time, frame: observation.frame)
    }
  }

  /// Takes in a segment that another flow of its tuple has given up.
  ///
  /// Its frame may come before those of the flow that takes it, which may be one that a SYN among
  /// the moved segments has opened.
  private mutating func takeAgain(_ segment: AddressedSegment, at time: Int64, frame: Int) {
    let former = liveRow(of: segment)
    let (stream, newest) = (flows[former].stream, flows[former].lastFrame)
    counts.segments -= 1
    take(segment, at: time, frame: frame)
    let row = liveRow(of: segment)
    let tuple = Tuple(segment.source, segment.destination, scope: segment.scope)
    displaced.note(frame, stream: self.stream(of: tuple, at: time))
    guard flows[row].stream == stream else { return }
    flows[row].firstFrame = min(flows[row].firstFrame, frame)
    flows[row].lastFrame = max(newest, frame)
  }

  /// An ICMP error that quotes no flow waits a little: its SYN may stand behind it.
  mutating func keepStray(_ error: ICMPError, at time: Int64, frame: Int) {
    counts.strayICMPErrors += 1
    if strays.count == Self.strayLimit { strays.removeFirst() }
    strays.append(Stray(error: error, time: time, frame: frame))
  }

  /// Takes in the ICMP errors that quote a flow which has just been opened.
  mutating func takeStrays(at time: Int64, of tuple: Tuple) {
    let own = strays.filter {
      $0.error.source == tuple.source && $0.error.destination == tuple.destination
        && $0.error.scope == tuple.key.scope
        && time.subtractingReportingOverflow($0.time).partialValue.magnitude
          <= Self.disorder.magnitude
    }
    guard !own.isEmpty else { return }
    strays.removeAll { stray in own.contains { $0.frame == stray.frame } }
    counts.strayICMPErrors -= own.count
    for stray in own {
      take(stray.error, at: stray.time, frame: stray.frame)
      displaced.note(stray.frame, stream: stream(of: tuple, at: stray.time))
    }
  }

  private static let strayLimit = 8

  /// An ICMP error and when it came.
  struct Stray: Sendable {
    let error: ICMPError
    let time: Int64
    let frame: Int
  }
}

extension Observation {
  fileprivate var isOwnSegment: Bool { !isICMPError && !isOfNextIncarnation }
}

extension Flow {
  /// The segment that an observation was made of.
  fileprivate func segment(of observation: Observation) -> AddressedSegment {
    let isLow = (observation.side == .client) == marks.contains(.clientIsLow)
    var options = TCPOptions()
    if observation.marks.contains(.timestamps) {
      options.present.insert(.timestamps)
      options.timestampValue = observation.timestampValue
      options.timestampEcho = observation.timestampEcho
    }
    var segment = AddressedSegment(
      source: isLow ? key.low : key.high, destination: isLow ? key.high : key.low,
      sequenceNumber: observation.sequenceNumber,
      acknowledgmentNumber: observation.acknowledgmentNumber, flags: observation.flags,
      payloadLength: observation.payloadLength, window: observation.window,
      timeToLive: observation.timeToLive, identification: observation.identification,
      options: options)
    segment.scope = key.scope
    return segment
  }

  /// Ends the flow with the last that it keeps, as far as that is known.
  fileprivate mutating func endEarlier(than time: Int64, _ kept: [Observation]) {
    var marks = kept.map { Mark(time: $0.lastTime, frame: $0.lastFrame) }
    marks += [synAck, ack, serverSpoke, sides.client.lastPayload, sides.server.lastPayload]
    let last = marks.filter { $0.isKnown && $0.time <= time }
    lastTime = last.map(\.time).reduce(startTime, max)
    lastFrame = last.map(\.frame).reduce(firstFrame, max)
    if !kept.contains(where: \.isFIN) { self.marks.remove(.sawFIN) }
    if !kept.contains(where: \.isReset) { self.marks.remove(.sawRST) }
  }

  /// Takes a segment out of what the flow has counted.
  fileprivate mutating func disown(_ observation: Observation) {
    sides[observation.side].packets &-= 1
    sides[observation.side].payloadOctets &-= UInt64(observation.payloadLength)
    if observation.isReset { marks.remove(.reset) }
  }
}

extension FlowAnnex {
  /// Takes back what is marked later than `time`; places in the evidence mean nothing any more.
  fileprivate mutating func forget(since time: Int64) {
    latest = PerSide(both: LatestPlaces())
    if lastSYNAck.time > time { (lastSYNAck, synAckRepeats) = (.none, 0) }
    if lastSYN.time > time { (lastSYN, synRepeats) = (.none, 0) }
  }
}
