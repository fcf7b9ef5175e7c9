import ArgumentParser
import Foundation
import TeardownReport

/// How and where the report is written.
struct OutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How to print.", valueName: "format"))
  var format = Format.text

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write to this file.", valueName: "file"), completion: .file())
  var output: String?

  @Flag(help: "Print the summary alone.")
  var summary = false

  // Whatever comes next is its value: of -1 the error should speak of flows.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Timelines to print at most: the most harmful.", valueName: "n"))
  var limit = 100

  @Flag(help: "Print every timeline.")
  var all = false

  @Flag(help: "Times of day in UTC (the default).")
  var utc = false

  @Flag(help: "Times of day in local time.")
  var local = false

  @Option(help: ArgumentHelp("When to use colour.", valueName: "when"))
  var color = ColorChoice.auto

  func validate() throws {
    if utc, local { throw ValidationError("Choose --utc or --local.") }
    if limit < 0 { throw ValidationError("--limit takes a number of flows, 0 or more.") }
    if summary, format == .jsonl {
      throw ValidationError(
        "--format jsonl is flow records only; the summary stands in --format json.")
    }
  }

  /// The report's options; `isStream` for a live view, which prints each flow as it ends.
  func reportOptions(label: String, isStream: Bool = false) -> ReportOptions {
    var options = ReportOptions(label: label)
    options.format = format
    options.summaryOnly = summary
    options.limit = all || isStream ? nil : limit
    options.width = writesFile ? 80 : Terminal.width ?? 80
    switch color {
    case .always: options.isColoured = true
    case .never: options.isColoured = false
    case .auto: options.isColoured = !writesFile && Terminal.takesColour
    }
    if local {
      options.clock = .local { TimeZone.current.secondsFromGMT(for: Date(secondsSince1970: $0)) }
    }
    return options
  }

  private var writesFile: Bool { output != nil && output != "-" }
}

enum ColorChoice: String, CaseIterable, ExpressibleByArgument { case auto, always, never }

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

extension Date {
  fileprivate init(secondsSince1970 seconds: Int64) {
    self.init(timeIntervalSince1970: TimeInterval(seconds))
  }
}
