public import PacketDecoding

/// Packets on their way to the flow table: one run of a source, decoded.
///
/// A batch goes from the thread that reads to the one that follows flows. And a flow's row is seldom
/// in the processor's nearest memory: of a batch, several rows are fetched at once before the first
/// is needed.
///
/// Public so that it can be inlined: another module adds each packet.
public struct SegmentBatch: Sendable {
  @usableFromInline
  struct Entry: Sendable {
    @usableFromInline var segment = Segment()
    /// Nanoseconds since the Unix epoch.
    @usableFromInline var time: Int64 = 0
    /// 0 for a packet that only tells the time, below 0 for an ICMP error.
    @usableFromInline var frame = 0
    /// How the segment finds its flow, once `findTuples` has worked it out.
    @usableFromInline var tuple = Tuple.none

    @usableFromInline init() {}

    init(_ segment: Segment, at time: Int64, frame: Int) {
      self.segment = segment
      self.time = time
      self.frame = frame
      tuple = Tuple(segment.source, segment.destination)
    }
  }

  /// Packets that a batch has room for.
  public static let capacity = 64

  /// Room for all that the batch can hold, in place: an array would be asked each time whether it
  /// is shared.
  @usableFromInline var room = InlineArray<64, Entry>(repeating: Entry())
  @usableFromInline package var count = 0
  /// How many entries, from the first on, have their tuples.
  private var tupled = 0
  /// The ICMP errors in it, in their order.
  private(set) var errors: [ICMPError] = []

  public init() {}

  /// Decodes a packet captured at `time` (nanoseconds since the Unix epoch) as `number`, and adds
  /// it, for which there must be room.
  ///
  /// Gives the reason where it is neither a segment nor an ICMP error: it only tells the time then.
  @inlinable @inline(__always)
  public mutating func append(
    decoding frame: Span<UInt8>, linkType: UInt16, originalLength: UInt32, at time: Int64,
    frame number: Int
  ) -> Undecoded? {
    let content = room[count].segment.decode(
      frame, linkType: linkType, originalLength: originalLength)
    room[count].time = time
    room[count].frame = number
    count &+= 1
    if case .segment = content { return nil }
    return replaceLast(byOtherIn: frame, linkType: linkType, originalLength: originalLength)
  }

  /// The last packet holds no segment: it becomes an ICMP error, or tells the time.
  @usableFromInline
  mutating func replaceLast(
    byOtherIn frame: Span<UInt8>, linkType: UInt16, originalLength: UInt32
  ) -> Undecoded? {
    let decoded = PacketDecoder.decode(frame, linkType: linkType, originalLength: originalLength)
    switch decoded {
    case .segment: return nil
    case .icmpError(let error):
      errors.append(error)
      room[count - 1].frame = -room[count - 1].frame
      return nil
    case .undecoded(let reason):
      room[count - 1].frame = 0
      return reason
    }
  }

  /// Adds the time of a packet that is not looked at.
  public mutating func append(time: Int64) {
    room[count].time = time
    room[count].frame = 0
    count += 1
  }

  /// Works out how the segments find their flows: the thread that reads does it, which has time.
  package mutating func findTuples() {
    for place in tupled..<count where room[place].frame > 0 {
      room[place].tuple = Tuple(room[place].segment.source, room[place].segment.destination)
    }
    tupled = count
  }

  mutating func removeAll() {
    count = 0
    tupled = 0
    errors.removeAll()
  }
}

extension FlowTable {
  /// Segments whose rows are looked up before the first of them is taken in; `rows` has their room.
  ///
  /// One at a time takes a twentieth longer, on a capture with 300,000 settled flows.
  static let fetchedAtOnce = 16

  /// Takes in all that `batch` holds, in its order, and empties it.
  package mutating func take(_ batch: inout SegmentBatch) {
    batch.findTuples()
    let isUneventful = runsOn(through: &batch)
    var errors = 0
    var start = 0
    while start < batch.count {
      let end = min(start + Self.fetchedAtOnce, batch.count)
      fetchRows(of: &batch, start..<end)
      for place in start..<end {
        let time = batch.room[place].time
        if isUneventful { clock.runOn(to: time) } else { advance(to: time) }
        let frame = batch.room[place].frame
        if frame > 0 {
          take(&batch.room[place], in: rows[place &- start])
        } else if frame < 0 {
          take(batch.errors[errors], at: time, frame: -frame)
          errors += 1
        }
      }
      start = end
    }
    batch.removeAll()
  }

  /// Whether the clock only moves on while `batch` is taken in, and nothing is due on the way.
  ///
  /// So it is with nearly every batch, and each packet's time need not be looked at.
  private func runsOn(through batch: inout SegmentBatch) -> Bool {
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

  /// Looks up the rows of the segments at `places` of `batch`, as the flows are now.
  private mutating func fetchRows(of batch: inout SegmentBatch, _ places: Range<Int>) {
    var touched = touched
    for place in places {
      let hash = batch.room[place].tuple.indexed
      let row = index.row(hash) { _ in true }
      rows[place &- places.lowerBound] = Int32(truncatingIfNeeded: row)
      if row >= 0 { touched &+= flows[row].touch }
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
