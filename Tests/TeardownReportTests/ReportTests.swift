import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("Reports")
struct ReportTests {
  static func output(
    of records: [FlowRecord], _ change: (inout ReportOptions) -> Void = { _ in }
  ) -> String {
    var options = ReportOptions(label: "web-1")
    change(&options)
    var report = Report(options)
    var summary = CaptureSummary()
    var octets: [UInt8] = []
    report.begin(into: &octets)
    for record in records {
      report.take(record, into: &octets)
      summary.add(record)
    }
    report.end(summary, into: &octets)
    return String(decoding: octets, as: UTF8.self)
  }

  /// `count` orderly flows, but for those of `aborted` and `leaks`, in streams from 0 on.
  static func records(_ count: Int, aborted: Set<Int> = [], leaks: Set<Int> = []) -> [FlowRecord] {
    (0..<count).flatMap { stream in
      let script =
        aborted.contains(stream)
        ? FlowScript.aborted : leaks.contains(stream) ? FlowScript.leak : FlowScript.orderly
      return FlowScript().records(script).map { record in
        var numbered = record
        numbered.stream = stream
        return numbered
      }
    }
  }

  static func streams(in text: String) -> [Int] {
    text.matches(of: #/(?m)^stream (\d+)  /#).compactMap { Int($0.output.1) }
  }

  @Test("up to the limit every flow is told, in the order of streams")
  func withinLimit() {
    let records = Array(Self.records(5).reversed())
    let text = Self.output(of: records) { $0.limit = 5 }
    #expect(Self.streams(in: text) == [0, 1, 2, 3, 4])
    #expect(!text.contains("more flow"))
  }

  @Test("beyond the limit the most harmful are told, in the order of streams, and the rest counted")
  func beyondLimit() throws {
    let records = Self.records(1203, aborted: [3, 700], leaks: [1100])
    let text = Self.output(of: records) { $0.limit = 4 }
    #expect(Self.streams(in: text) == [0, 3, 700, 1100])
    let more = try #require(
      text.firstRange(of: "1,199 more flows: --all, --format brief, --stream N\n"))
    let summary = try #require(text.firstRange(of: "summary of web-1\n"))
    #expect(more.upperBound < summary.lowerBound)
  }

  @Test("without a limit each flow is told as it comes")
  func unlimited() throws {
    var options = ReportOptions(label: "web-1")
    options.limit = nil
    var report = Report(options)
    var octets: [UInt8] = []
    for record in Self.records(2).reversed() {
      report.take(record, into: &octets)
      #expect(Self.streams(in: String(decoding: octets, as: UTF8.self)) == [record.stream])
      octets.removeAll()
    }
  }

  @Test("a flow that came out otherwise is told again, and marked")
  func amended() throws {
    var options = ReportOptions(label: "web-1")
    options.limit = nil
    var report = Report(options)
    var octets: [UInt8] = []
    report.amend(try #require(ContractRecord.make()), into: &octets)
    let text = String(decoding: octets, as: UTF8.self)
    #expect(text.hasPrefix("changed by what came later:\nstream 3  "))
  }

  @Test("the summary alone", arguments: [Format.text, .brief])
  func summaryOnly(format: Format) {
    let text = Self.output(of: Self.records(3)) {
      $0.format = format
      $0.summaryOnly = true
    }
    #expect(text.hasPrefix("summary of web-1\n"))
  }

  @Test("JSON is one object, whole however often the buffer is emptied")
  func json() {
    var options = ReportOptions(label: "web-1")
    options.format = .json
    var report = Report(options)
    var whole: [UInt8] = []
    var octets: [UInt8] = []
    report.begin(into: &octets)
    for record in Self.records(2) {
      whole += octets
      octets.removeAll()
      report.take(record, into: &octets)
    }
    whole += octets
    octets.removeAll()
    var summary = CaptureSummary()
    for record in Self.records(2) { summary.add(record) }
    report.end(summary, into: &octets)
    whole += octets
    let atOnce = Self.output(of: Self.records(2)) { $0.format = .json }
    #expect(String(decoding: whole, as: UTF8.self) == atOnce)
  }

  @Test("harm: what broke comes before what leaks out, and a plain close comes last")
  func harm() throws {
    func harm(_ change: (inout Teardown) -> Void) throws -> Int {
      var record = try #require(ContractRecord.make())
      change(&record.teardown)
      return record.harm
    }
    let ranked = try [
      harm { $0.findings = [Finding(.closeWaitLeak)] },
      harm {
        $0.findings = [Finding(.timeWaitReuse, values: [NamedValue("verdict", .word("refused"))])]
      },
      harm {
        $0.outcome = .reset
        $0.reset = ResetVerdict(
          by: .server, cause: .peerGone, grade: .inferred, frames: Frames(), values: [])
      },
      harm { $0.findings = [Finding(.gaveUp)] },
      harm { $0.findings = [Finding(.finRetransmitted), Finding(.lastAckLost)] },
      harm { $0.findings = [Finding(.lastAckLost)] },
      harm { $0.outcome = .closing },
      harm { _ in },
    ]
    #expect(ranked == ranked.sorted(by: >))
    #expect(Set(ranked).count == ranked.count)
    #expect(ranked.last == 0)
  }
}
