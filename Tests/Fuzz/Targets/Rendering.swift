internal import TCPTeardown
internal import TeardownReport

/// All ways in which a capture is told, at once.
struct Rendering {
  /// Hostile itself: an escape sequence, a line end, a turn of the writing direction, a quote.
  private static let label = "\u{1B}[2J\n\u{202E}\"\\"

  /// A report, and what it has written.
  private struct Writing {
    var report: Report
    var octets: [UInt8] = []

    init(_ format: Format, ports: PortsOptions? = nil) {
      var options = ReportOptions(label: Rendering.label)
      options.format = format
      if let ports {
        options.ports = ports
        options.tellsPortsOnly = true
      }
      options.namesCapture = true
      report = Report(options)
      report.begin(into: &octets)
    }

    mutating func take(_ record: borrowing FlowRecord, until: Int64? = nil) {
      report.take(record, captureEnd: until, into: &octets)
    }
    mutating func end(_ summary: CaptureSummary) { report.end(summary, into: &octets) }
  }

  private var jsonl = Writing(.jsonl)
  private var json = Writing(.json)
  private var text = Writing(.text)
  private var brief = Writing(.brief)
  private var ports: Writing
  private var portsJSON: Writing
  private var summary = CaptureSummary()
  private let profile: Profile
  /// Writes rows of `jsonl` and nothing else, which is quicker.
  private let rowsOnly: Bool
  /// The rows of `jsonl`.
  private(set) var rows: [[UInt8]] = []

  init(profile: Profile, rowsOnly: Bool) {
    self.profile = profile
    self.rowsOnly = rowsOnly
    let options = PortsOptions(ports: 1...65535, profile: profile)
    ports = Writing(.text, ports: options)
    portsJSON = Writing(.json, ports: options)
  }

  /// Tells of a flow of a capture that ended at `until`.
  mutating func take(_ record: borrowing FlowRecord, until: Int64) {
    jsonl.take(record)
    let row = Array(jsonl.octets.dropLast())
    jsonl.octets = []
    rows.append(row)
    expect(
      JSONText.isValid(row), "a row is no JSON: \(String(decoding: row, as: UTF8.self))")
    guard !rowsOnly else { return }
    json.take(record)
    text.take(record)
    brief.take(record)
    ports.take(record, until: until)
    portsJSON.take(record, until: until)
    summary.add(record)
    explain(record, until: until)
  }

  private func explain(_ record: borrowing FlowRecord, until: Int64) {
    var octets: [UInt8] = []
    ExplainReport.write(
      copy record, options: ReportOptions(label: Self.label), profile: profile, until: until,
      into: &octets)
    Self.checkText(octets)
  }

  /// Tells what all flows come to.
  mutating func conclude(_ counts: FlowTable.Counts) {
    guard !rowsOnly else { return }
    summary.counts = counts
    json.end(summary)
    text.end(summary)
    ports.end(summary)
    portsJSON.end(summary)
    expect(JSONText.isValid(Array(json.octets.dropLast())), "the report is no JSON")
    expect(JSONText.isValid(Array(portsJSON.octets.dropLast())), "the report on ports is no JSON")
    Self.checkText(text.octets)
    Self.checkText(ports.octets)
    Self.checkText(brief.octets)
  }

  /// Nothing that a terminal would obey, but line ends.
  private static func checkText(_ octets: [UInt8]) {
    expect(
      octets.allSatisfy { $0 == 0x0A || $0 >= 0x20 && $0 != 0x7F }, "a text holds a control")
    // Nearly every text is ASCII, and quickly done with.
    if octets.allSatisfy({ $0 < 0x80 }) { return }
    guard let text = String(validating: octets, as: UTF8.self) else {
      fatalError("a text is no UTF-8")
    }
    for scalar in text.unicodeScalars where !scalar.isASCII {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        fatalError("a text holds U+\(String(scalar.value, radix: 16, uppercase: true))")
      default: continue
      }
    }
  }
}
