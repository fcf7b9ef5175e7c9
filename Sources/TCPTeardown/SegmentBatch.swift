package import PacketDecoding

/// Packets on their way to the flow table, a few at a time.
///
/// A flow's row is seldom in the processor's nearest memory. One segment at a time, the processor
/// would wait for each row; of a batch, it fetches all rows at once before the first is needed.
package struct SegmentBatch: Sendable {
  struct Entry: Sendable {
    var segment: Segment
    /// Nanoseconds since the Unix epoch.
    var time: Int64
    /// 0 for a packet without a segment: it only tells the time.
    var frame: Int
  }

  /// A live view takes every packet at once.
  private let capacity: Int

  private(set) var entries: ContiguousArray<Entry> = []
  private let noSegment: Segment

  package init(isLive: Bool) {
    capacity = isLive ? 1 : 16
    entries.reserveCapacity(capacity)
    let nowhere = Endpoint(address: .v4(0), port: 0)
    noSegment = Segment(
      source: nowhere, destination: nowhere, sequenceNumber: SequenceNumber(0),
      acknowledgmentNumber: SequenceNumber(0), flags: [], payloadLength: 0)
  }

  package var isFull: Bool { entries.count >= capacity }

  /// Adds a segment captured at `time` (nanoseconds since the Unix epoch) as `frame`.
  package mutating func append(_ segment: Segment, at time: Int64, frame: Int) {
    entries.append(Entry(segment: segment, time: time, frame: frame))
  }

  /// Adds the time of a packet that held no segment.
  package mutating func append(time: Int64) {
    entries.append(Entry(segment: noSegment, time: time, frame: 0))
  }

  mutating func removeAll() { entries.removeAll(keepingCapacity: true) }
}

extension FlowTable {
  /// Takes in all that `batch` holds, in its order, and empties it.
  package mutating func take(_ batch: inout SegmentBatch) {
    for entry in batch.entries {
      tuples.append(Tuple(entry.segment.source, entry.segment.destination, seed: seed))
    }
    for tuple in tuples { touched &+= UInt64(bitPattern: Int64(index.firstRow(tuple.indexed))) }
    for tuple in tuples {
      let row = index.row(tuple.indexed) { _ in true }
      if row >= 0 { touched &+= flows[row].touch }
    }
    for (place, entry) in batch.entries.enumerated() {
      clock.advance(to: entry.time)
      expire()
      if entry.frame > 0 {
        take(entry.segment, of: tuples[place], at: entry.time, frame: entry.frame)
      }
    }
    tuples.removeAll(keepingCapacity: true)
    batch.removeAll()
  }
}

extension Flow {
  /// Something of each line of memory that a plain segment needs.
  fileprivate var touch: UInt64 {
    UInt64(truncatingIfNeeded: stream) &+ sides.client.payloadOctets
      &+ UInt64(truncatingIfNeeded: sides.server.lastPayload.frame)
  }
}
