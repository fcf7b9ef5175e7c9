package import PacketDecoding

/// All live flows of one capture, found by their tuple and updated in place.
///
/// Feed it every packet in order: `advance(to:)` with its time, then `take` with what was decoded
/// of it. Records come out of `drain()` once their flow is final; `finish()` ends the capture.
package struct FlowTable: Sendable {
  /// What the flow table counts, whatever becomes of the flows.
  package struct Counts: Equatable, Sendable {
    package var segments = 0
    /// Flows opened by a segment of a tuple whose flow was final already.
    package var late = 0
    /// ICMP errors that quote no flow of the capture.
    package var strayICMPErrors = 0
    /// Segments with flags that no endpoint sends.
    package var impossibleFlags = 0
    /// Observations that found no room in their flow.
    package var evidenceOverflow = 0
    /// Frames that show a segment another frame has shown.
    package var duplicates = 0
  }

  package private(set) var counts = Counts()
  package private(set) var clock = CaptureClock()
  package let options: ReconstructionOptions

  private var flows = Chunks<Flow>()
  private var freeRows: [Int32] = []
  private var index = FlowIndex()
  private var pool = EvidencePool()
  private var settled = FlowQueue()
  private var announcements = FlowQueue()
  private var recent = RecentTuples()
  private var finished: [FlowRecord] = []
  private var announced: [FlowRecord] = []
  private var nextStream = 0
  /// What is left to do at the end of the capture, the last stream first; nil before the end.
  private var unfinished: [(stream: Int, row: Int)]?
  private static let finishedAtOnce = 256
  /// How long after its last segment a settled flow is final, in nanoseconds.
  private let hold: Int64
  /// How long after its last segment a settled flow is announced; nil for never.
  private let announceAfter: Int64?

  /// `announceAfter` (nanoseconds) is the live view's: settled flows then come out of
  /// `drainAnnounced()` before they are final.
  package init(options: ReconstructionOptions, announceAfter: Int64? = nil) {
    self.options = options
    self.announceAfter = announceAfter
    hold = max(options.profile.timeWait, 120 * .nanosecondsPerSecond)
  }

  /// Live flows.
  package var count: Int { flows.count - freeRows.count }

  /// Moves the clock on and makes final what is due. Call it for every packet of the capture.
  @inline(__always)
  package mutating func advance(to time: Int64) {
    clock.advance(to: time)
    expire()
  }

  /// Moves the clock on where no packets come, and makes final what is due.
  package mutating func idle(until time: Int64) {
    clock.idle(until: time)
    expire()
  }

  /// Takes in a segment captured at `time` (nanoseconds since the Unix epoch) as `frame`.
  package mutating func take(_ segment: Segment, at time: Int64, frame: Int) {
    counts.segments += 1
    let key = FlowKey(segment.source, segment.destination)
    let hash = index.hash(of: key)
    var row = index.row(of: key, hash: hash)
    let sourceIsLow = key.isLow(segment.source)
    let isOpening = segment.flags.isOpening
    if row < 0 {
      row = open(key, hash, segment, sourceIsLow, at: time, frame: frame)
    } else if isOpening, beginsAnew(segment, row: row, sourceIsLow) {
      row = supersede(row, key, hash, segment, sourceIsLow, at: time, frame: frame)
    }
    let side: Side = sourceIsLow == flows[row].marks.contains(.clientIsLow) ? .client : .server
    if let observation = flows[row].take(
      segment, from: side, at: time, frame: frame, pool: &pool)
    {
      follow(observation, row: row)
    }
  }

  /// Takes in an ICMP error: evidence for the flow that it quotes, no packet of it (R23).
  package mutating func take(_ error: ICMPError, at time: Int64, frame: Int) {
    let key = FlowKey(error.source, error.destination)
    let row = index.row(of: key, hash: index.hash(of: key))
    guard row >= 0 else {
      counts.strayICMPErrors += 1
      return
    }
    let sourceIsLow = key.isLow(error.source)
    let side: Side = sourceIsLow == flows[row].marks.contains(.clientIsLow) ? .client : .server
    let observation = Observation(error, quoting: side, at: time, frame: frame, before: flows[row])
    flows[row].hold(observation, pool: &pool)
  }

  /// Ends the capture: what is still live becomes final, in the order of streams.
  ///
  /// Call it until it gives false, and take the records out in between: all at once they would
  /// need many times the room of the flows.
  package mutating func finishSome() -> Bool {
    if unfinished == nil {
      let rows = (0..<flows.count).map { (stream: flows[$0].stream, row: $0) }
      unfinished = rows.filter { $0.stream >= 0 }.sorted { $0.stream > $1.stream }
    }
    for _ in 0..<Self.finishedAtOnce {
      guard let next = unfinished?.popLast() else { break }
      if flows[next.row].stream == next.stream { finalize(next.row, written: .captureEnd) }
    }
    return hasFinished || unfinished?.isEmpty == false
  }

  /// Hands over the records of flows that became final since the last call.
  package mutating func drain(_ body: (FlowRecord) throws -> Void) rethrows {
    defer { finished.removeAll(keepingCapacity: true) }
    for record in finished { try body(record) }
  }

  package var hasFinished: Bool { !finished.isEmpty }

  package var hasAnnounced: Bool { !announced.isEmpty }

  /// The records of flows that settled a while ago and are not final yet.
  package mutating func drainAnnounced() -> [FlowRecord] {
    defer { announced.removeAll(keepingCapacity: true) }
    return announced
  }
}

