import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("Summary of a capture")
struct SummaryTests {
  static let second: Int64 = 1_000_000_000

  static func wait(from seconds: Int64, for duration: Int64 = 60) -> TimeWait {
    TimeWait(
      side: .client, enteredAt: FlowScript.start + seconds * second, grade: .observed,
      profile: "linux", duration: duration * second, endedBy: .twoMSL, endGrade: .assumed,
      observedFor: duration * second, restarts: 0)
  }

  static let host = IPAddress.v4(0x0A4D_0001)

  static let occupancies: [([Int64], Int, Int64)] = [
    ([0], 1, 0), ([0, 1, 2], 3, 2), ([0, 60], 1, 0), ([0, 59], 2, 59), ([100, 0, 30], 2, 30),
    ([0, 0, 0, 200, 200], 3, 0), ([], 0, 0),
  ]

  @Test("the most TIME-WAITs at one time, and since when", arguments: occupancies)
  func peaks(starts: [Int64], peak: Int, at: Int64) {
    var occupancy = TimeWaitOccupancy()
    for start in starts { occupancy.add(Self.wait(from: start), at: Self.host) }
    let hosts = occupancy.ranked(limit: 10)
    #expect(hosts.first?.peak ?? 0 == peak)
    #expect(hosts.first?.entries ?? 0 == starts.count)
    if peak > 0 { #expect(hosts.first?.peakTime == FlowScript.start + at * Self.second) }
  }

  @Test("a long capture is counted as exactly as a short one, in any near order")
  func longCapture() {
    var occupancy = TimeWaitOccupancy()
    // Ten a second for two hours, each pair of seconds in reverse; then a burst of 5,000.
    for pair in 0..<3600 {
      for second in [2 * pair + 1, 2 * pair] {
        for _ in 0..<10 { occupancy.add(Self.wait(from: Int64(second)), at: Self.host) }
      }
    }
    #expect(occupancy.ranked(limit: 1).first?.peak == 600)
    for _ in 0..<5000 { occupancy.add(Self.wait(from: 7200), at: Self.host) }
    let host = occupancy.ranked(limit: 1).first
    #expect(host?.peak == 5590)
    #expect(host?.peakTime == FlowScript.start + 7200 * Self.second)
    #expect(occupancy.entries == 77000)
  }

  @Test("hosts beyond what is told apart are counted together")
  func manyHosts() {
    var occupancy = TimeWaitOccupancy()
    for address in 0..<UInt32(TimeWaitOccupancy.maximumHosts + 7) {
      occupancy.add(Self.wait(from: 0), at: .v4(address))
    }
    occupancy.add(Self.wait(from: 1), at: .v4(5))
    #expect(occupancy.hosts == TimeWaitOccupancy.maximumHosts)
    #expect(occupancy.otherEntries == 7)
    #expect(occupancy.ranked(limit: 3).map(\.address) == [.v4(5), .v4(0), .v4(1)])
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
    var summary = CaptureSummary()
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
      summary.add(told)
    }
    summary.input.files = 2
    summary.input.packets = 1_204_322
    summary.input.octets = 812_443_210
    summary.input.firstTime = FlowScript.start
    summary.input.lastTime = FlowScript.start + 600 * Self.second
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
      no segment    12 packets: not IP
      lost          3 packets by the kernel's buffer, 0 by the interface
                    1 time stamp jumped by more than a minute
      flows         13

      outcome                        flows       %
      orderly                           10    76.9
      reset                              2    15.3
      closing                            1     7.6

      reset cause                    flows
      abort                              2

      finding                        flows
      close-wait-leak                    1
      half-close                         1

      closed first, by server port   flows   client   server   both  unknown   no FIN
      80                                12       10        0      0        0        2
      443                                1        1        0      0        0        0

      TIME-WAIT by host          entries  at once  first at
      10.77.0.1                        9        9  2026-11-22 05:11:00.536356789 UTC
      2001:db8::1                      1        1  2026-11-22 05:11:00.536356789 UTC

      warning       b.pcap: cut short\\u{7} at octet 812,000: copy the file again

      """
    #expect(String(decoding: octets, as: UTF8.self) == expected)
  }
}
