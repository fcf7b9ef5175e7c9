import ArgumentParser
import PacketCapture
import TCPTeardown
import TeardownReport

/// A subcommand that reads files, and tells of each capture what it comes to.
protocol FilesCommand: ParsableCommand {
  var input: InputOptions { get }
  var manner: ReadingOptions { get }
  var bounds: BoundOptions { get }
  var selection: SelectionOptions { get }
  var writing: WritingOptions { get }
  var assumptions: AssumptionOptions { get }
  var ports: PortOptions { get }
  var gate: GateOptions { get }
  var format: Format { get }
  /// Where the report goes; nil for standard output.
  var reportPath: String? { get }
  /// Whether all of the report comes at the end.
  var tellsAtEnd: Bool { get }

  /// How the report of the capture `label` is written.
  func reportOptions(label: String) -> ReportOptions
  /// Refuses options that do not go with these files; none, if a command says nothing else.
  func validate(_ files: ResolvedInput) throws
  /// What becomes of the packets themselves; nothing, if a command says nothing else.
  func carving(from paths: [String]) throws -> Carving?
}

extension FilesCommand {
  func validate(_ files: ResolvedInput) throws {}

  func carving(from paths: [String]) throws -> Carving? { nil }

  func run() throws {
    let files = try input.resolve(separately: manner.separate)
    if manner.follow, files.paths.count > 1 || files.hasFolder {
      throw ValidationError("--follow takes one file, or - for standard input.")
    }
    try validate(files)
    // What is wrong with the filter is told before a file is emptied for the report.
    _ = try input.packets.makeFilter()
    let carving = try carving(from: files.paths)
    var output = try Output(
      path: reportPath, inputs: files.paths + (carving?.paths ?? []),
      writesBehind: !manner.oneThread && !manner.follow && !files.paths.contains("-"))
    var faults = Faults()
    for capture in files.captures {
      var report = reportOptions(label: capture.label)
      report.namesCapture = files.captures.count > 1
      report.streamsAreWiresharks = input.packets.kinds.isEmpty
      output = try tell(
        capture,
        Session(
          selection: selection, report: report, output: output, gate: gate.failOn,
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
    session.summary = CaptureSummary(
      ephemeralPorts: ports.ephemeralPorts.ports, profile: assumptions.options.profile)
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
    if let path = reportPath, path != "-" { return true }
    return tellsAtEnd || Terminal.outputIsFile
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
    if format == .brief || format.isRecords {
      // They are flows alone.
      for warning in account.summary.warnings + account.warnings { Diagnostics.say(warning) }
    }
    if format != .text, format != .html, session.leftOut > 0 {
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
