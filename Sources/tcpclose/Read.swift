import ArgumentParser
import PacketCapture
import TCPTeardown
import TeardownReport

/// The subcommand `read`, which also serves where none is named.
struct Read: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells how every connection in a capture ended, then the summary.",
    usage: "tcpclose [read] FILE... [options]", discussion: HelpText.read)

  @OptionGroup var input: InputOptions
  @OptionGroup(title: "Input") var manner: ReadingOptions
  @OptionGroup(title: "Input") var bounds: BoundOptions
  @OptionGroup(title: "Flows") var selection: SelectionOptions
  @OptionGroup(title: "Report") var output: OutputOptions
  @OptionGroup(title: "Report") var writing: WritingOptions
  @OptionGroup(title: "Assumptions") var assumptions: AssumptionOptions
  @OptionGroup(title: "Assumptions") var ports: PortOptions

  func run() throws {
    let files = try input.resolve(separately: manner.separate)
    if manner.follow, files.paths.count > 1 || files.hasFolder {
      throw ValidationError("--follow takes one file, or - for standard input.")
    }
    if output.format == .html, files.captures.count > 1 {
      throw ValidationError("A page tells one capture: --format html does not go with --separate.")
    }
    if output.write != nil, files.captures.count > 1 {
      throw ValidationError("-w writes one capture: it does not go with --separate.")
    }
    if manner.follow { try output.validate(forStream: "--follow") }
    // What is wrong with the filter is told before a file is emptied for the report.
    _ = try input.packets.makeFilter()
    let carving = try self.output.carving(
      selection.selection, from: files.paths, report: writing.output)
    var output = try Output(
      path: self.output.reportPath(writing), inputs: files.paths + (carving?.paths ?? []))
    var faults = Faults()
    for capture in files.captures {
      var report = self.output.reportOptions(
        label: capture.label, writing: writing, isStream: manner.follow)
      report.namesCapture = files.captures.count > 1
      report.streamsAreWiresharks = input.packets.kinds.isEmpty
      output = try tell(
        capture,
        Session(
          selection: selection, report: report, output: output, gate: self.output.failOn,
          remembersStreams: carving?.needsSecondReading ?? false), carving, &faults)
    }
    try faults.conclude()
  }

  /// Reads files as one capture and writes its report.
  private func tell(
    _ capture: ResolvedInput.Capture, _ opened: consuming Session, _ carving: Carving?,
    _ faults: inout Faults
  ) throws -> Output {
    var session = opened
    session.summary = CaptureSummary(ephemeralPorts: ports.ephemeralPorts.ports)
    var reading = CaptureReading(
      paths: capture.paths, filter: try input.packets.makeFilter(), kinds: input.packets.kinds,
      options: assumptions.options, maxFlows: bounds.maxFlows, carving: carving)
    if !manner.follow, reportIsQuiet {
      reading.progress = Progress("reading", reading: capture.paths)
    }
    let account =
      manner.follow
      ? try reading.runFollowing(manner, into: &session)
      : manner.oneThread
        ? try reading.run(into: &session) : try reading.runAhead(into: &session)
    let (flows, streams) = (session.summary.flows, session.chosen)
    let output = try report(account, of: capture.label, session, &faults)
    if account.frames == 0, !account.failures.isEmpty {
      carving?.sink.discard()
    } else if let carving {
      if let streams {
        let second = SecondReading(
          reading: reading, streams: streams, displaced: account.displaced, frames: account.frames)
        if !second.run(into: carving.sink) {
          Diagnostics.say("the input became shorter between the two passes: packets are missing")
          faults.isIncomplete = true
        }
      }
      try carving.conclude(flows: flows)
    }
    return output
  }

  /// Nothing of the report is seen before the reading is done, so a line of progress disturbs nobody.
  private var reportIsQuiet: Bool {
    if let path = output.reportPath(writing), path != "-" { return true }
    return output.tellsAtEnd(following: manner.follow) || Terminal.outputIsFile
  }

  /// The summary, and what was wrong with the input.
  private func report(
    _ account: InputAccount, of label: String, _ session: consuming Session, _ faults: inout Faults
  ) throws -> Output {
    session.summary.input = account.summary
    session.summary.input.warnings += account.failures.map { $0.error.description }
    session.summary.input.warnings += account.warnings
    session.summary.counts = account.counts
    let refusals = account.filterRefusals
    faults.filterFit = faults.filterFit || account.filterApplied
    if faults.refusal == nil { faults.refusal = refusals.first?.reason }
    faults.isIncomplete = faults.isIncomplete || !account.failures.isEmpty
    let nothingRead = account.frames == 0 && account.failures.count == account.summary.files
    let filterFailed = !account.filterApplied && !refusals.isEmpty
    if output.format == .brief || output.format.isRecords {
      // They are flows alone.
      for warning in account.summary.warnings + account.warnings { Diagnostics.say(warning) }
    }
    if output.format != .text, output.format != .html, session.leftOut > 0 {
      Diagnostics.say("\(Wording.count(session.leftOut, "more flow")): --limit N tells more")
    }
    let complaints = session.complaints
    let output = try session.end(isEmpty: nothingRead || filterFailed)
    for complaint in complaints {
      Diagnostics.say(manner.separate ? "\(label): \(complaint)" : complaint)
    }
    faults.matchesGate = faults.matchesGate || !complaints.isEmpty
    for failure in account.failures { Diagnostics.say(failure.error.description) }
    return output
  }
}

/// What was wrong with the input, of all captures.
private struct Faults {
  var isIncomplete = false
  /// A rule of `--fail-on` matched.
  var matchesGate = false
  /// Some packet was of a link type that takes the filter, or there is no filter.
  var filterFit = false
  /// Why the first link type did not take it.
  var refusal: String?

  /// Ends with the status that the faults call for.
  func conclude() throws {
    if !filterFit, let refusal {
      Diagnostics.say("no packet is of a link type that takes the filter: \(refusal)")
      throw ExitCode(ExitStatus.usage)
    }
    if isIncomplete { throw ExitCode(ExitStatus.inputIncomplete) }
    if matchesGate { throw ExitCode(ExitStatus.gateMatched) }
  }
}

extension PacketOptions {
  /// The filter, if one was given; a wrong one ends the program with libpcap's words.
  func makeFilter() throws -> PacketFilter? {
    guard let filter else { return nil }
    return try Diagnosed.capture { () throws(CaptureError) in try PacketFilter(filter) }
  }
}
