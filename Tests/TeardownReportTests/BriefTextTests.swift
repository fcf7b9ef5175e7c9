import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("A line a flow")
struct BriefTextTests {
  static func lines(_ records: [FlowRecord]) -> [String] {
    var options = ReportOptions(label: "web-1")
    options.format = .brief
    var report = Report(options)
    var octets: [UInt8] = []
    report.begin(into: &octets)
    for record in records { report.take(record, into: &octets) }
    report.end(CaptureSummary(), into: &octets)
    return String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("seven words in columns")
  func columns() throws {
    var reset = try #require(FlowScript().records(FlowScript.aborted).first)
    reset.stream = 12345
    let lines = Self.lines([try #require(ContractRecord.make()), reset])
    #expect(
      lines == [
        "stream  time cl tw verdict                    client             server",
        "     3 413ms c  c  orderly                    10.77.0.1:51324    10.77.0.2:80",
        " 12345  50ms -  -  reset/abort                10.77.0.1:51324    10.77.0.2:80",
      ])
  }

  @Test("a line that takes the place of another bears a star")
  func amended() throws {
    let record = try #require(ContractRecord.make())
    var options = ReportOptions(label: "web-1")
    options.format = .brief
    var report = Report(options)
    var octets: [UInt8] = []
    report.amend(record, into: &octets)
    let line = String(decoding: octets, as: UTF8.self)
    let plain = "     3 413ms c  c  orderly                    10.77.0.1:51324    10.77.0.2:80\n"
    #expect(line == plain.replacing(" 3 413ms", with: "3* 413ms"))
  }

  @Test("at the longest addresses the verdict gives way, never the addresses")
  func longest() throws {
    let script = FlowScript(
      client: Endpoint(address: .v4(.max), port: 65535),
      server: Endpoint(address: .v4(.max - 1), port: 65534))
    var record = try #require(script.records(FlowScript.orderly).first)
    for outcome in Outcome.allCases {
      for code in Finding.Code.allCases {
        record.teardown.outcome = outcome
        record.teardown.findings = [Finding(code)]
        let line = try #require(Self.lines([record]).last)
        #expect(line.count <= 80, "\(line)")
        #expect(line.hasSuffix(" 255.255.255.255:65535 255.255.255.254:65534"))
        #expect(line.split(separator: " ").count == 7)
      }
    }
  }
}