/// Rows come and go.
extension FlowTable {
  /// Whether a SYN opens a new flow on a tuple that has one: its number is not its sender's base.
  private func beginsAnew(
    _ segment: Segment, row: Int, _ sourceIsLow: Bool
  ) -> Bool {
    let side: Side = sourceIsLow == flows[row].marks.contains(.clientIsLow) ? .client : .server
    return flows[row].marks.contains(.hasBase(side))
      && flows[row].sides[side].base != segment.sequenceNumber
  }

  private mutating func open(
    _ key: FlowKey, _ hash: UInt64, _ segment: Segment, _ sourceIsLow: Bool,
    at time: Int64, frame: Int
  ) -> Int {
    let row = newRow(segment, sourceIsLow, at: time, frame: frame)
    index.insert(key, hash: hash, row: row)
    if !segment.flags.contains(.syn), recent.contains(hash) {
      flows[row].marks.insert(.late)
      counts.late += 1
    }
    return row
  }

  /// Opens a new flow on a tuple; the old one stays until the new handshake tells of its end.
  private mutating func supersede(
    _ old: Int, _ key: FlowKey, _ hash: UInt64, _ segment: Segment,
    _ sourceIsLow: Bool, at time: Int64, frame: Int
  ) -> Int {
    finalizePredecessor(of: old)
    let row = newRow(segment, sourceIsLow, at: time, frame: frame)
    index.move(key, hash: hash, to: row)
    flows[row].predecessor = Int32(old)
    flows[old].successor = Int32(row)
    return row
  }

  private mutating func newRow(
    _ segment: Segment, _ sourceIsLow: Bool, at time: Int64, frame: Int
  ) -> Int {
    var marks: Flow.Marks = []
    let sourceIsClient: Bool
    if segment.flags.contains(.syn) {
      sourceIsClient = segment.flags.isOpening
      marks = [.rolesObserved, .opening]
    } else {
      sourceIsClient = segment.source.port >= segment.destination.port
      marks = .midstream
    }
    if sourceIsClient == sourceIsLow { marks.insert(.clientIsLow) }
    let flow = Flow(stream: nextStream, time: time, frame: frame, marks: marks)
    nextStream += 1
    if let row = freeRows.popLast() {
      flows[Int(row)] = flow
      return Int(row)
    }
    flows.append(flow)
    return flows.count - 1
  }

