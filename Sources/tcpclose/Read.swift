import ArgumentParser
import PacketCapture
import TCPTeardown
import TeardownReport

/// `tcpclose read FILE...`, which is also plain `tcpclose FILE...`
struct Read: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints how every connection in a capture ended, then the summary.")

  @OptionGroup var input: InputOptions
  @OptionGroup(title: "Flows") var selection: SelectionOptions
  @OptionGroup(title: "Report") var output: OutputOptions
  @OptionGroup(title: "Assumptions") var assumptions: AssumptionOptions

  func run() throws {
    let filter = try input.packets.makeFilter()
    var session = try Session(
      selection: selection, report: output.reportOptions(label: input.label),
      output: Output(path: output.output))
    session.summary = CaptureSummary(ephemeralPorts: assumptions.ephemeralPorts.ports)
    var analysis = Analysis(
      table: FlowTable(options: assumptions.options), filter: filter)
    var source = CaptureMerge(paths: input.paths)
    while case .packet = source.next() {
      analysis.take(source)
      if analysis.table.hasFinished { try analysis.drain { try session.take($0) } }
    }
    session.summary.input = analysis.inputSummary
    while analysis.finishSome() { try analysis.drain { try session.take($0) } }
    try report(analysis, source, &session)
  }

  /// The summary, and what was wrong with the input.
  private func report(
    _ analysis: borrowing Analysis, _ source: borrowing CaptureMerge, _ session: inout Session
  ) throws {
    session.summary.input = analysis.inputSummary
    session.summary.input.files = source.paths.count
    session.summary.input.warnings += source.failures.map { $0.error.description }
    session.summary.counts = analysis.table.counts
    if source.clampedStamps > 0 {
      session.summary.input.warnings.append(
        "\(source.clampedStamps) stamps lie outside the years 1677 to 2262")
    }
    try session.end()
    for failure in source.failures { Diagnostics.say(failure.error.description) }
    let refusals = analysis.filterRefusals ?? []
    if !analysis.filterApplied, let first = refusals.first {
      Diagnostics.say("no packet is of a link type that takes the filter: \(first.reason)")
      throw ExitCode(ExitStatus.usage)
    }
    if !source.failures.isEmpty { throw ExitCode(ExitStatus.inputIncomplete) }
  }
}

extension PacketOptions {
  /// The filter, if one was given; a wrong one ends the program with libpcap's words.
  func makeFilter() throws -> PacketFilter? {
    guard let filter else { return nil }
    return try Diagnosed.capture { () throws(CaptureError) in try PacketFilter(filter) }
  }
}
