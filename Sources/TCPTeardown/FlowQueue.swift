/// A first-in, first-out queue of rows that wait for a time.
///
/// All wait equally long, so the order of arrival is the order of the deadlines.
struct FlowQueue: Sendable {
  struct Entry: Sendable {
    var row: Int32
    /// The stream that the row held then: a row is used again.
    var stream: Int
    /// Nanoseconds since the Unix epoch.
    var deadline: Int64
  }

  private var entries: [Entry] = []
  private var head = 0

  mutating func append(_ entry: Entry) { entries.append(entry) }

  /// Takes the oldest entry off if its deadline has come.
  mutating func next(due now: Int64) -> Entry? {
    guard head < entries.count, entries[head].deadline <= now else { return nil }
    let entry = entries[head]
    head += 1
    // Half of the array is behind the head: moving the rest costs what those entries paid for.
    if head * 2 > entries.count, head > 1024 {
      entries.removeFirst(head)
      head = 0
    }
    return entry
  }
}
