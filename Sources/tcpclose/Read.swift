import ArgumentParser
import PacketCapture
import TCPTeardown
import TeardownReport

/// The subcommand `read`, which also serves where none is named.
struct Read: FilesCommand {
  static let configuration = CommandConfiguration(
    commandName: "read",
    abstract: "Tells how every connection in a capture ended, then the summary.",
    usage: "tcpclose [read] FILE... [options]", discussion: HelpText.read)

  @OptionGroup var input: InputOptions
  @OptionGroup(title: "Input") var manner: ReadingOptions
  @OptionGroup(title: "Input") var bounds: BoundOptions
  @OptionGroup(title: "Flows") var selection: SelectionOptions
  @OptionGroup(title: "Report") var output: OutputOptions
  @OptionGroup(title: "Report") var gate: GateOptions
  @OptionGroup(title: "Report") var writing: WritingOptions
  @OptionGroup(title: "Assumptions") var assumptions: AssumptionOptions
  @OptionGroup(title: "Assumptions") var ports: PortOptions

  var format: Format { output.format }

  func reportOptions(label: String) -> ReportOptions {
    var options = output.reportOptions(label: label, writing: writing, isStream: manner.follow)
    options.ports = PortsOptions(
      ports: ports.ephemeralPorts.ports, profile: assumptions.options.profile)
    return options
  }

  var reportPath: String? { output.reportPath(writing) }

  var tellsAtEnd: Bool { output.tellsAtEnd(following: manner.follow) }

  func validate(_ files: ResolvedInput) throws {
    if format == .html, files.captures.count > 1 {
      throw ValidationError("A page tells one capture: --format html does not go with --separate.")
    }
    if output.write != nil, files.captures.count > 1 {
      throw ValidationError("-w writes one capture: it does not go with --separate.")
    }
    if manner.follow { try output.validate(forStream: "--follow") }
  }

  func carving(from paths: [String]) throws -> Carving? {
    try output.carving(selection.selection, from: paths, report: writing.output)
  }
}

extension PacketOptions {
  /// The filter, if one was given; a wrong one ends the program with libpcap's words.
  func makeFilter() throws -> PacketFilter? {
    guard let filter else { return nil }
    return try Diagnosed.capture { () throws(CaptureError) in try PacketFilter(filter) }
  }
}
