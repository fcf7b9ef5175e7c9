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

  /// Packets that a batch holds.
  static let capacity = 16

  /// Room for all that the batch can hold; a live view takes every packet at once.
  fileprivate var room: ContiguousArray<Entry>
  package private(set) var count = 0

  package init(isLive: Bool) {
    room = ContiguousArray(
      repeating: Entry(segment: Segment(), time: 0, frame: 0), count: isLive ? 1 : Self.capacity)
  }

  package var isFull: Bool { count >= room.count }

  /// Decodes a packet captured at `time` (nanoseconds since the Unix epoch) as `number`, and adds
  /// it if it is a segment.
  package mutating func append(
    decoding frame: Span<UInt8>, linkType: UInt16, originalLength: UInt32, at time: Int64,
    frame number: Int
  ) -> PacketDecoder.Content {
    let place = count
    var entries = room.mutableSpan
    let content = PacketDecoder.decode(
      frame, linkType: linkType, originalLength: originalLength, into: &entries[place].segment)
    guard case .segment = content else { return content }
    entries[place].time = time
    entries[place].frame = number
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
    findRows(of: batch)
    let isUneventful = runsOn(through: batch)
    for place in 0..<batch.count {
      let time = batch.room[place].time
      if isUneventful { clock.runOn(to: time) } else { advance(to: time) }
      let frame = batch.room[place].frame
      if frame > 0 {
        take(
          batch.room[place].segment, of: found[place].tuple, in: found[place].row, at: time,
          frame: frame)
      }
    }
    batch.removeAll()
  }

  /// Whether the clock only moves on while `batch` is taken in, and nothing is due on the way.
  ///
  /// So it is with nearly every batch, and each packet's time need not be looked at.
  private func runsOn(through batch: borrowing SegmentBatch) -> Bool {
    guard batch.count > 0 else { return true }
    let first = batch.room[0].time
    var last = first
    for place in 1..<batch.count {
      guard batch.room[place].time >= last else { return false }
      last = batch.room[place].time
    }
    // What settles on the way waits longer than a batch lasts.
    return clock.runsOn(from: first, to: last) && last < nextDeadline
      && last &- first < shortestWait
  }

  /// Looks up the rows of all segments of `batch`, as the flows are now.
  private mutating func findRows(of batch: borrowing SegmentBatch) {
    var touched = touched
    for place in 0..<batch.count {
      let tuple = Tuple(
        batch.room[place].segment.source, batch.room[place].segment.destination, seed: seed)
      let row = index.row(tuple.indexed) { _ in true }
      if row >= 0 {
        touched &+= flows[row].touch
      } else if batch.room[place].segment.flags.isOpening {
        touched &+= settled.touch(tuple)
      }
      found[place] = Found(tuple: tuple, row: Int32(row))
    }
    self.touched = touched
  }
}

extension Flow {
  /// Something of each line of memory that a plain segment needs.
  @inline(__always)
  fileprivate var touch: Int {
    stream &+ lastFrame &+ sides.server.lastPayload.frame
  }
}