  /// What a telling segment means beyond its own row: for the tuple's former flow, for the queues.
  private mutating func follow(_ observation: Observation, row: Int) {
    let predecessor = Int(flows[row].predecessor)
    if predecessor >= 0 {
      var evidence = observation
      evidence.marks.insert(.nextIncarnation)
      if flows[row].marks.contains(.clientIsLow) != flows[predecessor].marks.contains(.clientIsLow)
      {
        evidence.side = evidence.side.peer
      }
      evidence.nextNumbers = PerSide(
        client: flows[predecessor].sides.client.next, server: flows[predecessor].sides.server.next)
      flows[predecessor].hold(evidence, pool: &pool)
      if flows[row].tellsOfPredecessor { finalizePredecessor(of: row) }
    }
    if flows[row].isSettled { queue(row) }
  }

  private mutating func queue(_ row: Int) {
    let flow = flows[row]
    if !flow.marks.contains(.queued) {
      flows[row].marks.insert(.queued)
      settled.append(
        FlowQueue.Entry(row: Int32(row), stream: flow.stream, deadline: flow.lastTime + hold))
    }
    if let announceAfter, !flow.marks.contains(.announced) {
      flows[row].marks.insert(.announced)
      announcements.append(
        FlowQueue.Entry(
          row: Int32(row), stream: flow.stream, deadline: flow.lastTime + announceAfter))
    }
  }

  @inline(__always)
  private mutating func expire() {
    while let entry = settled.next(due: clock.now) { expire(entry) }
    if announceAfter != nil {
      while let entry = announcements.next(due: clock.now) { announce(entry) }
    }
  }

  private mutating func expire(_ entry: FlowQueue.Entry) {
    let row = Int(entry.row)
    guard flows[row].stream == entry.stream else { return }
    let deadline = flows[row].lastTime + hold
    if deadline > clock.now {
      settled.append(FlowQueue.Entry(row: entry.row, stream: entry.stream, deadline: deadline))
    } else {
      finalize(row, written: .closed)
    }
  }

  private mutating func announce(_ entry: FlowQueue.Entry) {
    let row = Int(entry.row)
    guard flows[row].stream == entry.stream else { return }
    announced.append(record(of: row, written: .closed, isFinal: false))
  }

  private mutating func finalizePredecessor(of row: Int) {
    let predecessor = Int(flows[row].predecessor)
    guard predecessor >= 0 else { return }
    flows[row].predecessor = -1
    finalize(predecessor, written: .superseded)
  }

  private mutating func finalize(_ row: Int, written: FlowRecord.Written) {
    finalizePredecessor(of: row)
    let successor = Int(flows[row].successor)
    let isSuperseded = successor >= 0
    if isSuperseded, flows[successor].predecessor == Int32(row) {
      flows[successor].predecessor = -1
    }
    finished.append(
      record(of: row, written: isSuperseded ? .superseded : written, isFinal: true))
    counts.impossibleFlags += flows[row].impossible
    counts.evidenceOverflow += flows[row].overflow
    counts.duplicates += flows[row].duplicates
    if !isSuperseded {
      let key = index.key(of: row)
      let hash = index.hash(of: key)
      index.remove(key, hash: hash)
      recent.insert(hash)
    }
    pool.release(&flows[row].evidence)
    flows[row] = .free
    freeRows.append(Int32(row))
  }

  private func record(of row: Int, written: FlowRecord.Written, isFinal: Bool) -> FlowRecord {
    let flow = flows[row]
    let key = index.key(of: row)
    let lowIsClient = flow.marks.contains(.clientIsLow)
    let evidence = pool.observations(of: flow.evidence)
    let facts = FlowFacts(flow, evidence: evidence, until: clock.end)
    return FlowRecord(
      flow, client: lowIsClient ? key.low : key.high, server: lowIsClient ? key.high : key.low,
      written: written, isFinal: isFinal, evidence: evidence,
      teardown: reconstruct(facts, options: options))
  }
}
