import ArgumentParser
import Foundation
import TCPTeardown
import TeardownReport
import Testing

@testable import tcpclose

@Suite("Findings of whole captures")
struct CaptureFindingTests {
  static func summary(
    of name: String, _ vantage: Side, ports: ClosedRange<UInt16>
  ) throws -> CaptureSummary {
    var summary = CaptureSummary(ephemeralPorts: ports)
    let path = try #require(Fixtures.capture(name, vantage))
    for record in try Fixtures.records(of: path) { summary.add(record) }
    return summary
  }

  @Test("a client that used up its 50 ports is seen from both ends", arguments: Side.allCases)
  func exhaustion(vantage: Side) throws {
    let summary = try Self.summary(of: "port-exhaustion", vantage, ports: 40000...40049)
    let finding = try #require(summary.captureFindings.first { $0.code == .portExhaustionRisk })
    #expect(finding.values.contains(NamedValue("peak", .count(50))))
    let enough = try Self.summary(of: "port-exhaustion", vantage, ports: 40000...40099)
    #expect(!enough.captureFindings.contains { $0.code == .portExhaustionRisk })
  }

  @Test("no recorded case looks like a flood", arguments: Side.allCases)
  func floods(vantage: Side) throws {
    var summary = CaptureSummary()
    for name in Fixtures.cases {
      guard let path = Fixtures.capture(name, vantage) else { continue }
      for record in try Fixtures.records(of: path) { summary.add(record) }
    }
    #expect(!summary.captureFindings.contains { $0.code == .synFloodLike })
  }

  @Test(
    "ranges of ports",
    arguments: [
      ("32768-60999", 32768...60999), ("1-65535", 1...65535), ("40000-40000", 40000...40000),
      ("0-10", nil), ("10-9", nil), ("10-65536", nil), ("10", nil), ("10-20-30", nil), ("-", nil),
      ("a-b", nil), ("", nil),
    ] as [(String, ClosedRange<UInt16>?)])
  func ranges(argument: String, ports: ClosedRange<UInt16>?) {
    #expect((try? PortRangeArgument(argument))?.ports == ports)
  }

  @Test("the option's default is Linux's range")
  func defaults() throws {
    let options = try PortOptions.parse([])
    #expect(options.ephemeralPorts.ports == PortBudget.linuxPorts)
    #expect(
      try PortOptions.parse(["--ephemeral-ports", "1024-2047"]).ephemeralPorts.ports.count
        == 1024)
  }
}
