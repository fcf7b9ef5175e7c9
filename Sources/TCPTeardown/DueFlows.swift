/// Flows whose records are due, apart from the table that followed them.
///
/// Plain values in a few arrays, which a table fills and a `Recorder` reads, if need be on another
/// thread.
package struct DueFlows: Sendable {
  /// In the order in which they became due.
  private(set) var flows: [DueFlow] = []
  /// Of the flows that have one.
  private(set) var annexes: [FlowAnnex] = []
  /// The evidence of all of them.
  private(set) var observations: [Observation] = []

  package init() {}

  package var isEmpty: Bool { flows.isEmpty }

  package var count: Int { flows.count }

  /// Adds a flow with what it has in `pools`; `successor` is the stream that took its tuple over.
  // Inlined, for a call would be handed a copy of the row and of the pools.
  @inline(__always)
  mutating func append(
    _ flow: borrowing Flow, in pools: borrowing FlowPools, successor: Int?,
    written: FlowRecord.Written, isFinal: Bool, until: Int64
  ) {
    let start = observations.count
    pools.evidence.add(flow.evidence, to: &observations)
    var annex: Int?
    if flow.annex >= 0 {
      annex = annexes.count
      annexes.append(pools.annexes[flow.annex])
    }
    flows.append(
      DueFlow(
        flow: copy flow, annex: annex, evidence: start..<observations.count, successor: successor,
        written: written, isFinal: isFinal, until: until))
  }

  /// Leaves nothing but the room.
  package mutating func removeAll() {
    flows.removeAll(keepingCapacity: true)
    annexes.removeAll(keepingCapacity: true)
    observations.removeAll(keepingCapacity: true)
  }
}

/// One flow whose record is due.
struct DueFlow: Sendable {
  /// Its row, as it was then.
  let flow: Flow
  /// Where its annex is, and its evidence, among those of all.
  let annex: Int?
  let evidence: Range<Int>
  /// The stream that took its tuple over.
  let successor: Int?
  let written: FlowRecord.Written
  /// False for a settled flow that a live view shows before it is final.
  let isFinal: Bool
  /// Where the capture had come to, in nanoseconds since the Unix epoch.
  let until: Int64
}
