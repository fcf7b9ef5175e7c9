import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("Summary of a capture")
struct SummaryTests {
  static let second: Int64 = 1_000_000_000

  static let host = IPAddress.v4(0x0A4D_0001)

  /// Adds a TIME-WAIT of 60 s that begins `seconds` after the capture.
  static func add(
    from seconds: Int64, at address: IPAddress = host, to occupancy: inout TimeWaitOccupancy
  ) {
    occupancy.add(
      from: FlowScript.start + seconds * second, lasting: 60 * second, at: address)
  }

  static let occupancies: [([Int64], Int, Int64)] = [
    ([0], 1, 0), ([0, 1, 2], 3, 2), ([0, 60], 1, 0), ([0, 59], 2, 59), ([100, 0, 30], 2, 30),
    ([0, 0, 0, 200, 200], 3, 0), ([], 0, 0),
  ]

  @Test("the most TIME-WAITs at one time, and since when", arguments: occupancies)
  func peaks(starts: [Int64], peak: Int, at: Int64) {
    var occupancy = TimeWaitOccupancy()
    for start in starts { Self.add(from: start, to: &occupancy) }
    let hosts = occupancy.ranked(limit: 10)
    #expect(hosts.first?.host.peak ?? 0 == peak)
    #expect(hosts.first?.host.entries ?? 0 == starts.count)
    if peak > 0 { #expect(hosts.first?.host.peakTime == FlowScript.start + at * Self.second) }
  }

  @Test("a long capture is counted as exactly as a short one, in any near order")
  func longCapture() {
    var occupancy = TimeWaitOccupancy()
    // Ten a second for two hours, each pair of seconds in reverse; then a burst of 5,000.
    for pair in 0..<3600 {
      for second in [2 * pair + 1, 2 * pair] {
        for _ in 0..<10 { Self.add(from: Int64(second), to: &occupancy) }
      }
    }
    #expect(occupancy.ranked(limit: 1).first?.host.peak == 600)
    for _ in 0..<5000 { Self.add(from: 7200, to: &occupancy) }
    let host = occupancy.ranked(limit: 1).first?.host
    #expect(host?.peak == 5590)
    #expect(host?.peakTime == FlowScript.start + 7200 * Self.second)
    #expect(occupancy.entries == 77000)
  }

  @Test("whatever the lengths and the order, the most is that of all moments", arguments: 1...20)
  func anyOrder(seed: UInt64) {
    var random = Numbers(state: seed)
    var occupancy = TimeWaitOccupancy()
    var waits: [(start: Int64, end: Int64)] = []
    for _ in 0..<Int(1 + random.unit() * 1500) {
      let start = FlowScript.start + Int64(random.unit() * 300) * Self.second
      let length = seed % 2 == 0 ? 60 : Int64(random.unit() * 120)
      waits.append((start, start + length * Self.second))
      occupancy.add(from: start, lasting: length * Self.second, at: Self.host)
    }
    let host = occupancy.ranked(limit: 1).first?.host
    #expect(host?.peak == Self.peak(of: waits).held)
    #expect(host?.peakTime == Self.peak(of: waits).time)
  }

  /// The most at one time, by all starts and ends in order; ends come before what starts then.
  static func peak(of waits: [(start: Int64, end: Int64)]) -> (held: Int, time: Int64) {
    let starts = waits.map(\.start).sorted()
    var peak = (held: 0, time: Int64(0))
    for (place, start) in starts.enumerated() {
      let held = place + 1 - waits.count { $0.end <= start }
      if held > peak.held { peak = (held, start) }
    }
    return peak
  }

  @Test("of more hosts than are told apart, those with most TIME-WAITs are")
  func manyHosts() {
    var occupancy = TimeWaitOccupancy()
    for address in 0..<UInt32(9000) {
      Self.add(from: 0, at: .v4(address), to: &occupancy)
      if address % 30 == 29 { Self.add(from: 1, at: .v6(UInt128(address % 90)), to: &occupancy) }
    }
    #expect(occupancy.entries == 9300)
    #expect(occupancy.hosts <= 4096)
    let hosts = occupancy.ranked(limit: 3)
    #expect(hosts.map(\.address) == [.v6(29), .v6(59), .v6(89)])
    #expect(hosts.map(\.host.peak) == [100, 100, 100])
    let told = occupancy.ranked(limit: .max).reduce(0) { $0 + $1.host.entries }
    #expect(told + occupancy.otherEntries == 9300)
  }

  static func summary() -> CaptureSummary {
    var summary = CaptureSummary()
    for record in ReportTests.records(12, aborted: [2, 5], leaks: [7]) { summary.add(record) }
    if let record = FlowScript.overIPv6.records(FlowScript.orderly).first {
      summary.add(record)
    }
    return summary
  }

  @Test("flows are counted by outcome, closer, service, cause and finding")
  func counts() {
    let summary = Self.summary()
    #expect(summary.flows == 13)
    #expect(summary.outcomes[.orderly] == 10)
    #expect(summary.outcomes[.reset] == 2)
    #expect(summary.resets.ranked.map(\.count) == [2])
    #expect(summary.findings[.closeWaitLeak] == 1)
    #expect(summary.closers.client == 11)
    #expect(summary.closers.none == 2)
    let services = summary.rankedServices(limit: 10)
    #expect(services.map(\.port) == [80, 443])
    #expect(services.map(\.closers.flows) == [12, 1])
    #expect(summary.rankedServices(limit: 1).count == 1)
    #expect(summary.timeWaits.entries == 10)
  }

  @Test("a finding that both sides have is one flow's")
  func bothSides() throws {
    var record = try #require(ContractRecord.make())
    record.teardown.findings = [
      Finding(.finRetransmitted, side: .client), Finding(.finRetransmitted, side: .server),
    ]
    var summary = CaptureSummary()
    summary.add(record)
    #expect(summary.findings[.finRetransmitted] == 1)
  }

  @Test("everything is on screen in 80 columns, and what is wrong stands out")
  func text() throws {
    let record = try #require(ContractRecord.make())
    var summary = CaptureSummary(ephemeralPorts: 51320...51332)
    for stream in 0..<13 {
      var told = record
      switch stream {
      case 0, 1:
        told.teardown = Teardown()
        told.teardown.outcome = .reset
        told.teardown.reset = ResetVerdict(
          by: .server, cause: .abort, grade: .observed, frames: Frames(), values: [])
      case 2:
        told.teardown.outcome = .closing
        told.teardown.timeWait = []
        told.teardown.findings = [Finding(.closeWaitLeak), Finding(.halfClose)]
      case 3:
        told.server = FlowScript.overIPv6.server
        told.client = FlowScript.overIPv6.client
      default: break
      }
      let closer: Side = stream < 4 ? .client : .server
      if stream != 3 {
        told.teardown.idleClose = IdleClose(
          side: closer, idle: (closer == .server ? 5 : 60) * Self.second + Int64(stream))
      }
      summary.add(told)
    }
    summary.input.files = 2
    summary.input.packets = 1_204_322
    summary.input.octets = 812_443_210
    summary.input.firstTime = FlowScript.start
    summary.input.lastTime = FlowScript.start + 600 * Self.second
    summary.input.endTime = FlowScript.start + 602 * Self.second
    summary.input.undecoded = [("not IP", 12), ("not TCP", 0)]
    summary.input.clockSteps = 1
    summary.input.drops = CaptureSummary.Drops(kernel: 3, interface: 0)
    summary.input.warnings = ["b.pcap: cut short\u{7} at octet 812,000: copy the file again"]
    var octets: [UInt8] = []
    var text = TextWriter(taking: &octets, isColoured: false, width: 80)
    SummaryText(options: ReportOptions(label: "web-1"), summary: summary).write(to: &text)
    text.finish(&octets)
    let expected = """
      summary of web-1
      read          1,204,322 packets, 812,443,210 octets in 2 files
      from          2026-11-22 05:11:00.123456789 UTC
      to            2026-11-22 05:21:00.123456789 UTC, 10 min 0 s later
      capture end   2026-11-22 05:21:02.123456789 UTC, 2 s later
      no segment    12 packets: not IP
      lost          3 packets by the kernel while capturing, 0 by the interface
      flows         13

      outcome                        flows       %
      orderly                           10    76.9
      reset                              2    15.3
      closing                            1     7.6

      reset cause                    flows  streams to look at
      abort                              2  3 3

      closed first, by server port   flows   client   server   both  unknown   no FIN
      80                                12       10        0      0        0        2
      443                                1        1        0      0        0        0

      time in state                  stays    50 %    90 %    99 %  longest    no end
      SYN-SENT                          11   200us   200us   200us    200us         0
      SYN-RECEIVED                      11   200us   200us   200us    200us         0
      ESTABLISHED                       22   200ms   209ms   209ms    209ms         0
      FIN-WAIT-1                        11  10.1ms  10.1ms  10.1ms   10.1ms         0
      FIN-WAIT-2                        11   203ms   203ms   203ms    203ms         0
      CLOSE-WAIT                        11   203ms   203ms   203ms    203ms         0
      LAST-ACK                          11   100us   100us   100us    100us         0
      TIME-WAIT                          0       -       -       -        -        11
      port 80: ESTABLISHED              20   200ms   209ms   209ms    209ms         0
      port 80: FIN-WAIT-2               10   203ms   203ms   203ms    203ms         0
      port 80: CLOSE-WAIT               10   203ms   203ms   203ms    203ms         0
      port 443: ESTABLISHED              2   200ms   209ms   209ms    209ms         0
      port 443: FIN-WAIT-2               1   203ms   203ms   203ms    203ms         0
      port 443: CLOSE-WAIT               1   203ms   203ms   203ms    203ms         0

      TIME-WAIT by host          entries  at once  first at
      10.77.0.1                        9        9  2026-11-22 05:11:00.536356789 UTC
      2001:db8::1                      1        1  2026-11-22 05:11:00.536356789 UTC

      client -> destination                flows    held range % a second  forecast
      10.77.0.1 -> 10.77.0.2:80               12      12    92.3       12  runs out
      tcpclose ports tells more
      forecast      10.77.0.1 -> 10.77.0.2:80: at 12 connections a second this client
                    runs out of its 13 ports 1.4 s after start (assumed)
                      -> reuse connections, or give the client more addresses or ports

      idle limit, by server port (inferred)   server closes after client closes after
      80                                          5.0 s (9 flows)      60 s (3 flows)
        -> inverted: let clients drop idle connections sooner than 5.0 s, or a request
           will meet the close

      finding, by harm               flows  streams to look at
      close-wait-leak                    1  3
        -> find in one side's program who holds the socket: it must close when a read
           gives 0 octets
      half-close                         1  3
        -> nothing, if that is the protocol (shutdown instead of close)

      finding       port-exhaustion-risk: 10.77.0.1 held 12 of 13 ports (92 %) towards
                    10.77.0.2:80, TIME-WAIT included, at 2026-11-22 05:11:00 UTC
                    (assumed)
                      -> reuse connections, or give the client more addresses or ports
      finding       clock-step: 1 time stamp jumped by more than a minute (observed)
                      -> see whether the host's clock was set while it captured

      warning       b.pcap: cut short\\u{7} at octet 812,000: copy the file again

      """
    #expect(String(decoding: octets, as: UTF8.self) == expected)
  }
}
