import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("SYN floods")
struct SYNFloodTests {
  static let second: Int64 = 1_000_000_000

  /// A SYN that is answered, and nothing more of its sender.
  static let answered = """
    0 > S 0 0 0
    0.1 < S. 0 0 1
    """
  static let ignored = "0 > S 0 0 0"
  static let retried = """
    0 > S 0 0 0
    0.1 < S. 0 0 1
    1000 > S 0 0 0
    1000.1 < S. 0 0 1
    """
  static let cancelled = """
    0 > S 0 0 0
    0.1 < S. 0 0 1
    0.2 > R 1 0 0
    """
  static let refused = """
    0 > S 0 0 0
    0.1 < R. 0 0 1
    """

  /// Attempts that go to one endpoint, or to a port of their own each.
  struct Wave: CustomTestStringConvertible {
    var name: String
    var script = SYNFloodTests.answered
    var attempts = 1000
    /// Addresses that the attempts come from, in turn.
    var sources = 1000
    /// Milliseconds from one attempt to the next.
    var gap: Int64 = 5
    var serverPorts: UInt16 = 1
    /// Seconds from the last attempt to the capture's end; nil where that is not known.
    var quiet: Int64? = 60

    var testDescription: String { name }

    func summary(isIPv6: Bool = false) throws -> CaptureSummary {
      let server: IPAddress = isIPv6 ? .v6(0x2001_0db8 << 96 | 2) : .v4(0x0A4D_0002)
      var summary = CaptureSummary()
      let last = FlowScript.start + Int64(attempts - 1) * gap * 1_000_000
      summary.input.lastTime = quiet.map { last + $0 * SYNFloodTests.second }
      let record = try #require(FlowScript().records(script).first)
      for attempt in 0..<attempts {
        let source = UInt32(attempt % sources)
        var told = record
        told.start = FlowScript.start + Int64(attempt) * gap * 1_000_000
        told.end = told.start + record.end - record.start
        told.client = Endpoint(
          address: isIPv6
            ? .v6(0x2001_0db8_0001 << 80 | UInt128(source)) : .v4(0xC612_0000 + source),
          port: UInt16(1024 + attempt % 60000))
        told.server = Endpoint(address: server, port: 443 + UInt16(attempt % Int(serverPorts)))
        summary.add(told)
      }
      return summary
    }
  }

  static let floods = [
    Wave(name: "1,000 SYNs of 1,000 addresses in 5 s"),
    Wave(name: "100 SYNs of 60 addresses, slowly", attempts: 100, sources: 60, gap: 90),
    Wave(name: "a subnet's 200 forged addresses", attempts: 5000, sources: 200, gap: 1),
    Wave(name: "a capture whose end is not known", quiet: nil),
  ]

  @Test("many unfinished attempts of many addresses are one", arguments: floods, [false, true])
  func flood(wave: Wave, isIPv6: Bool) throws {
    let floods = try wave.summary(isIPv6: isIPv6).unfinishedAttempts.floods
    try #require(floods.count == 1)
    #expect(floods[0].server.port == 443)
    #expect(floods[0].server.address.isIPv6 == isIPv6)
    #expect(floods[0].attempts == wave.attempts)
    let within = min(wave.attempts, Int(10_000 / wave.gap))
    #expect(floods[0].peak == within)
    #expect(abs(floods[0].sources - min(wave.sources, within)) * 5 <= wave.sources)
    #expect(floods[0].peakTime == FlowScript.start)
  }

  static let nearMisses = [
    Wave(name: "one host scans 60,000 ports", attempts: 60000, sources: 1, serverPorts: 60000),
    Wave(name: "one host, always the same port", sources: 1),
    Wave(name: "20 clients of a server that is down", script: ignored, sources: 20),
    Wave(name: "1,000 clients of a server that is down, which repeat their SYNs", script: retried),
    Wave(name: "1,000 impatient clients of a server that is down", script: ignored),
    Wave(name: "20 clients whose SYN-ACKs are lost", sources: 20),
    Wave(name: "99 SYNs in all", attempts: 99),
    Wave(name: "100,000 SYNs, 9 a second", attempts: 100_000, gap: 111),
    Wave(name: "45 addresses", sources: 45),
    Wave(name: "clients that take their attempt back", script: cancelled),
    Wave(name: "a port that nobody listens at", script: refused),
    Wave(name: "connections that were made", script: FlowScript.orderly),
    Wave(name: "handshakes under way when the capture ends", attempts: 400, quiet: 0),
  ]

  @Test("what is no flood", arguments: nearMisses)
  func nearMiss(wave: Wave) throws {
    #expect(try wave.summary().unfinishedAttempts.floods == [])
  }

  @Test("the heaviest ten seconds are told, wherever they are")
  func peak() throws {
    var summary = CaptureSummary()
    let record = try #require(FlowScript().records(Self.answered).first)
    func add(_ count: Int, from seconds: Int64) {
      for attempt in 0..<count {
        var told = record
        told.start = FlowScript.start + seconds * Self.second + Int64(attempt) * 1_000_000
        told.client = Endpoint(address: .v4(UInt32(attempt)), port: 1024)
        summary.add(told)
      }
    }
    add(150, from: 0)
    add(900, from: 100)
    add(200, from: 200)
    let flood = try #require(summary.unfinishedAttempts.floods.first)
    #expect(flood.peak == 900)
    #expect(flood.attempts == 1250)
    #expect(flood.peakTime == FlowScript.start + 100 * Self.second)
    let finding = try #require(summary.captureFindings.first)
    #expect(finding.code == .synFloodLike)
    #expect(finding.side == .server)
    #expect(finding.grade == .inferred)
    #expect(finding.values.word("at") == "2026-11-22T05:12:40.123456789Z")
  }

  @Test("among scanned endpoints without number the flooded one stays")
  func manyEndpoints() throws {
    var summary = try Wave(name: "flood", attempts: 2000, sources: 2000).summary()
    var record = try #require(FlowScript().records(Self.answered).first)
    for address in UInt32(0)..<20000 {
      record.server = Endpoint(address: .v4(address), port: 80)
      summary.add(record)
    }
    #expect(summary.unfinishedAttempts.floods.map(\.server.port) == [443])
    #expect(summary.unfinishedAttempts.otherAttempts >= 20000 - 4096)
  }

  @Test(
    "a sketch of addresses tells about how many they are", arguments: [0, 1, 10, 50, 300, 20000])
  func sketch(count: Int) {
    for base in [IPAddress.v4(0x0A00_0000), .v6(0x2001_0db8 << 96)] {
      var sketch = AddressSketch()
      for _ in 0..<2 {
        for number in 0..<count {
          sketch.add(IPAddress(bits: base.bits + UInt128(number), isIPv6: base.isIPv6))
        }
      }
      #expect(abs(Double(sketch.estimate - count)) <= 0.2 * Double(count), "\(sketch.estimate)")
    }
  }
}
