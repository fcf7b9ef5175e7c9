internal import TCPTeardown
internal import TeardownReport

/// All ways in which a capture is told, at once.
struct Rendering {
  /// Hostile itself: an escape sequence, a line end, a turn of the writing direction, a quote.
  private static let label = "\u{1B}[2J\n\u{202E}\"\\"

  private var reports: [(report: Report, octets: [UInt8])] = []
  private var summary = CaptureSummary()
  private let profile: Profile
  /// The rows of `jsonl`.
  private(set) var rows: [[UInt8]] = []

  init(profile: Profile, input: CaptureSummary.Input = CaptureSummary.Input()) {
    self.profile = profile
    summary.input = input
    for format in [Format.jsonl, .json, .text, .brief] {
      var options = ReportOptions(label: Self.label)
      options.format = format
      options.namesCapture = true
      var octets: [UInt8] = []
      var report = Report(options)
      report.begin(into: &octets)
      reports.append((report, octets))
    }
  }

  mutating func take(_ record: borrowing FlowRecord, until: Int64) {
    for place in reports.indices {
      reports[place].report.take(record, into: &reports[place].octets)
    }
    summary.add(record)
    let row = reports[0].octets.dropLast()
    reports[0].octets = []
    rows.append(Array(row))
    expect(JSONText.isValid(Array(row)), "a row is no JSON: \(String(decoding: row, as: UTF8.self))")
    var explanation: [UInt8] = []
    ExplainReport.write(
      copy record, options: ReportOptions(label: Self.label), profile: profile, until: until,
      into: &explanation)
    Self.checkText(explanation)
  }

  mutating func conclude(_ counts: FlowTable.Counts) {
    summary.counts = counts
    for place in reports.indices {
      reports[place].report.end(summary, into: &reports[place].octets)
    }
    let document = reports[1].octets.dropLast()
    expect(JSONText.isValid(Array(document)), "the report is no JSON")
    Self.checkText(reports[2].octets)
    Self.checkText(reports[3].octets)
  }

  /// Nothing that a terminal would obey, but line ends.
  private static func checkText(_ octets: [UInt8]) {
    let text = String(validating: octets, as: UTF8.self)
    expect(text != nil, "a text is no UTF-8")
    for scalar in text?.unicodeScalars ?? "".unicodeScalars where scalar != "\n" {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        expect(false, "a text holds U+\(String(scalar.value, radix: 16, uppercase: true))")
      default: continue
      }
    }
  }
}
