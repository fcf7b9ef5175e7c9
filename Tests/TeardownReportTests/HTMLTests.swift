import FlowScripts
import Foundation
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("HTML")
struct HTMLTests {
  /// A page of these records, changed as `change` has it.
  static func page(
    _ records: [FlowRecord],
    _ change: (inout ReportOptions, inout CaptureSummary) -> Void = { _, _ in }
  ) -> String {
    var options = ReportOptions(label: "web-1")
    options.format = .html
    var summary = CaptureSummary(ephemeralPorts: 40000...40119)
    change(&options, &summary)
    var report = Report(options)
    var octets: [UInt8] = []
    report.begin(into: &octets)
    for record in records {
      report.take(record, captureEnd: summary.input.lastTime, into: &octets)
      summary.add(record)
    }
    #expect(octets.isEmpty)
    report.end(summary, into: &octets)
    return String(decoding: octets, as: UTF8.self)
  }

  /// What stands between the tags of an element that bears `mark`.
  static func content(of element: String, _ mark: String, in page: String) -> Substring? {
    guard let begin = page.range(of: "<\(element) \(mark)>"),
      let end = page[begin.upperBound...].range(of: "</\(element)>")
    else { return nil }
    return page[begin.upperBound..<end.lowerBound]
  }

  struct Embedded: Decodable {
    struct Flow: Decodable {
      struct Record: Decodable {
        var stream: Int
        var capture: String
      }
      struct Row: Decodable {
        var kind: String
        var at: Double
        var frame: Int?
        var letters: String
        var text: String
      }
      struct Claim: Decodable {
        var label: String
        var text: String
        var grade: String?
        var frames: [Int]?
      }
      var record: Record
      var harm: Int
      var until: Double
      var told: [Claim]
      var rows: [Row]
    }
    var flows: [Flow]
  }

