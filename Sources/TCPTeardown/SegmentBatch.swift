public import PacketDecoding

/// Packets on their way to the flow table, a few at a time.
///
/// A flow's row is seldom in the processor's nearest memory. One segment at a time, the processor
/// would wait for each row; of a batch, it fetches all rows at once before the first is needed.
///
/// Public so that it can be inlined: another module adds each packet.
public struct SegmentBatch: Sendable {
  @usableFromInline
  struct Entry: Sendable {
    @usableFromInline var segment = Segment()
    /// Nanoseconds since the Unix epoch.
    @usableFromInline var time: Int64 = 0
    /// 0 for a packet without a segment: it only tells the time.
    @usableFromInline var frame = 0
  }

  /// Room for all that the batch can hold, in place: an array would be asked each time whether it
  /// is shared.
  @usableFromInline var room = InlineArray<16, Entry>(repeating: Entry())
  @usableFromInline let limit: Int
  @usableFromInline package var count = 0

  /// A live view's batch is full with one packet: it takes every packet at once.
  public init(isLive: Bool) { limit = isLive ? 1 : 16 }

  @inlinable
  public var isFull: Bool { count >= limit }

  /// Decodes a packet captured at `time` (nanoseconds since the Unix epoch) as `number`, and adds
  /// it if it is a segment.
  @inlinable @inline(__always)
  public mutating func append(
    decoding frame: Span<UInt8>, linkType: UInt16, originalLength: UInt32, at time: Int64,
    frame number: Int
  ) -> PacketDecoder.Content {
    let place = count
    let content = room[place].segment.decode(
      frame, linkType: linkType, originalLength: originalLength)
    guard case .segment = content else { return content }
    room[place].time = time
    room[place].frame = number
    count = place + 1
    return content
  }

  /// Adds the time of a packet that held no segment.
  package mutating func append(time: Int64) {
    room[count].time = time
    room[count].frame = 0
    count += 1
  }

  mutating func removeAll() { count = 0 }
}

extension FlowTable {
  /// Takes in all that `batch` holds, in its order, and empties it.
  package mutating func take(_ batch: inout SegmentBatch) {
    for place in 0..<batch.count {
      tuples.append(
        Tuple(batch.room[place].segment.source, batch.room[place].segment.destination, seed: seed))
    }
    for tuple in tuples { touched &+= UInt64(bitPattern: Int64(index.firstRow(tuple.indexed))) }
    for tuple in tuples {
      let row = index.row(tuple.indexed) { _ in true }
      if row >= 0 { touched &+= flows[row].touch }
    }
    for place in 0..<batch.count {
      let time = batch.room[place].time
      clock.advance(to: time)
      expire()
      let frame = batch.room[place].frame
      if frame > 0 { take(batch.room[place].segment, of: tuples[place], at: time, frame: frame) }
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
