internal import PacketDecoding
internal import TCPTeardown

/// How many of its ports a client held towards one endpoint at one time, out of how many it has.
///
/// A port is held from the SYN until the client is CLOSED, TIME-WAIT included where the client has
/// it; one that the server has does not keep the client from using the port again.
package struct PortBudget: Sendable {
  /// Linux's default (net.ipv4.ip_local_port_range): 28,232 ports.
  package static let linuxPorts: ClosedRange<UInt16> = 32768...60999
  /// The share of the ports that is a risk when held at one time.
  static let risk = 0.8

  /// Ports are counted about every other second (nanoseconds): a power of two, to shift by.
  static let step: Int64 = 1 << stepBits
  private static let stepBits = 31
  /// What a TIME-WAIT is counted for at most, in nanoseconds: twice the longest that a stack has.
  // Worked out at compile time: a stored one would be asked for each flow whether it is there yet.
  static var longestTimeWait: Int64 { 480 * 1_000_000_000 }

  private struct Way: Spreading {
    let client: IPAddress
    let server: Endpoint

    var spread: UInt64 {
      client.spread.mixed(with: server.address).mixed(with: UInt64(server.port))
    }
  }

  /// Ports that a client's own choice falls on.
  let ports: ClosedRange<UInt16>
  /// So many ports held at one time are a risk.
  private let limit: Int
  /// Flows of a way before it is followed: a hundredth of the limit, or none.
  private let unfollowed: Int
  /// Where steps are counted from: the first flow's start.
  private var origin: Int64?
  /// Flows by the last twelve bits of `spread`: the ways that have few need not be followed.
  private var tallies: [UInt16] = []
  private var tallied = 0
  private var ways = HeavyKeys<Way, Occupancy>(fresh: Occupancy())

  init(ports: ClosedRange<UInt16>) {
    self.ports = ports
    limit = Int((Double(ports.count) * Self.risk).rounded(.up))
    unfollowed = limit / 128
  }

  /// Takes in a record; the capture's end is nil where it is not known.
  mutating func add(_ record: borrowing FlowRecord, captureEnd: Int64?) {
    guard ports.contains(record.client.port) else { return }
    if origin == nil { origin = record.start }
    let start = step(of: record.start)
    let end = step(of: record.clientPortFreed(captureEnd: captureEnd))
    // Most flows are over before ports are counted next.
    guard start < end else { return }
    let way = Way(client: record.client.address, server: record.server)
    guard isFrequent(way), let row = ways.row(of: way) else { return }
    // Those before the first that is followed are taken to be like it.
    ways[row].add(start..<end, times: ways[row].isEmpty ? 1 + Int32(unfollowed) : 1)
  }

  private static let talliesAtMost = 1 << 12

  /// Whether a way, or one with the same tally, has so many flows that it is followed.
  @inline(__always)
  private mutating func isFrequent(_ way: Way) -> Bool {
    if tallies.isEmpty { tallies = Array(repeating: 0, count: Self.talliesAtMost) }
    let place = Int(truncatingIfNeeded: way.spread) & (Self.talliesAtMost - 1)
    if tallies[place] >= unfollowed { return true }
    tallies[place] += 1
    tallied += 1
    if tallied >= Self.talliesAtMost * 64 { forgetHalf() }
    return false
  }

  /// A long capture must not make every way frequent.
  private mutating func forgetHalf() {
    for place in tallies.indices { tallies[place] /= 2 }
    tallied /= 2
  }

  /// Flows between ends beyond those told apart.
  var otherFlows: Int { ways.other }

  /// Clients that came near the end of their ports, the nearest first.
  var risks: [Risk] { holders(ofAtLeast: limit) }

  /// Clients that held at least so many ports at one time, those with most first.
  func holders(ofAtLeast least: Int) -> [Risk] {
    ways.all.compactMap { way, flows, occupancy in
      guard flows + unfollowed >= least, let peak = occupancy.peak, peak.held >= least else {
        return nil
      }
      return Risk(
        client: way.client, server: way.server, flows: flows + unfollowed,
        peak: min(peak.held, ports.count), ports: ports.count, peakTime: time(of: peak.step))
    }
    .sorted { ($1.peak, $0.client, $0.server) < ($0.peak, $1.client, $1.server) }
  }

  /// A client that came near the end of its ports.
  struct Risk: Equatable, Sendable {
    var client: IPAddress
    var server: Endpoint
    /// In the whole capture, but for those that were over before ports were counted next.
    var flows: Int
    /// The most ports at one time, out of how many, and when (nanoseconds since the Unix epoch).
    var peak: Int
    var ports: Int
    var peakTime: Int64
  }

  /// The first count of ports at `time` or later, within 34 years of the first flow.
  private func step(of time: Int64) -> Int32 {
    let offset = time.saturatingSubtracting(origin ?? 0)
    let step = (offset.saturatingAdding(Self.step - 1)) >> Self.stepBits
    return Int32(max(-Occupancy.stepsAtMost, min(step, Occupancy.stepsAtMost)))
  }

  private func time(of step: Int32) -> Int64 {
    (origin ?? 0).saturatingAdding(Int64(step) * Self.step)
  }
}

extension FlowRecord {
  /// When the client's host may use the port again, in nanoseconds since the Unix epoch.
  @inline(__always)
  fileprivate func clientPortFreed(captureEnd: Int64?) -> Int64 {
    for place in teardown.timeWait.indices {
      // Not `==`: that of another module is a call.
      guard case .client = teardown.timeWait[place].side else { continue }
      return min(
        teardown.timeWait[place].enteredAt.saturatingAdding(teardown.timeWait[place].duration),
        end.saturatingAdding(PortBudget.longestTimeWait))
    }
    guard case .captureEnd = written else { return end }
    switch teardown.outcome {
    case .orderly, .simultaneous, .refused, .unreachable: return end
    case .reset, .unanswered, .closing, .partial, .open: break
    }
    if let last = teardown.states.client.last, last.state == .closed { return last.enteredAt }
    // Held still, and so counted once more.
    return max(end, captureEnd ?? end).saturatingAdding(PortBudget.step)
  }
}
