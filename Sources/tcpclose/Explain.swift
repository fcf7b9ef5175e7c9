import ArgumentParser
import PacketCapture
import TCPTeardown
import TeardownReport

/// The subcommand `explain`.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells of one connection why each claim follows, and what would settle the doubts.",
    usage: "tcpclose explain FILE... --stream N [options]",
    discussion: HelpText.explain)

  @OptionGroup var input: InputOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The connection, by Wireshark's stream number.", valueName: "n"))
  var stream: Int?

  @OptionGroup(title: "Report") var writing: WritingOptions
  @OptionGroup(title: "Input") var bounds: BoundOptions
  @OptionGroup(title: "Assumptions") var assumptions: AssumptionOptions

  func validate() throws {
    guard let stream else {
      throw ValidationError(
        "Name one connection with --stream N: 'tcpclose FILE --format brief' lists them by number, "
          + "and Wireshark calls it tcp.stream.")
    }
    if stream < 0 { throw ValidationError("--stream takes a number, counted from 0.") }
  }

  func run() throws {
    guard let stream else { return }
    let files = try input.resolve()
    let filter = try input.packets.makeFilter()
    var search = StreamSearch(
      stream: stream, paths: files.paths,
      analysis: Analysis(
        table: FlowTable(options: assumptions.options, limit: bounds.maxFlows),
        filter: filter, regarding: input.packets.kinds))
    let found = search.run()
    if let found {
      var output = try Output(path: writing.output, inputs: files.paths)
      var options = writing.reportOptions(label: input.packets.label ?? files.names)
      options.streamsAreWiresharks = input.packets.kinds.isEmpty
      ExplainReport.write(
        found.record, options: options,
        profile: assumptions.options.profile, until: found.until, origins: found.origins,
        into: &output.octets)
      try output.flush()
    }
    try search.conclude(found: found != nil)
  }
}
