internal import BasicContainers

/// Room for more flows, made before a table needs it.
///
/// Memory that was never used costs the thread that touches it first. Another thread makes it,
/// which has time.
package struct FlowStock: ~Copyable, Sendable {
  fileprivate var rows: Chunks<Flow>.Chunk?
  fileprivate var evidence: Chunks<Observation>.Chunk?
  fileprivate var closed: Chunks<PackedFlow>.Chunk?

  package init() {}

  /// Makes what a table has taken.
  package mutating func fill() {
    if rows == nil { rows = Chunks.makeChunk(of: Flow()) }
    if evidence == nil { evidence = Chunks.makeChunk(of: Observation.none) }
    if closed == nil { closed = Chunks.makeChunk(of: PackedFlow()) }
  }
}

extension FlowTable {
  /// Takes what it has none of at hand.
  package mutating func take(_ stock: inout FlowStock) {
    flows.takeSpare(&stock.rows)
    pools.evidence.takeSpare(&stock.evidence)
    closed.takeSpare(&stock.closed)
  }
}
