import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

/// What a file's name, an interface's or a reader's complaint can hold, in every place of the page.
@Suite("HTML: hostile text")
struct HTMLHostileTests {
  static let payloads = [
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>", "' onmouseover='alert(1)", "<!--<script>",
    "]]></style><style>*{display:none}", "&lt;b&gt;",
    "\u{1B}]0;owned\u{7}\u{1B}[31m", "a\u{202E}fdp.exe", "\u{2028}alert(1)//",
    "\u{0}\u{1}\u{9B}31m",
    "=cmd|' /C calc'!A0", "{{constructor}}", "\\u003c/script>", "\\\"};alert(1)//",
  ]

  /// A page with `text` wherever text from outside gets in.
  static func page(_ text: String) -> String {
    let records = ReportTests.records(3, aborted: [1], leaks: [2]).map { record in
      var record = record
      for place in record.teardown.timeWait.indices {
        record.teardown.timeWait[place].profile = text
      }
      record.teardown.findings.append(
        Finding(.resetIgnored, side: .client, values: [NamedValue("reason", .word(text))]))
      return record
    }
    return HTMLTests.page(records) { options, summary in
      options.label = text
      summary.input.warnings = [text]
      summary.input.undecoded = [(reason: text, packets: 1)]
    }
  }

  /// The tags of a page, each with its attributes' names.
  static func tags(of page: String) -> [String] {
    page.replacing(#/<script[^>]*>(?:.|\n)*?</script>/#, with: "<script>")
      .replacing(#/<style>(?:.|\n)*?</style>/#, with: "<style>")
      .matches(of: #/<[^>]*>/#)
      .map { String($0.output).replacing(#/"[^"]*"/#, with: "") }
  }

  @Test("the page has the same elements and attributes, whatever the text", arguments: payloads)
  func structure(payload: String) {
    #expect(Self.tags(of: Self.page(payload)) == Self.tags(of: Self.page("plain")))
  }

  @Test("the script gets the text as it was", arguments: payloads)
  func data(payload: String) throws {
    let flows = try HTMLTests.embedded(in: Self.page(payload)).flows
    #expect(flows.count == 3)
    for flow in flows {
      #expect(flow.record.capture == payload)
      #expect(flow.told.contains { $0.text.contains(payload) })
    }
  }

  @Test("no octet of the page steers a terminal or turns its text", arguments: payloads)
  func controls(payload: String) {
    for scalar in Self.page(payload).unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control && scalar != "\n"
      #expect(!isControl, "\(scalar.value)")
      #expect(!["\u{2028}", "\u{2029}"].contains(scalar))
    }
  }

  @Test("what is shown outside of the script is spelled out")
  func shown() {
    let page = Self.page("<b>\u{1B}[31m\u{202E}&'\"")
    #expect(page.contains("<h1>&lt;b&gt;\\u{1B}[31m\\u{202E}&amp;&#39;&quot;</h1>"))
    #expect(page.contains("<li>&lt;b&gt;"))
  }

  @Test("values of attributes are escaped, and JSON cannot end its element")
  func writer() {
    var octets: [UInt8] = []
    var html = HTMLWriter(taking: &octets)
    html.put(.p, [.label: "\"<>&'"], "<p>")
    html.put(json: Array(#"{"a":"</script>&<!--"}"#.utf8), id: "data")
    html.finish(&octets)
    #expect(
      String(decoding: octets, as: UTF8.self)
        == "<!DOCTYPE html>\n<p aria-label=\"&quot;&lt;&gt;&amp;&#39;\">&lt;p&gt;</p>"
        + #"<script type="application/json" id="data">"#
        + #"{"a":"\u003c/script\u003e\u0026\u003c!--"}</script>"#)
  }
}
