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
    help: ArgumentHelp("Timelines to print at most: the most harmful.", valueName: "n"))
  var limit = 100

  @Flag(help: "Print every timeline.")
  var all = false

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit takes a number of flows, 0 or more.") }
    if summary, format == .jsonl {
      throw ValidationError(
        "--format jsonl is flow records only; the summary stands in --format json.")
    }
  }

  /// The report's options; `isStream` for a live view, which prints each flow as it ends.
  func reportOptions(
    label: String, writing: WritingOptions, isStream: Bool = false
  ) -> ReportOptions {
    var options = writing.reportOptions(label: label)
    options.format = format
    options.summaryOnly = summary
    options.limit = all || isStream ? nil : limit
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
    }
  }
}
