import ArgumentParser
import TeardownReport

/// What of the report is written, and how.
struct OutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How to print.", valueName: "format"))
  var format = Format.text

  @Flag(help: "Print the summary alone.")
  var summary = false

  // Whatever comes next is its value: of -1 the error should speak of flows.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Flows to tell one by one at most: the most harmful (default: 100 timelines; 500 on a page).",
      valueName: "n"))
  var limit: Int?

  @Flag(help: "Print every timeline.")
  var all = false

  @Option(
    name: [.customShort("w"), .customLong("write")],
    help: ArgumentHelp(
      "Also write the packets of these flows to this capture file, which must be new.",
      valueName: "file"),
    completion: .file())
  var write: String?

  func validate() throws {
    if let limit, limit < 0 {
      throw ValidationError("--limit takes a number of flows, 0 or more.")
    }
    if summary, format.isRecords {
      throw ValidationError(
        "--format \(format.rawValue) is flow records only; the summary stands in --format json.")
    }
    guard format == .html else { return }
    if all || (limit ?? 0) > ReportOptions.flowsOfPage.upperBound {
      throw ValidationError(
        "A page tells \(ReportOptions.flowsOfPage.upperBound) flows at most, by --limit; "
          + "--format csv and --format jsonl tell all.")
    }
  }

  /// The report's options; `isStream` for a live view, which prints each flow as it ends.
  func reportOptions(
    label: String, writing: WritingOptions, isStream: Bool = false
  ) -> ReportOptions {
    var options = writing.reportOptions(label: label)
    options.format = format
    options.summaryOnly = summary
    switch format {
    case .html: options.limit = limit ?? ReportOptions.flowsOfPage.lowerBound
    default: options.limit = all || isStream ? nil : limit ?? 100
    }
    return options
  }
}

extension Format: ExpressibleByArgument {
  package static var allValueDescriptions: [String: String] {
    Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.explanation) })
  }

  private var explanation: String {
    switch self {
    case .text: "timelines, then the summary"
    case .brief: "a line a flow"
    case .jsonl: "a JSON record a flow, one a line (docs/schema)"
    case .json: "one JSON document: all records, then the summary"
    case .csv: "a row a flow (docs/csv.md)"
    case .html: "one page: charts, and the most harmful flows with their ladders"
    }
  }
}
