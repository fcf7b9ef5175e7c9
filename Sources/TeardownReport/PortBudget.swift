internal import PacketDecoding
internal import TCPTeardown

/// How many of its ports a client held towards one endpoint at one time, out of how many it has, and
/// how fast it took them: as far as the summary tells it.
///
/// A port is held from the SYN until the client is CLOSED, TIME-WAIT included where the client has
/// it; one that the server has does not keep the client from using the port again. `PortLedger`
/// tells more, and takes more time.
package struct PortBudget: Sendable {
  /// Linux's default (net.ipv4.ip_local_port_range): 28,232 ports.
  package static let linuxPorts: ClosedRange<UInt16> = 32768...60999
  /// The share of the ports that is a risk when held at one time.
  static let risk = 0.8
  /// The share from which on the summary names who holds so many.
  static let worthTelling = 0.01

  /// Steps over which connections are counted, to tell how many a second.
  private static let rateSteps: Int32 = 5
  private static var rateSpan: Int64 { Int64(rateSteps) * StepClock.step }

  /// What one client did towards one endpoint.
  private struct Use: Sendable {
    var held = Occupancy()
    var opened = Occupancy()
    /// Flows that left the client in TIME-WAIT.
    var waits = 0
    /// When its connections began, the first and the last (nanoseconds since the Unix epoch).
    var first: Int64 = .max
    var last: Int64 = .min
  }

  /// Ports that a client's own choice falls on.
  let ports: ClosedRange<UInt16>
  /// So many ports held at one time are a risk.
  private let limit: Int
  /// Flows of a way before it is followed: a hundredth of the limit, or none.
  private let unfollowed: Int
  /// Ports are counted about every other second.
  private var clock = StepClock()
  /// Flows by the last twelve bits of `spread`: the ways that have few need not be followed.
  private var tallies: [UInt16] = []
  private var tallied = 0
  private var ways = HeavyKeys<PortWay, Use>(fresh: Use())

  /// What TIME-WAIT is taken to last, in nanoseconds.
  private let timeWait: Int64

  init(ports: ClosedRange<UInt16>, timeWait: Int64 = Profile.linux.timeWait) {
    self.ports = ports
    self.timeWait = timeWait
    limit = Int((Double(ports.count) * Self.risk).rounded(.up))
    unfollowed = limit / 128
  }

  /// Takes in a record; the capture's end is nil where it is not known.
  mutating func add(_ record: borrowing FlowRecord, captureEnd: Int64?) {
    guard ports.contains(record.client.port) else { return }
    clock.begin(at: record.start)
    let stay = record.clientPortStay(captureEnd: captureEnd, margin: StepClock.step)
    let start = clock.step(of: record.start)
    let end = clock.step(of: stay.end)
    // Most flows are over before ports are counted next.
    guard start < end else { return }
    let way = PortWay(record)
    guard isFrequent(way), let row = ways.row(of: way) else { return }
    // Those before the first that is followed are taken to be like it.
    let times = ways[row].held.isEmpty ? 1 + Int32(unfollowed) : 1
    ways[row].held.add(start..<end, times: times)
    ways[row].opened.add(start..<start + Self.rateSteps, times: times)
    if stay.waitStart < stay.end { ways[row].waits += Int(times) }
    ways[row].first = min(ways[row].first, record.start)
    ways[row].last = max(ways[row].last, record.start)
  }

  private static let talliesAtMost = 1 << 12

  /// Whether a way, or one with the same tally, has so many flows that it is followed.
  @inline(__always)
  private mutating func isFrequent(_ way: PortWay) -> Bool {
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
  var risks: [Holder] { holders(ofAtLeast: limit) }

  /// Clients that held a share of their ports worth telling, those with most first.
  var holders: [Holder] {
    holders(ofAtLeast: max(2, Int(Double(ports.count) * Self.worthTelling)))
  }

  /// Clients that held at least so many ports at one time, those with most first.
  func holders(ofAtLeast least: Int) -> [Holder] {
    ways.all.compactMap { way, flows, use in
      guard flows + unfollowed >= least, let peak = use.held.peak, peak.held >= least else {
        return nil
      }
      return Holder(
        client: way.client, server: way.server, flows: flows + unfollowed,
        peak: min(peak.held, ports.count), ports: ports.count, peakTime: clock.time(of: peak.step),
        forecast: forecast(of: use, flows: flows + unfollowed, peak: peak))
    }
    .sorted { ($1.peak, $0.client, $0.server) < ($0.peak, $1.client, $1.server) }
  }

  /// Of those whose port was still held at the end, how many will leave the client in TIME-WAIT is not
  /// known: they count as the others do.
  private func forecast(
    of use: Use, flows: Int, peak: (held: Int, step: Int32)
  ) -> PortForecast {
    PortForecast(
      PortForecast.Facts(
        ports: ports.count,
        rate: PortRate(
          busiest: use.opened.peak?.held ?? 0, within: Self.rateSpan, first: use.first,
          last: use.last),
        closed: flows, waits: min(use.waits, flows), timeWait: timeWait, peak: peak.held,
        peakTime: clock.time(of: peak.step)))
  }

  /// A client that held many ports towards one endpoint.
  struct Holder: Equatable, Sendable {
    var client: IPAddress
    var server: Endpoint
    /// In the whole capture, but for those that were over before ports were counted next.
    var flows: Int
    /// The most ports at one time, out of how many, and when (nanoseconds since the Unix epoch).
    var peak: Int
    var ports: Int
    var peakTime: Int64
    var forecast: PortForecast
  }
}
