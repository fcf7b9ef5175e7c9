import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("CSV")
struct CSVTests {
  static func rows(_ text: String) -> [[String]] { CSVReader.rows(of: text) }

  static func output(_ records: [FlowRecord], label: String = "web-1") -> String {
    ReportTests.output(of: records) {
      $0.format = .csv
      $0.label = label
    }
  }

  /// One record by column.
  static func cells(of record: FlowRecord, captureEnd: Int64? = nil) -> [String: String] {
    var octets = FlowCSV.header
    FlowCSV(capture: "web-1").write(record, captureEnd: captureEnd, to: &octets)
    let rows = rows(String(decoding: octets, as: UTF8.self))
    guard rows.count == 2, rows[0].count == rows[1].count else { return [:] }
    return Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
  }

  @Test("the contract's record, cell by cell")
  func contract() throws {
    let cells = Self.cells(of: try #require(ContractRecord.make()))
    let expected = [
      "capture": "web-1", "stream": "3", "final": "true", "written": "capture-end",
      "client_address": "10.77.0.1", "client_port": "51324", "server_address": "10.77.0.2",
      "server_port": "80", "roles": "observed", "start": "2026-11-22T05:11:00.123456789Z",
      "end": "2026-11-22T05:11:00.536456789Z", "duration": "0.413", "first_frame": "12",
      "last_frame": "20", "client_packets": "5", "server_packets": "4", "client_octets": "78",
      "server_octets": "1042", "seen": "SYN;SYN-ACK;ACK;DATA;FIN", "outcome": "orderly",
      "closed_by": "client", "closed_by_grade": "observed", "client_last_state": "TIME-WAIT",
      "client_last_state_grade": "observed", "client_syn_sent_seconds": "0.0002",
      "client_established_seconds": "0.1998", "client_fin_wait_1_seconds": "0.0101",
      "client_fin_wait_2_seconds": "0.2028", "client_time_wait_seconds": "0.0001",
      "client_time_wait_duration": "60", "client_time_wait_grade": "observed",
      "client_time_wait_ended_by": "capture-end", "client_time_wait_end_grade": "assumed",
      "server_last_state": "CLOSED", "server_last_state_grade": "inferred",
      "server_syn_received_seconds": "0.0002", "server_established_seconds": "0.2098",
      "server_close_wait_seconds": "0.2028", "server_last_ack_seconds": "0.0001",
      "zeek_conn_state": "SF", "zeek_history": "ShADdFaf",
    ]
    #expect(Set(cells.keys) == Set(FlowCSV.columns))
    #expect(FlowCSV.columns.count == Set(FlowCSV.columns).count)
    for column in FlowCSV.columns {
      #expect(cells[column] == expected[column] ?? "", "\(column)")
    }
  }

  @Test("a state that nothing ended lasts until the capture's end, where that is known")
  func unfinishedState() throws {
    let record = try #require(FlowScript().records(FlowScript.leak).first)
    let long = Self.cells(of: record, captureEnd: record.start + 90_000_000_000)
    let entered = try #require(
      record.teardown.states.server.last { $0.state == .closeWait }?.enteredAt)
    #expect(long["server_last_state"] == "CLOSE-WAIT")
    #expect(
      long["server_close_wait_seconds"]
        == String(capacity: 21) { $0.add(seconds: record.start + 90_000_000_000 - entered) })
    let short = Self.cells(of: record)
    #expect(
      short["server_close_wait_seconds"]
        == String(capacity: 21) { $0.add(seconds: record.end - entered) })
    #expect(long["findings"]?.split(separator: ";").contains("close-wait-leak") == true)
  }

  @Test("a reset bears its cause and sender; of several findings each stands once, in order")
  func reset() throws {
    var record = try #require(FlowScript().records(FlowScript.aborted).first)
    record.teardown.findings = [Finding(.gap), Finding(.reordered)]
    let cells = Self.cells(of: record)
    #expect(cells["reset_by"] == "server" && cells["reset_cause"] != "")
    #expect(cells["outcome"] == "reset" && cells["closed_by"] == "")
    #expect(cells["findings"] == "gap;reordered")
  }

  @Test("rows come with their records, below one head, and end as RFC 4180 has it")
  func stream() throws {
    var options = ReportOptions(label: "web-1")
    options.format = .csv
    var report = Report(options)
    var octets: [UInt8] = []
    report.begin(into: &octets)
    #expect(octets == FlowCSV.header)
    for record in ReportTests.records(2) {
      octets.removeAll()
      report.take(record, into: &octets)
      let row = String(decoding: octets, as: UTF8.self)
      #expect(row.hasPrefix("web-1,\(record.stream),true,") && row.hasSuffix("\r\n"))
      #expect(Self.rows(row).first?.count == FlowCSV.columns.count)
    }
    octets.removeAll()
    report.end(CaptureSummary(), into: &octets)
    #expect(octets.isEmpty)
    // The second capture of one output goes on below the same head.
    report.begin(into: &octets, isFirst: false)
    #expect(octets.isEmpty)
  }

  @Test(
    "no cell is a formula, steers a terminal or breaks its row",
    arguments: [
      ("plain.pcap", "plain.pcap"), ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
      ("+1+1", "'+1+1"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\\u{9}=1"),
      ("\r=1", "'\\u{D}=1"), ("\n=1", "'\\u{A}=1"), ("  =1", "'  =1"),
      ("\u{FF1D}1", "'\u{FF1D}1"), ("\u{A0}@x", "'\u{A0}@x"), ("\u{2028}=1", "'\\u{2028}=1"),
      ("a,b", "a,b"), ("a\"b", "a\"b"),
      ("a\r\nb", "a\\u{D}\\u{A}b"), ("a=b", "a=b"), ("\u{1B}[31mred", "\\u{1B}[31mred"),
      ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("", ""),
      ("ü\u{202E}fdp", "ü\\u{202E}fdp"),
    ])
  func hostileLabel(label: String, shown: String) throws {
    let text = Self.output(ReportTests.records(1), label: label)
    let rows = Self.rows(text)
    #expect(rows.count == 2)
    #expect(rows[1][0] == shown)
    #expect(rows[1].count == FlowCSV.columns.count)
    #expect(text.split(separator: "\r\n").count == 2)
    #expect(!text.contains("\u{1B}"))
  }

  @Test("cells that must be are quoted, and no others")
  func quoting() {
    func cell(_ text: String) -> String {
      String(decoding: CSVCell.octets(of: text), as: UTF8.self)
    }
    #expect(cell("a,b") == "\"a,b\"")
    #expect(cell("a\"b") == "\"a\"\"b\"")
    #expect(cell("=\"x\",1") == "\"'=\"\"x\"\",1\"")
    #expect(cell("a b;c") == "a b;c")
  }

  @Test("no cell of any kind of flow begins like a formula")
  func everyKind() {
    for row in Self.rows(SchemaTests.capture(.csv)).dropFirst() {
      for cell in row {
        #expect(cell.first.map { !"=+-@\t\r".contains($0) } ?? true, "\(cell)")
      }
    }
  }
}

/// Reads CSV as RFC 4180 defines it, and as nothing else would.
enum CSVReader {
  static func rows(of text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"" where isQuoted && rest.first == "\"":
        rest.removeFirst()
        cell.unicodeScalars.append("\"")
      case "\"" where isQuoted || cell.isEmpty: isQuoted.toggle()
      case "," where !isQuoted:
        row.append(cell)
        cell = ""
      case "\r" where !isQuoted && rest.first == "\n":
        rest.removeFirst()
        rows.append(row + [cell])
        row = []
        cell = ""
      default: cell.unicodeScalars.append(scalar)
      }
    }
    return rows
  }
}
