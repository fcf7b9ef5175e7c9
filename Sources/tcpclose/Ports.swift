import ArgumentParser
import TCPTeardown
import TeardownReport

/// The subcommand `ports`.
struct Ports: FilesCommand {
  static let configuration = CommandConfiguration(
    commandName: "ports",
    abstract: "Tells which ports clients hold, TIME-WAIT included, and when they run out.",
    usage: "tcpclose ports FILE... [options]", discussion: HelpText.ports)

  @OptionGroup var input: InputOptions
  @OptionGroup(title: "Input") var manner: ReadingOptions
  @OptionGroup(title: "Input") var bounds: BoundOptions
  @OptionGroup(title: "Flows") var selection: SelectionOptions
  @OptionGroup(title: "Report") var output: PortsOutputOptions
  @OptionGroup(title: "Report") var gate: GateOptions
  @OptionGroup(title: "Report") var writing: WritingOptions
  @OptionGroup(title: "Assumptions") var assumptions: AssumptionOptions
  @OptionGroup(title: "Assumptions") var ports: PortOptions

  var format: Format { output.format.ofReport }
  var reportPath: String? { writing.output }
  var tellsAtEnd: Bool { true }

  func reportOptions(label: String) -> ReportOptions {
    var options = writing.reportOptions(label: label)
    options.format = format
    options.tellsPortsOnly = true
    options.ports = PortsOptions(
      ports: ports.ephemeralPorts.ports, profile: assumptions.options.profile,
      limit: output.limit ?? output.format.usualLimit)
    return options
  }
}

/// How the report on ports is written.
struct PortsOutputOptions: ParsableArguments {
  /// The formats that it has.
  enum PortsFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json

    static var allValueDescriptions: [String: String] {
      ["text": "tables and charts", "json": "one JSON document (docs/schema/ports.schema.json)"]
    }

    var ofReport: Format { self == .json ? .json : .text }

    /// A program gets all that are told apart.
    var usualLimit: Int? { self == .json ? nil : 10 }
  }

  @Option(help: ArgumentHelp("How to print.", valueName: "format"))
  var format = PortsFormat.text

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Clients and destinations to tell at most, and servers: those with most ports or TIME-WAITs "
        + "(default: 10; all in JSON).", valueName: "n"))
  var limit: Int?

  func validate() throws {
    if let limit, limit < 0 {
      throw ValidationError("--limit takes a number of clients, 0 or more.")
    }
  }
}
