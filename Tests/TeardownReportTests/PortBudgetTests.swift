import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("Ports of a client")
struct PortBudgetTests {
  static let second: Int64 = 1_000_000_000

  /// Flows of one client after one another, each closed after 0.4 s by the client.
  struct Load: CustomTestStringConvertible {
    var name: String
    var flows = 22586
    /// Nanoseconds from one flow to the next.
    var gap: Int64 = 1_000_000
    /// The flows that are open still when the capture ends, of so many in turn.
    var openOf = 0
    var hasTimeWait = true
    var lowest: UInt16 = 32768
    var clients: UInt32 = 1
    var servers: UInt16 = 1
    var ports = PortBudget.linuxPorts
    var isIPv6 = false

    var testDescription: String { name }

    func risks() throws -> [PortBudget.Holder] {
      var summary = CaptureSummary(ephemeralPorts: ports)
      let last = FlowScript.start + Int64(flows) * gap + 2 * PortBudgetTests.second
      summary.input.lastTime = last
      let record = try #require(ContractRecord.make())
      var open: [FlowRecord] = []
      for number in 0..<flows {
        var told = record
        move(&told, by: Int64(number) * gap)
        told.client = Endpoint(
          address: isIPv6
            ? .v6(0x2001_0db8 << 96 | UInt128(UInt32(number) % clients + 1))
            : .v4(0x0A4D_0001 + UInt32(number) % clients),
          port: lowest + UInt16(number % Int(28232)))
        told.server = Endpoint(
          address: isIPv6 ? .v6(0x2001_0db8 << 96) : .v4(0x0A4D_0000),
          port: 80 + UInt16(number % Int(servers)))
        if !hasTimeWait { told.teardown.timeWait = [] }
        if openOf > 0, number % openOf == 0 {
          told.teardown = Teardown()
          open.append(told)
        } else {
          told.written = .closed
          summary.add(told)
        }
      }
      for record in open { summary.add(record) }
      return summary.portBudget.risks
    }

    private func move(_ record: inout FlowRecord, by time: Int64) {
      record.start += time
      record.end += time
      record.teardown.timeWait[0].enteredAt += time
    }
  }

  static let risks: [(Load, Int)] = [
    (Load(name: "80 % in a burst"), 22586),
    (Load(name: "80 % in a burst, IPv6", isIPv6: true), 22586),
    (Load(name: "all ports, and again and again", flows: 120_000, gap: 2_125_000), 28232),
    (Load(name: "half of them open", flows: 28000, openOf: 2), 28000),
    (Load(name: "none has TIME-WAIT, all are open", openOf: 1), 22586),
    (Load(name: "a range of 50 ports", flows: 40, lowest: 40000, ports: 40000...40049), 40),
    (Load(name: "one port", flows: 1, lowest: 40000, ports: 40000...40000), 1),
  ]

  @Test("from 80 % on it is a risk", arguments: risks)
  func risk(load: Load, peak: Int) throws {
    let risks = try load.risks()
    try #require(risks.count == 1)
    #expect(abs(risks[0].peak - peak) * 50 <= peak)
    #expect(load.flows > 30000 || risks[0].peak == peak)
    #expect(risks[0].flows == load.flows)
    #expect(risks[0].ports == load.ports.count)
    #expect(risks[0].client.isIPv6 == load.isIPv6)
    #expect(risks[0].server.port == 80)
  }

  static let nearMisses = [
    Load(name: "79 % of the ports", flows: 22303),
    Load(name: "79 % of 100 ports", flows: 79, lowest: 40000, ports: 40000...40099),
    Load(name: "as many, but 60 s are over before they are reached", flows: 28232, gap: 2_700_000),
    Load(name: "as many, but TIME-WAIT is at the server", hasTimeWait: false),
    Load(name: "as many, towards two services", flows: 28232, servers: 2),
    Load(name: "as many, of two clients", flows: 28232, clients: 2),
    Load(name: "ports outside of the range", lowest: 1024),
    Load(name: "the same flows where there are more ports", ports: 1024...65535),
  ]

  @Test("what is no risk", arguments: nearMisses)
  func nearMiss(load: Load) throws { #expect(try load.risks() == []) }

  @Test("the finding names both ends, the most, the range and when")
  func finding() throws {
    let load = Load(name: "", flows: 45, lowest: 40000, ports: 40000...40049)
    let risk = try #require(try load.risks().first)
    #expect(
      risk.finding
        == Finding(
          .portExhaustionRisk, side: .client, grade: .assumed, count: 45,
          values: [
            NamedValue("client", .word("10.77.0.1")), NamedValue("server", .word("10.77.0.0")),
            NamedValue("port", .count(80)), NamedValue("peak", .count(45)),
            NamedValue("ports", .count(50)),
            NamedValue("at", .word("2026-11-22T05:11:02.270940437Z")),
          ]))
    #expect(
      risk.sentence(.utc)
        == "10.77.0.1 held 45 of 50 ports (90 %) towards 10.77.0.0:80, TIME-WAIT included, "
        + "at 2026-11-22 05:11:02 UTC")
  }

  @Test("among clients without number the one near its end stays")
  func manyClients() throws {
    var summary = CaptureSummary()
    let record = try #require(ContractRecord.make())
    for number in 0..<200_000 {
      var told = record
      told.start += Int64(number) * 100_000
      told.teardown.timeWait[0].enteredAt += Int64(number) * 100_000
      let isHeavy = number % 8 == 0
      told.client = Endpoint(
        address: .v4(isHeavy ? 1 : UInt32(number) &* 2_654_435_761),
        port: 32768 + UInt16(number / 8))
      summary.add(told)
    }
    let risks = summary.portBudget.risks
    #expect(risks.map(\.client) == [.v4(1)])
    #expect(try #require(risks.first).peak == 25000)
  }
}
