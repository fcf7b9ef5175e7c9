import ArgumentParser
import PacketCapture
import TeardownReport

/// Where a report is written, by whose clock, and in what colours.
struct WritingOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write to this file, in place of what it held.", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(help: "Times of day in UTC (the default).")
  var utc = false

  @Flag(help: "Times of day in local time.")
  var local = false

  @Option(help: ArgumentHelp("When to use colour.", valueName: "when"))
  var color = ColorChoice.auto

  func validate() throws {
    if utc, local { throw ValidationError("Choose --utc or --local.") }
  }

  /// A report's options, as far as they stand here.
  func reportOptions(label: String) -> ReportOptions {
    let writesFile = output != nil && output != "-"
    var options = ReportOptions(label: label)
    options.width = writesFile ? 80 : Terminal.width ?? 80
    options.isColoured =
      switch color {
      case .always: true
      case .never: false
      case .auto: !writesFile && Terminal.takesColour
      }
    if local { options.clock = .local { Host.secondsFromUTC(at: $0) } }
    return options
  }
}

enum ColorChoice: String, CaseIterable, ExpressibleByArgument { case auto, always, never }
