/// A first-in, first-out queue of rows that wait for a time.
///
/// All wait equally long, so the order of arrival is the order of the deadlines.
struct FlowQueue: Sendable {
  struct Entry: Sendable {
    /// Or what stands for a closed flow.
    var row: Int32
    /// The low bits of the stream that the row held then: a row is used again, but not 2³² times
    /// while an entry waits.
    private var streamBits: UInt32
    /// Nanoseconds since the Unix epoch.
    var deadline: Int64

    init(row: Int, stream: Int, deadline: Int64) {
      self.row = Int32(row)
      streamBits = UInt32(truncatingIfNeeded: stream)
      self.deadline = deadline
    }

    /// Whether the row, which holds `stream` now, is still the flow that was queued.
    func isStill(_ stream: Int) -> Bool {
      stream >= 0 && streamBits == UInt32(truncatingIfNeeded: stream)
    }
  }

  /// The deadline of the oldest entry; the end of time where there is none.
  private(set) var nextDeadline = Int64.max
  // A queue that is one array copies it whenever it grows; chunks are made and let go one by one.
  private var chunks: [ContiguousArray<Entry>] = []
  /// The oldest entry's place in the first chunk.
  private var head = 0
  private static let chunkSize = 2048

  mutating func append(_ entry: Entry) {
    if chunks.isEmpty { nextDeadline = entry.deadline }
    if chunks.isEmpty || chunks[chunks.count - 1].count == Self.chunkSize {
      var chunk = ContiguousArray<Entry>()
      chunk.reserveCapacity(Self.chunkSize)
      chunks.append(chunk)
    }
    chunks[chunks.count - 1].append(entry)
  }

  /// Takes the oldest entry off if its deadline has come.
  @inline(__always)
  mutating func next(due now: Int64) -> Entry? {
    nextDeadline > now ? nil : removeFirst(due: now)
  }

  /// Puts entries off that wait for a time after `latest`: the clock was set back since they came.
  ///
  /// They would hold up what came behind. A few at a time are enough where every append does it,
  /// and a clock that goes back again and again costs no more.
  mutating func rotate(latest: Int64) {
    for _ in 0..<Self.rotatedAtOnce where nextDeadline > latest {
      guard var entry = removeFirst(due: .max) else { return }
      entry.deadline = latest
      append(entry)
    }
  }

  private static let rotatedAtOnce = 2

  private mutating func removeFirst(due now: Int64) -> Entry? {
    guard let first = chunks.first, first[head].deadline <= now else { return nil }
    let entry = first[head]
    head += 1
    if head == first.count {
      chunks.removeFirst()
      head = 0
    }
    nextDeadline = chunks.first?[head].deadline ?? .max
    return entry
  }
}
