internal import PacketDecoding
internal import TCPTeardown

/// TIME-WAIT by the host that holds it: how many in all, and how many at most at one time.
///
/// What it holds follows the TIME-WAITs of the last minutes, however long the capture: records
/// come in the order in which their flows became final, which is nearly that of their ends.
struct TimeWaitOccupancy: Sendable {
  /// Hosts told apart; the TIME-WAITs of any further ones are only counted.
  static let maximumHosts = 4096

  private(set) var entries = 0
  /// TIME-WAITs of hosts beyond those told apart.
  private(set) var otherEntries = 0
  private var places: [IPAddress: Int] = [:]
  private var told: [Host] = []

  /// Hosts told apart so far.
  var hosts: Int { told.count }

  mutating func add(_ wait: TimeWait, at address: IPAddress) {
    entries += 1
    if let place = places[address] {
      told[place].add(wait)
    } else if told.count < Self.maximumHosts {
      places[address] = told.count
      var host = Host(address: address)
      host.add(wait)
      told.append(host)
    } else {
      otherEntries += 1
    }
  }

  /// Hosts with their peaks worked out, the highest first.
  func ranked(limit: Int) -> [Host] {
    var settled = told
    for place in settled.indices { settled[place].settle(before: .max) }
    return Array(
      settled.sorted { ($1.peak, $1.entries, $0.address) < ($0.peak, $0.entries, $1.address) }
        .prefix(limit))
  }

  /// The TIME-WAITs of one host.
  struct Host: Sendable {
    let address: IPAddress
    private(set) var entries = 0
    /// The most at one time, and when that was first (nanoseconds since the Unix epoch).
    private(set) var peak = 0
    private(set) var peakTime: Int64 = 0
    /// Begun before what `starts` and `ends` hold, and ended in `ends` or later.
    private var open = 0
    private var starts: [Int64] = []
    private var ends: [Int64] = []
    private var latest: Int64 = .min
    private var settleAt = 1024

    /// No record is written later than this behind others, in nanoseconds.
    private static let reach = 600 * Int64.nanosecondsPerSecond

    init(address: IPAddress) { self.address = address }

    mutating func add(_ wait: TimeWait) {
      let (end, overflow) = wait.enteredAt.addingReportingOverflow(max(0, wait.duration))
      entries += 1
      starts.append(wait.enteredAt)
      ends.append(overflow ? .max : end)
      latest = max(latest, wait.enteredAt)
      guard starts.count >= settleAt else { return }
      settle(before: latest.saturatingSubtracting(Self.reach))
      settleAt = max(1024, 2 * max(starts.count, ends.count))
    }

    /// Sweeps over what began or ended before `time`, and forgets it.
    mutating func settle(before time: Int64) {
      starts.sort()
      ends.sort()
      var started = 0
      var ended = 0
      while started < starts.count, starts[started] < time {
        // One that ends as another begins makes room for it.
        while ended < ends.count, ends[ended] <= starts[started] {
          open -= 1
          ended += 1
        }
        open += 1
        if open > peak {
          peak = open
          peakTime = starts[started]
        }
        started += 1
      }
      while ended < ends.count, ends[ended] < time {
        open -= 1
        ended += 1
      }
      starts.removeFirst(started)
      ends.removeFirst(ended)
    }
  }
}
