internal import PacketDecoding
internal import TCPTeardown

/// TIME-WAIT by the host that holds it: how many in all, and how many at most at one time.
///
/// What it holds follows the TIME-WAITs of the last minutes, however long the capture: records
/// come in the order in which their flows became final, which is nearly that of their ends.
struct TimeWaitOccupancy: Sendable {
  private(set) var entries = 0
  private var told = HeavyKeys<IPAddress, Host>(fresh: Host())

  /// Hosts told apart.
  var hosts: Int { told.count }

  /// TIME-WAITs of other hosts.
  var otherEntries: Int { told.other }

  /// Adds a TIME-WAIT by its entry and its length in nanoseconds.
  mutating func add(from entry: Int64, lasting duration: Int64, at address: IPAddress) {
    entries += 1
    if let row = told.row(of: address) { told[row].add(from: entry, lasting: duration) }
  }

  /// Hosts with their peaks worked out, the highest first.
  func ranked(limit: Int) -> [(address: IPAddress, host: Host)] {
    let settled = told.all.map { (address: $0.key, host: $0.value.settled) }
    return Array(
      settled.sorted {
        ($1.host.peak, $1.host.entries, $0.address) < ($0.host.peak, $0.host.entries, $1.address)
      }
      .prefix(limit))
  }

  /// The TIME-WAITs of one host.
  struct Host: Sendable {
    private(set) var entries = 0
    /// The most at one time, and when that was first (nanoseconds since the Unix epoch).
    private(set) var peak = 0
    private(set) var peakTime: Int64 = 0
    /// Begun before what `starts` and `ends` hold, and ended in `ends` or later.
    private var open = 0
    private var starts: [Int64] = []
    private var ends: [Int64] = []
    /// What was added last and is in neither yet: one array takes half the work.
    private var added: [(start: Int64, end: Int64)] = []
    private var latest: Int64 = .min
    /// No start or end that is not swept over yet is earlier.
    private var earliest: Int64 = .max
    private var settleAt = 1024

    /// No record is written later than this behind others, in nanoseconds.
    private static var reach: Int64 { 600 * 1_000_000_000 }

    mutating func add(from entry: Int64, lasting duration: Int64) {
      entries += 1
      added.append((start: entry, end: entry.saturatingAdding(max(0, duration))))
      latest = max(latest, entry)
      earliest = min(earliest, entry)
      guard starts.count + added.count >= settleAt else { return }
      let time = latest.saturatingSubtracting(Self.reach)
      // Where nothing can be forgotten yet, sorting is left to when something can.
      if earliest < time { settle(before: time) }
      settleAt = max(1024, 2 * max(starts.count + added.count, ends.count))
    }

    /// The same with all that is known swept over.
    var settled: Self {
      var settled = self
      settled.settle(before: .max)
      // Of many hosts that would be megabytes.
      (settled.starts, settled.ends) = ([], [])
      return settled
    }

    /// Sweeps over what began or ended before `time`, and forgets it.
    private mutating func settle(before time: Int64) {
      // Nearly all last equally long: in the order of their starts their ends are in order too, and
      // to sort what is in order is to look at it once.
      let sorted = added.sorted { $0.start < $1.start }
      added = []
      starts += sorted.map(\.start)
      ends += sorted.map(\.end)
      starts.sort()
      ends.sort()
      var started = 0
      while started < starts.count, starts[started] < time {
        // There are more than ever before if so many have not ended: the one that would have to be
        // the last of those that have. One that ends as another begins makes room for it.
        let last = open + started - peak
        if last >= 0, last >= ends.count || ends[last] > starts[started] {
          peak += 1
          peakTime = starts[started]
        }
        started += 1
      }
      let ended = ends.firstIndex { $0 >= time } ?? ends.count
      open += started - ended
      starts.removeFirst(started)
      ends.removeFirst(ended)
      earliest = min(starts.first ?? .max, ends.first ?? .max)
    }
  }
}
