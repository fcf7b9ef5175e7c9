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

  package internal(set) var counts = Counts()
  package private(set) var clock = CaptureClock()
  package let options: ReconstructionOptions

  var flows = Chunks<Flow>()
  private var freeRows: [Int32] = []
  private var index = FlowIndex()
  var pools = FlowPools()
  private var settled = FlowQueue()
  private var announcements = FlowQueue()
  private var recent = RecentTuples()
  private var finished: [FlowRecord] = []
  private var announced: [FlowRecord] = []
  private var nextStream = 0
  /// What is left to do at the end of the capture, the last stream first; nil before the end.
  private var unfinished: [(stream: Int, row: Int)]?
  private static let finishedAtOnce = 256
  /// ICMP errors that quote no flow as yet.
  var strays: [Stray] = []
  /// How long after its last segment a settled flow is final, in nanoseconds.
  private let hold: Int64
  /// How long after its last segment a settled flow is announced; nil for never.
  private let announceAfter: Int64?
  // Swift seeds its hasher anew in every process, so tuples cannot be chosen to collide.
  private let seed = UInt64(bitPattern: Int64(Hasher().finalize())) | 1

  /// `announceAfter` (nanoseconds) is the live view's: settled flows then come out of
  /// `drainAnnounced()` before they are final.
  package init(options: ReconstructionOptions, announceAfter: Int64? = nil) {
    self.options = options
    self.announceAfter = announceAfter
    hold = max(options.profile.timeWait, 120 * .nanosecondsPerSecond)
  }

  /// Live flows.
  package var count: Int { flows.count - freeRows.count }

  /// Moves the clock on and makes final what is due.
  ///
  /// Call it for every packet of the capture.
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
    let (key, sourceIsLow) = FlowKey.of(segment.source, segment.destination)
    let hash = key.hash(seed: seed)
    var row = row(of: key, hash)
    var superseded = -1
    var isOpened = false
    if row < 0 {
      row = open(key, hash, segment, sourceIsLow, at: time, frame: frame)
      isOpened = true
    } else if segment.flags.isOpening, beginsAnew(segment, row: row, sourceIsLow, at: time) {
      superseded = row
      row = supersede(row, key, hash, segment, sourceIsLow, at: time, frame: frame)
    } else if flows[row].marks.contains(.hasPredecessor), time < flows[row].startTime {
      row = Int(pools.annexes[flows[row].annex].predecessor)
    }
    let marks = flows[row].marks
    let side = marks.side(whoIsLow: sourceIsLow)
    if marks.contains(.hasPredecessor) {
      tellPredecessor(of: row, segment, from: side, at: time, frame: frame)
    }
    if flows[row].take(segment, from: side, at: time, frame: frame, pools: &pools) {
      follow(row)
    }
    if superseded >= 0 { moveLater(than: time, from: superseded, to: row) }
    if isOpened, !strays.isEmpty {
      takeStrays(at: time, by: segment.source, to: segment.destination)
    }
  }

  /// Takes in an ICMP error: evidence for the flow that it quotes, no packet of it (R23).
  package mutating func take(_ error: ICMPError, at time: Int64, frame: Int) {
    let (key, sourceIsLow) = FlowKey.of(error.source, error.destination)
    let row = row(of: key, key.hash(seed: seed))
    guard row >= 0 else {
      keepStray(error, at: time, frame: frame)
      return
    }
    let side = flows[row].marks.side(whoIsLow: sourceIsLow)
    let arrival = Arrival(from: side, at: time, frame: frame, to: flows[row])
    let observation = Observation(error, quoting: arrival, to: flows[row])
    flows[row].hold(observation, pools: &pools)
  }

  /// Ends the capture: what is still live becomes final, in the order of streams.
  ///
  /// Call it until it gives false, and take the records out in between: all at once they would
  /// need many times the room of the flows.
  package mutating func finishSome() -> Bool {
    if unfinished == nil { unfinished = liveRows() }
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
  @inline(__always)
  private func row(of key: FlowKey, _ hash: UInt64) -> Int {
    index.row(Self.indexed(hash)) { flows[$0].key == key }
  }

  /// The row of the newest flow of a segment's tuple, which must have one.
  func liveRow(of segment: Segment) -> Int {
    let key = FlowKey.of(segment.source, segment.destination).key
    return row(of: key, key.hash(seed: seed))
  }

  /// What the index takes of a hash.
  @inline(__always)
  private static func indexed(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

  /// Whether a SYN opens a new flow on a tuple that has one: its number is not its sender's base.
  private func beginsAnew(
    _ segment: Segment, row: Int, _ sourceIsLow: Bool, at time: Int64
  ) -> Bool {
    let side = flows[row].marks.side(whoIsLow: sourceIsLow)
    guard flows[row].marks.contains(.hasBase(side)),
      flows[row].sides[side].base != segment.sequenceNumber
    else { return false }
    // A SYN that was captured before all there is of a flow without one is that flow's own: the
    // file is out of order.
    let isOwn =
      !flows[row].marks.contains(.hasSYN) && time < flows[row].startTime
    return !isOwn
  }

  private mutating func open(
    _ key: FlowKey, _ hash: UInt64, _ segment: Segment, _ sourceIsLow: Bool,
    at time: Int64, frame: Int
  ) -> Int {
    let row = newRow(key, segment, sourceIsLow, at: time, frame: frame)
    index.insert(row, hash: Self.indexed(hash))
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
    let row = newRow(key, segment, sourceIsLow, at: time, frame: frame)
    index.replace(old, by: row, hash: Self.indexed(hash))
    pools.annexes[flows[row].takeAnnex(&pools)].predecessor = Int32(old)
    flows[row].marks.insert(.hasPredecessor)
    pools.annexes[flows[old].takeAnnex(&pools)].successor = Int32(row)
    return row
  }

  private mutating func newRow(
    _ key: FlowKey, _ segment: Segment, _ sourceIsLow: Bool, at time: Int64, frame: Int
  ) -> Int {
    var marks: Flow.Marks = .midstream
    var sourceIsClient = segment.source.port >= segment.destination.port
    if segment.flags.contains(.syn) {
      sourceIsClient = segment.flags.isOpening
      marks = Flow.Marks.rolesObserved.union(.opening)
    }
    if sourceIsClient == sourceIsLow { marks.insert(.clientIsLow) }
    let flow = Flow(stream: nextStream, key: key, time: time, frame: frame, marks: marks)
    nextStream += 1
    if let row = freeRows.popLast() {
      flows[Int(row)] = flow
      return Int(row)
    }
    flows.append(flow)
    return flows.count - 1
  }

  /// A segment of a flow is evidence for the one that had its tuple before, too.
  private mutating func tellPredecessor(
    of row: Int, _ segment: Segment, from side: Side, at time: Int64, frame: Int
  ) {
    guard segment.flags.kind != .impossible else { return }
    let predecessor = Int(pools.annexes[flows[row].annex].predecessor)
    let arrival = Arrival(from: side, at: time, frame: frame, to: flows[row])
    var observation = Observation(segment, arrival, to: flows[row])
    observation.marks.insert(.nextIncarnation)
    if flows[row].marks.contains(.clientIsLow) != flows[predecessor].marks.contains(.clientIsLow) {
      observation.side = side.peer
    }
    observation.nextNumbers = PerSide(
      client: flows[predecessor].sides.client.next, server: flows[predecessor].sides.server.next)
    flows[predecessor].hold(observation, pools: &pools)
  }

  /// What a telling segment means beyond its own row: for the tuple's former flow, for the queues.
  private mutating func follow(_ row: Int) {
    if flows[row].marks.contains(.hasPredecessor), flows[row].tellsOfPredecessor {
      finalizePredecessor(of: row)
    }
    if flows[row].isSettled { queue(row) }
  }

  private mutating func queue(_ row: Int) {
    if !flows[row].marks.contains(.queued) {
      flows[row].marks.insert(.queued)
      settled.append(entry(row, due: hold))
      settled.rotate(latest: deadline(hold, after: clock.now))
    }
    if let announceAfter, !flows[row].marks.contains(.announced) {
      flows[row].marks.insert(.announced)
      announcements.append(entry(row, due: announceAfter))
    }
  }

  /// Lets a row wait until `delay` nanoseconds after its flow's last segment.
  ///
  /// A stamp ahead of the clock may be corrupt: in the queue it would hold up all behind it.
  private func entry(_ row: Int, due delay: Int64) -> FlowQueue.Entry {
    FlowQueue.Entry(
      row: row, stream: flows[row].stream,
      deadline: deadline(delay, after: min(flows[row].lastTime, clock.now)))
  }

  private func deadline(_ delay: Int64, after time: Int64) -> Int64 {
    let (deadline, isOverflow) = time.addingReportingOverflow(delay)
    return isOverflow ? .max : deadline
  }

  @inline(__always)
  private mutating func expire() {
    while let entry = settled.next(due: clock.now) { expire(entry) }
    if announceAfter != nil {
      while let entry = announcements.next(due: clock.now) { announce(entry) }
    }
  }

  private mutating func expire(_ old: FlowQueue.Entry) {
    let row = Int(old.row)
    guard old.isStill(flows[row].stream) else { return }
    let new = entry(row, due: hold)
    // A flow whose last stamp the clock has not come to meanwhile would wait for ever.
    if new.deadline > clock.now, flows[row].lastTime <= clock.now {
      settled.append(new)
    } else {
      finalize(row, written: .closed)
    }
  }

  private mutating func announce(_ entry: FlowQueue.Entry) {
    let row = Int(entry.row)
    guard entry.isStill(flows[row].stream) else { return }
    announced.append(
      record(of: row, flows[row].annex(in: pools), written: .closed, isFinal: false))
  }

  private mutating func finalizePredecessor(of row: Int) {
    guard flows[row].marks.contains(.hasPredecessor) else { return }
    flows[row].marks.remove(.hasPredecessor)
    finalize(Int(pools.annexes[flows[row].annex].predecessor), written: .superseded)
  }

  private mutating func finalize(_ row: Int, written: FlowRecord.Written) {
    finalizePredecessor(of: row)
    let annex = flows[row].annex(in: pools)
    let isSuperseded = annex.map { $0.successor >= 0 } ?? false
    let record = record(
      of: row, annex, written: isSuperseded ? .superseded : written, isFinal: true)
    finished.append(record)
    counts.impossibleFlags += Int(flows[row].impossible)
    counts.evidenceOverflow += Int(flows[row].overflow)
    counts.duplicates += Int(flows[row].duplicates)
    if let annex, isSuperseded {
      flows[Int(annex.successor)].marks.remove(.hasPredecessor)
      if !record.teardown.timeWait.isEmpty {
        flows[Int(annex.successor)].marks.insert(.metTimeWait)
      }
    } else {
      let hash = flows[row].key.hash(seed: seed)
      index.remove(row, hash: Self.indexed(hash))
      recent.insert(hash)
    }
    flows[row].release(&pools)
    flows[row].stream = -1
    freeRows.append(Int32(row))
  }

  private func record(
    of row: Int, _ annex: FlowAnnex?, written: FlowRecord.Written, isFinal: Bool
  ) -> FlowRecord {
    let evidence = pools.evidence.observations(of: flows[row].evidence)
    let facts = FlowFacts(flows[row], annex, evidence: evidence, until: clock.end)
    return FlowRecord(
      flows[row], facts, written: written, isFinal: isFinal,
      teardown: reconstruct(facts, options: options))
  }

  /// Every live flow, the last stream first.
  private func liveRows() -> [(stream: Int, row: Int)] {
    var rows: [(stream: Int, row: Int)] = []
    rows.reserveCapacity(count)
    // Backwards: rows are mostly in the order of streams, and sorting what is sorted is quick.
    for row in (0..<flows.count).reversed() where flows[row].stream >= 0 {
      rows.append((stream: flows[row].stream, row: row))
    }
    rows.sort { $0.stream > $1.stream }
    return rows
  }
}
