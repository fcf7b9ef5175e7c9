/// Flows whose records are due, apart from the table that followed them.
///
/// Plain values in a few arrays, which a table fills and a `Recorder` reads, if need be on another
/// thread. The arrays are never emptied, only written over: emptying them and adding each flow anew
/// moved its row three times instead of once.
package struct DueFlows: Sendable {
  /// In the order in which they became due; those from `count` on mean nothing.
  private(set) var flows: [DueFlow] = []
  /// The rows of those that had one, and the others.
  private(set) var rows: [Flow] = []
  private(set) var packed: [PackedFlow] = []
  /// Of the flows that have one.
  private(set) var annexes: [FlowAnnex] = []
  /// The evidence of those with rows; behind `observationCount` it means nothing.
  private(set) var observations: [Observation] = []

  package private(set) var count = 0
  private var rowCount = 0
  private var packedCount = 0
  private var observationCount = 0

  package init() {}

  package var isEmpty: Bool { count == 0 }

  /// Adds the flow in a row of `rows` with what it has in `pools`; `successor` is the stream that
  /// took its tuple over.
  // Inlined, for a call would be handed copies.
  @inline(__always)
  mutating func append(
    _ row: Int, of rows: borrowing Chunks<Flow>, in pools: borrowing FlowPools, successor: Int?,
    written: FlowRecord.Written, isFinal: Bool, until: Int64
  ) {
    if rowCount == self.rows.count { self.rows.append(Flow()) }
    let place = rowCount
    var copies = self.rows.mutableSpan
    copies[place] = rows[row]
    let start = observationCount
    addObservations(of: rows[row].evidence, in: pools)
    var flow = DueFlow(place: place, written: written, isFinal: isFinal, until: until)
    rowCount += 1
    if rows[row].annex >= 0 {
      flow.annex = annexes.count
      annexes.append(pools.annexes[rows[row].annex])
    }
    flow.evidence = start..<observationCount
    flow.successor = successor
    add(flow)
  }

  /// Adds a flow that was packed.
  // `inout`, though nothing of it changes: handed over otherwise, it would be copied twice.
  @inline(__always)
  mutating func append(_ flow: inout PackedFlow, written: FlowRecord.Written, until: Int64) {
    if packedCount == packed.count { packed.append(PackedFlow()) }
    let place = packedCount
    var copies = packed.mutableSpan
    copies[place] = flow
    add(DueFlow(place: place, isPacked: true, written: written, until: until))
    packedCount += 1
  }

  @inline(__always)
  private mutating func add(_ flow: DueFlow) {
    if count == flows.count { flows.append(flow) }
    let place = count
    var flows = flows.mutableSpan
    flows[place] = flow
    count += 1
  }

  @inline(__always)
  private mutating func addObservations(
    of list: EvidencePool.List, in pools: borrowing FlowPools
  ) {
    let start = observationCount
    observationCount += Int(list.count)
    while observations.count < observationCount { observations.append(.none) }
    var observations = observations.mutableSpan
    for index in 0..<Int(list.count) {
      observations[start + index] = pools.evidence[pools.evidence.place(index, in: list)]
    }
  }

  /// Leaves nothing but the room.
  package mutating func removeAll() {
    (count, rowCount, packedCount, observationCount) = (0, 0, 0, 0)
    annexes.removeAll(keepingCapacity: true)
  }
}

/// One flow whose record is due.
struct DueFlow: Sendable {
  /// Where its row, as it was then, is among those of all, or what it was packed to.
  var place = 0
  var isPacked = false
  /// Where its annex is, and its evidence, among those of all.
  var annex: Int?
  var evidence = 0..<0
  /// The stream that took its tuple over.
  var successor: Int?
  var written = FlowRecord.Written.closed
  /// False for a settled flow that a live view shows before it is final.
  var isFinal = true
  /// Where the capture had come to, in nanoseconds since the Unix epoch.
  var until: Int64 = 0
}
