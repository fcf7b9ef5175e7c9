import ArgumentParser
import Foundation
import TeardownReport

/// How and where the report is written.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How to print: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "format"))
  var format = Format.text

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write to this file.", valueName: "file"), completion: .file())
  var output: String?

  @Flag(help: "Print the summary alone.")
  var summary = false

  @Option(help: ArgumentHelp("Timelines to print at most, the most harmful.", valueName: "n"))
  var limit = 100

  @Flag(help: "Print every timeline.")
  var all = false

  @Flag(help: "Times of day in UTC (the default).")
  var utc = false

  @Flag(help: "Times of day in local time.")
  var local = false

  @Option(help: ArgumentHelp("Use colour: auto, always or never.", valueName: "when"))
  var color = ColorChoice.auto

  func validate() throws {
    if utc, local { throw ValidationError("Choose --utc or --local.") }
    if limit < 0 { throw ValidationError("--limit takes a number of flows, 0 or more.") }
  }

  /// The report's options; `isStream` for a live view, which prints each flow as it ends.
  func reportOptions(label: String, isStream: Bool = false) -> ReportOptions {
    var options = ReportOptions(label: label)
    options.format = format
    options.summaryOnly = summary
    options.limit = all || isStream ? nil : limit
    options.width = output == nil ? Terminal.width ?? 80 : 80
    switch color {
    case .always: options.isColoured = true
    case .never: options.isColoured = false
    case .auto: options.isColoured = output == nil && Terminal.takesColour
    }
    if local {
      options.clock = .local { TimeZone.current.secondsFromGMT(for: Date(secondsSince1970: $0)) }
    }
    return options
  }
}

enum ColorChoice: String, CaseIterable, ExpressibleByArgument { case auto, always, never }

extension Format: ExpressibleByArgument {}

extension Date {
  fileprivate init(secondsSince1970 seconds: Int64) {
    self.init(timeIntervalSince1970: TimeInterval(seconds))
  }
}