  static func embedded(in page: String) throws -> Embedded {
    let json = try #require(
      content(of: "script", #"type="application/json" id="flows-data""#, in: page))
    return try JSONDecoder().decode(Embedded.self, from: Data(json.utf8))
  }

  @Test("a page holds the record of each flow, what it says with grade and frames, and its ladder")
  func flow() throws {
    let page = Self.page([try #require(ContractRecord.make())])
    let flow = try #require(try Self.embedded(in: page).flows.first)
    var record: [UInt8] = []
    FlowJSON(capture: "web-1").write(try #require(ContractRecord.make()), to: &record)
    #expect(page.contains(String(decoding: record, as: UTF8.self)))
    let closer = try #require(flow.told.first { $0.label == "closed first" })
    #expect(closer.text == "the client")
    #expect(closer.grade == "observed" && closer.frames == [17, 18])
    let wait = try #require(flow.told.first { $0.label == "TIME-WAIT" })
    #expect(wait.grade == "observed" && wait.frames == [19, 20])
    #expect(wait.text.contains("assumed: linux, 60 s"))
    let fin = try #require(flow.rows.first { $0.frame == 17 })
    #expect(fin.letters == "F." && fin.text == "seq 79 ack 1043" && fin.at == 0.2)
    #expect(flow.rows.contains { $0.kind == "passage" && $0.text.hasPrefix("2 more segments") })
  }

  @Test("the most harmful flows are told, the most harmful first, and the rest counted")
  func leftOut() throws {
    let records = ReportTests.records(1203, aborted: [3, 700], leaks: [1100])
    let page = Self.page(records) { options, _ in options.limit = 4 }
    #expect(try Self.embedded(in: page).flows.map(\.record.stream) == [1100, 3, 700, 0])
    #expect(page.contains("The 4 most harmful flows of 1,203; 1,199 are left out"))
    #expect(page.contains(#"<p class="figure">1,203</p>"#))
  }

  @Test("what is kept while records come is bounded, however many they are")
  func memory() {
    var options = ReportOptions(label: "web-1")
    options.format = .html
    options.limit = 50
    var page = HTMLPage(options)
    let records = ReportTests.records(40, aborted: [7], leaks: [9])
    for round in 0..<200 {
      for record in records {
        var later = record
        later.stream += round * 40
        // A day of capture, whose states lie all over it.
        let delay = Int64(round) * 432 * Int64.nanosecondsPerSecond
        later.shift(by: delay)
        page.take(later, captureEnd: nil)
      }
    }
    #expect(page.kept.flows == 8000)
    #expect(page.kept.ranked.count == 50)
    #expect(page.occupancy.closeWait.count <= HTMLHeldOverTime.stepsAtMost)
    #expect(page.occupancy.timeWait.count <= HTMLHeldOverTime.stepsAtMost)
    #expect(page.services.count == 1)
  }

  @Test("no number of flows, and no label, makes the page as large as 5 MB")
  func size() throws {
    let label = String(repeating: "<&>\u{1B}", count: 250)
    var records = ReportTests.records(40, aborted: Set(0..<40))
    records = (0..<2000).map { number in
      var record = records[number % 40]
      record.stream = number
      return record
    }
    let page = Self.page(records) { options, _ in
      options.label = label
      options.limit = 2000
    }
    #expect(page.utf8.count < 5_000_000)
    let shown = try Self.embedded(in: page).flows.count
    #expect(shown > 100 && shown < 2000)
    #expect(page.contains("; \(Wording.grouped(2000 - shown)) are left out"))
  }

  @Test("the summary alone is a page without flows")
  func summaryOnly() throws {
    let page = Self.page(ReportTests.records(3)) { options, _ in options.summaryOnly = true }
    #expect(try Self.embedded(in: page).flows.isEmpty)
    #expect(!page.contains("id=\"flow-table\""))
    #expect(page.contains(#"<p class="figure">3</p>"#))
  }

  @Test("nothing at all is a page too")
  func empty() throws {
    let page = Self.page([])
    #expect(try Self.embedded(in: page).flows.isEmpty)
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(page.hasSuffix("</html>\n"))
  }

  @Test("script and styles count because the page names their digests, and no others do")
  func digests() throws {
    let page = Self.page(ReportTests.records(1))
    let scripts = page.matches(of: #/<script>((?:.|\n)*?)</script>/#).map(\.output.1)
    #expect(try scripts.map(Self.digest) == [HTMLScript.hash])
    let styles = page.matches(of: #/<style>((?:.|\n)*?)</style>/#).map(\.output.1)
    #expect(try styles.map(Self.digest) == HTMLStyle.hashes)
    let named = HTMLStyle.hashes.map { "&#39;\($0)&#39;" }.joined(separator: " ")
    #expect(page.contains("style-src \(named); script-src &#39;\(HTMLScript.hash)&#39;;"))
    #expect(page.matches(of: /<script/).count == 2)
    #expect(!page.contains(" style="))
  }

  private static func digest(_ text: Substring) throws -> String {
    let digest = try SchemaTests.run(
      [
        "-c",
        "import base64, hashlib, sys; "
          + "print(base64.b64encode(hashlib.sha256(sys.stdin.buffer.read()).digest()).decode())",
      ], input: String(text))
    return "sha256-" + digest.trimmingCharacters(in: .newlines)
  }

  @Test("the page loads nothing, and its script makes no markup of text")
  func selfContained() {
    let page = Self.page(ReportTests.records(3, aborted: [1]))
    for loading in ["src=", "href=", "url(http", "@import", "<link", "<iframe", "<img"] {
      #expect(!page.contains(loading), "\(loading)")
    }
    let addresses = page.matches(of: #/https?://[^'"\s]*/#).map { String($0.output) }
    // The name of SVG, which nothing fetches.
    #expect(Set(addresses) == ["http://www.w3.org/2000/svg"])
    for parsing in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
      #expect(!page.contains(parsing), "\(parsing)")
    }
  }
}
