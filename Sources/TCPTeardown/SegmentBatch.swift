public import PacketDecoding

/// Packets on their way to the flow table: one run of a source, decoded.
///
/// A batch goes from the thread that reads to the one that follows flows. And a flow's row is seldom
/// in the processor's nearest memory: of a batch, several rows are fetched at once before the first
/// is needed.
///
/// Public so that it can be inlined: another module adds each packet.
public struct SegmentBatch: Sendable {
  /// What became of a packet.
  @usableFromInline
  enum Content: UInt8, Sendable { case segment, icmpError, timeOnly }

  /// A packet: 96 octets, which another core has to fetch.
  @usableFromInline
  struct Entry: Sendable {
    @usableFromInline var segment = Segment()
    /// Nanoseconds since the Unix epoch.
    @usableFromInline var time: Int64 = 0
    /// How the segment finds its flow.
    @usableFromInline var tuple = Tuple()
    @usableFromInline var content = Content.timeOnly

    @usableFromInline init() {}

    init(_ packet: AddressedSegment, at time: Int64) {
      segment = packet.segment
      self.time = time
      tuple = Tuple(packet.source, packet.destination, scope: packet.scope)
      content = .segment
    }

    @inlinable @inline(__always)
    mutating func decode(
      _ frame: Span<UInt8>, linkType: UInt16, originalLength: UInt32, seed: UInt64,
      at time: Int64
    ) -> PacketDecoder.Content {
      self.time = time
      content = .segment
      return segment.decode(
        frame, linkType: linkType, originalLength: originalLength, seed: seed, tuple: &tuple)
    }
  }

  @usableFromInline typealias Room = InlineArray<64, Entry>

  /// Packets that a batch has room for.
  public static var capacity: Int { Room.count }

  /// Room for all that the batch can hold, in place: an array would be asked each time whether it
  /// is shared.
  @usableFromInline var room = Room(repeating: Entry())
  @usableFromInline package var count = 0
  /// That of the tuples' hashes.
  @usableFromInline let seed = FlowKey.seed
  /// The ICMP errors in it, in their order.
  private(set) var errors: [ICMPError] = []
  /// The number of the first packet's frame; each one behind it has the next.
  public var firstFrame = 1
  /// All packets hold segments, and no stamp is earlier than the one before.
  @usableFromInline private(set) var isPlain = true

  public init() {}

  /// Decodes a packet captured at `time` (nanoseconds since the Unix epoch), and adds it, for which
  /// there must be room, if a segment is what it holds; false, and nothing is added, if it is not.
  @inlinable @inline(__always)
  public mutating func append(
    segmentIn frame: Span<UInt8>, linkType: UInt16, originalLength: UInt32, at time: Int64
  ) -> Bool {
    let content = room[count].decode(
      frame, linkType: linkType, originalLength: originalLength, seed: seed, at: time)
    guard case .segment = content else { return false }
    addLast()
    return true
  }

  /// Counts a segment in, which stands behind the last already.
  @inlinable @inline(__always)
  mutating func addLast() {
    if count > 0, room[count].time < room[count &- 1].time { isPlain = false }
    count &+= 1
  }

  /// Adds a packet captured at `time` (nanoseconds since the Unix epoch), whatever it was decoded to.
  package mutating func append(_ packet: DecodedPacket, at time: Int64) {
    guard case .segment(let segment) = packet else {
      append(time: time)
      if case .icmpError(let error) = packet {
        errors.append(error)
        room[count - 1].content = .icmpError
      }
      return
    }
    room[count] = Entry(segment, at: time)
    addLast()
  }

  /// Adds the time of a packet that is not looked at.
  public mutating func append(time: Int64) {
    room[count].time = time
    room[count].content = .timeOnly
    count += 1
    isPlain = false
  }

  mutating func removeAll() {
    count = 0
    isPlain = true
    errors.removeAll()
  }
}

extension FlowTable {
  /// Segments whose rows are looked up before the first of them is taken in; `rows` has their room.
  ///
  /// So that they are waited for together; with 64 one thread takes longer than with 32.
  static let fetchedAtOnce = 32

  /// Takes in all that `batch` holds, in its order, and empties it.
  package mutating func take(_ batch: inout SegmentBatch) {
    if runsOn(through: &batch) { takeSegments(&batch) } else { takeEach(&batch) }
    batch.removeAll()
  }

  /// Whether the clock only moves on while `batch` is taken in, which holds nothing but segments,
  /// and nothing is due on the way.
  ///
  /// So it is with nearly every batch, and each packet's time need not be looked at.
  // Inlined, for a call would be handed a copy of the table.
  @inline(__always)
  private func runsOn(through batch: inout SegmentBatch) -> Bool {
    guard batch.isPlain, batch.count > 0 else { return false }
    let (first, last) = (batch.room[0].time, batch.room[batch.count - 1].time)
    // What settles on the way waits longer than a batch lasts.
    return clock.runsOn(from: first, to: last) && last < nextDeadline
      && last &- first < shortestWait
  }

  private mutating func takeSegments(_ batch: inout SegmentBatch) {
    var start = 0
    while start < batch.count {
      let end = min(start &+ Self.fetchedAtOnce, batch.count)
      fetchRows(of: &batch, start..<end)
      for place in start..<end {
        clock.runOn(to: batch.room[place].time)
        take(&batch.room[place], frame: batch.firstFrame &+ place, in: rows[place &- start])
      }
      start = end
    }
  }

  /// The same where a packet may tell nothing but the time, or make flows final.
  private mutating func takeEach(_ batch: inout SegmentBatch) {
    var errors = 0
    var start = 0
    while start < batch.count {
      let end = min(start + Self.fetchedAtOnce, batch.count)
      fetchRows(of: &batch, start..<end)
      for place in start..<end {
        let time = batch.room[place].time
        advance(to: time)
        let frame = batch.firstFrame &+ place
        switch batch.room[place].content {
        case .segment: take(&batch.room[place], frame: frame, in: rows[place &- start])
        case .icmpError:
          take(batch.errors[errors], at: time, frame: frame)
          errors += 1
        case .timeOnly: break
        }
      }
      start = end
    }
  }

  /// Looks up the rows of the segments at `places` of `batch`, as the flows are now.
  ///
  /// In three steps, each of which waits for memory once and not once for each segment: nothing
  /// within a step depends on what another segment's look-up finds.
  private mutating func fetchRows(of batch: inout SegmentBatch, _ places: Range<Int>) {
    var touched = touched
    for place in places {
      touched &+= Int(truncatingIfNeeded: index.touch(batch.room[place].tuple.indexed))
    }
    for place in places {
      let row = index.presumedRow(batch.room[place].tuple.indexed)
      rows[place &- places.lowerBound] = Int32(truncatingIfNeeded: row)
    }
    for place in 0..<places.count where rows[place] >= 0 {
      touched &+= flows[Int(rows[place])].touch
    }
    self.touched = touched
  }
}

extension Flow {
  /// Something of each line of memory that the row takes.
  @inline(__always)
  var touchAll: Int { touch &+ Int(evidence.firstBlock) &+ serverSpoke.frame }

  /// Something of each line of memory that a plain segment needs.
  @inline(__always)
  fileprivate var touch: Int {
    stream &+ lastFrame &+ sides.server.lastPayload.frame
  }
}
