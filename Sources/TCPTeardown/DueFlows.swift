/// Flows whose records are due, apart from the table that followed them.
///
/// Plain values in a few arrays, which a table fills and a `Recorder` reads, if need be on another
/// thread. The arrays are never emptied, only written over: emptying them and adding each flow anew
/// moved its row three times instead of once.
package struct DueFlows: Sendable {
  /// In the order in which they became due; those from `count` on mean nothing.
  private(set) var flows: [DueFlow] = []
  /// Of the flows that have one.
  private(set) var annexes: [FlowAnnex] = []
  /// The evidence of all of them; behind `observationCount` it means nothing.
  private(set) var observations: [Observation] = []

  package private(set) var count = 0
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
    if count == flows.count { flows.append(DueFlow()) }
    let start = observationCount
    addObservations(of: rows[row].evidence, in: pools)
    var annex: Int?
    if rows[row].annex >= 0 {
      annex = annexes.count
      annexes.append(pools.annexes[rows[row].annex])
    }
    let (place, evidence) = (count, start..<observationCount)
    count += 1
    var flows = flows.mutableSpan
    flows[place].flow = rows[row]
    flows[place].annex = annex
    flows[place].evidence = evidence
    flows[place].successor = successor
    flows[place].written = written
    flows[place].isFinal = isFinal
    flows[place].until = until
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
    count = 0
    observationCount = 0
    annexes.removeAll(keepingCapacity: true)
  }
}

/// One flow whose record is due.
struct DueFlow: Sendable {
  /// Its row, as it was then.
  var flow = Flow()
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
