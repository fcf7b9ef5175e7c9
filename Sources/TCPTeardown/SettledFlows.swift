/// Flows that have settled, on their way to being final.
///
/// They are many times as many as the open ones, and seldom does a segment come for one. So they
/// stand apart: the rows and the index that every segment goes through stay small enough for the
/// processor's caches, whatever the time that settled flows wait.
///
/// What is written together and read together lies together: a row and the evidence of a plain
/// close. One that holds more has it in the pool, as open flows do.
struct SettledFlows: Sendable {
  private struct Entry {
    var flow: Flow
    /// The first ones of `flow.evidence.count`, if it is not in the pool.
    var evidence: InlineArray<4, Observation>
  }

  private var entries = Chunks<Entry>()
  private var freeSlots: [Int32] = []
  private var index = FlowIndex()
  /// The slots in the order in which they are due.
  private var queue = FlowQueue()

  var count: Int { index.count }

  /// The slot of the tuple's flow, -1 if there is none.
  @inline(__always)
  func slot(of tuple: Tuple) -> Int {
    index.row(tuple.indexed) { entries[$0].flow.key == tuple.key }
  }

  /// Something of what a look-up reads, so that it is at hand when that comes.
  @inline(__always)
  func touch(_ hash: UInt32) -> Int { index.firstRow(hash) }

  subscript(slot: Int) -> Flow { entries[slot].flow }

  /// Puts `flow` into a slot until `deadline`, or until `latest` if the clock has been set back
  /// since others came.
  mutating func add(
    _ flow: Flow, hash: UInt64, deadline: Int64, latest: Int64, pool: inout EvidencePool
  ) {
    var entry = Entry(flow: flow, evidence: Self.evidence(of: flow.evidence, pool))
    Self.leavePool(&entry.flow.evidence, &pool)
    let slot = freeSlots.popLast().map(Int.init) ?? entries.count
    entry.flow.slot = Int32(slot)
    if slot < entries.count { entries[slot] = entry } else { entries.append(entry) }
    index.insert(slot, hash: FlowIndex.indexed(hash))
    queue.append(FlowQueue.Entry(row: slot, stream: flow.stream, deadline: deadline))
    queue.rotate(latest: latest)
  }

  /// Puts a flow back into the slot that it has kept.
  mutating func putBack(_ flow: Flow, pool: inout EvidencePool) {
    let evidence = Self.evidence(of: flow.evidence, pool)
    entries[Int(flow.slot)] = Entry(flow: flow, evidence: evidence)
    Self.leavePool(&entries[Int(flow.slot)].flow.evidence, &pool)
  }

  /// The flow in `slot`, whose evidence is put into the pool.
  func takeOut(_ slot: Int, pool: inout EvidencePool) -> Flow {
    var flow = entries[slot].flow
    if flow.evidence.isElsewhere {
      let count = Int(flow.evidence.count)
      flow.evidence = EvidencePool.List()
      for place in 0..<count { pool.append(entries[slot].evidence[place], to: &flow.evidence) }
    }
    return flow
  }

  /// Adds the evidence of the flow in `slot` to `observations`.
  func addEvidence(
    of slot: Int, _ pool: borrowing EvidencePool, to observations: inout [Observation]
  ) {
    guard entries[slot].flow.evidence.isElsewhere else {
      pool.add(entries[slot].flow.evidence, to: &observations)
      return
    }
    for place in 0..<Int(entries[slot].flow.evidence.count) {
      observations.append(entries[slot].evidence[place])
    }
  }

  /// The first observations of a list, with anything behind its end.
  private static func evidence(
    of list: EvidencePool.List, _ pool: borrowing EvidencePool
  ) -> InlineArray<4, Observation> {
    guard list.count > 0 else { return InlineArray(repeating: .none) }
    let last = Int(list.count) - 1
    return InlineArray { pool[pool.place(min($0, last), in: list)] }
  }

  /// Gives the pool's room back where the entry has room for all.
  private static func leavePool(_ list: inout EvidencePool.List, _ pool: inout EvidencePool) {
    if list.count <= 4 { pool.release(&list, leaving: Int(list.count)) }
  }

  /// Frees a slot.
  mutating func remove(_ slot: Int, hash: UInt64) {
    entries[slot].flow.stream = -1
    index.remove(slot, hash: FlowIndex.indexed(hash))
    freeSlots.append(Int32(slot))
  }

  /// When the next flow may be due; the end of time where none waits.
  var nextDeadline: Int64 { queue.nextDeadline }

  /// The slot of a flow whose time has come.
  @inline(__always)
  mutating func next(due now: Int64) -> Int? {
    queue.nextDeadline > now ? nil : nextInQueue(due: now)
  }

  private mutating func nextInQueue(due now: Int64) -> Int? {
    while let entry = queue.next(due: now) {
      if entry.isStill(entries[Int(entry.row)].flow.stream) { return Int(entry.row) }
    }
    return nil
  }

  /// Lets the flow in `slot`, whose time had come, wait again.
  mutating func wait(_ slot: Int, until deadline: Int64) {
    queue.append(FlowQueue.Entry(row: slot, stream: entries[slot].flow.stream, deadline: deadline))
  }

  /// The slots in use, with their flows' streams.
  func forEach(_ body: (_ slot: Int, _ stream: Int) -> Void) {
    for slot in 0..<entries.count where entries[slot].flow.stream >= 0 {
      body(slot, entries[slot].flow.stream)
    }
  }
}
