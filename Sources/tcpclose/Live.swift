import ArgumentParser
import PacketCapture
import TCPTeardown
import TeardownReport

/// The subcommand `live`.
struct Live: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live",
    abstract: "Captures, and tells how each connection ended as soon as it has.",
    usage: "tcpclose live [-i IFACE] [options]", discussion: HelpText.live)

  @Option(
    name: [.customShort("i"), .customLong("interface")],
    help: ArgumentHelp("The interface; 'tcpclose interfaces' lists them.", valueName: "iface"),
    completion: .custom { _, _, _ in Self.interfaceNames })
  var interface = "any"

  @OptionGroup(title: "Input") var packets: PacketOptions

  @Option(
    name: [.customShort("s"), .customLong("snapshot-length")],
    help: ArgumentHelp("Octets to capture of each packet.", valueName: "octets"))
  var snapLength: Int32 = 256

  @Option(
    name: [.customShort("B"), .customLong("buffer-size")],
    help: ArgumentHelp("The kernel's buffer, in MiB.", valueName: "mib"))
  var bufferSize: Int32 = 16

  @Flag(
    name: [.customShort("p"), .customLong("no-promiscuous-mode")],
    help: "Only packets from or for this host.")
  var notPromiscuous = false

  @Option(
    name: [.customShort("c"), .customLong("count")], parsing: .unconditional,
    help: ArgumentHelp("End after so many packets.", valueName: "n"))
  var count: Int?

  @Option(
    help: ArgumentHelp("End after this time, such as 30s or 10m.", valueName: "duration"),
    transform: { try DurationArgument($0) })
  var duration: DurationArgument?

  @Option(
    help: ArgumentHelp(
      "Become this user once the interface is open (default: who called sudo, else nobody).",
      valueName: "name"))
  var user: String?

  @OptionGroup(title: "Flows") var selection: SelectionOptions
  @OptionGroup(title: "Report") var output: OutputOptions
  @OptionGroup(title: "Report") var gate: GateOptions
  @OptionGroup(title: "Report") var writing: WritingOptions
  @OptionGroup(title: "Input") var bounds: BoundOptions
  @OptionGroup(title: "Assumptions") var assumptions: AssumptionOptions
  @OptionGroup(title: "Assumptions") var ports: PortOptions

  /// A settled flow is shown after this many nanoseconds: stragglers have come by then.
  private static let announceAfter: Int64 = 500_000_000

  func validate() throws {
    if snapLength < 64 { throw ValidationError("Headers need at least 64 octets (-s).") }
    if !(1...2047).contains(bufferSize) { throw ValidationError("-B takes 1 to 2047 MiB.") }
    try output.validate(forStream: "live")
    if let count, count < 1 { throw ValidationError("-c takes a number of packets, 1 or more.") }
  }

  func run() throws {
    var source = try Diagnosed.capture { () throws(CaptureError) in
      try LiveCapture(captureOptions)
    }
    var report = output.reportOptions(label: label, writing: writing, isStream: true)
    report.ports = PortsOptions(
      ports: ports.ephemeralPorts.ports, profile: assumptions.options.profile)
    report.streamsAreWiresharks = packets.kinds.isEmpty
    let carving = try output.liveCarving(selection.selection, report: writing.output)
    var session = Session(
      selection: selection, report: report,
      output: try Output(path: output.reportPath(writing), inputs: carving?.paths ?? []),
      gate: gate.failOn)
    session.summary = CaptureSummary(
      ephemeralPorts: ports.ephemeralPorts.ports, profile: assumptions.options.profile)
    try dropPrivileges()
    for warning in source.warnings { Diagnostics.say(warning) }
    let interrupts = Interrupts(stopping: source.stopping)
    defer { withExtendedLifetime(interrupts) {} }
    do {
      try follow(&source, session, carving)
    } catch {
      // What was captured is worth having, whatever ended it.
      try carving?.conclude(flows: nil)
      throw error
    }
    try carving?.conclude(flows: nil)
  }

  private func dropPrivileges() throws {
    let outcome = try Diagnosed.capture { () throws(CaptureError) in
      try Privileges.drop(to: user)
    }
    switch outcome {
    case .dropped(let name):
      Diagnostics.say("listening on \(interface) as user \(name); Ctrl-C ends")
    case .notRoot: Diagnostics.say("listening on \(interface); Ctrl-C ends")
    }
  }

  private func follow(
    _ source: inout LiveCapture, _ opened: consuming Session, _ carving: Carving?
  ) throws {
    var session = opened
    var analysis = Analysis(
      table: FlowTable(
        options: assumptions.options, announceAfter: Self.announceAfter, limit: bounds.maxFlows),
      filter: nil, regarding: packets.kinds, carving: carving)
    let end = duration.map { ContinuousClock.now + .nanoseconds($0.nanoseconds) }
    var failure: CaptureError?
    reading: while true {
      do throws(CaptureError) {
        switch try source.next(limit: SegmentBatch.capacity) {
        case .packets: analysis.take(source)
        case .idle:
          let now = Host.time
          analysis.idle(at: now)
          carving?.sink.flush(at: now)
        case .end: break reading
        }
      } catch {
        failure = error
        break
      }
      if analysis.table.hasDue {
        try analysis.drain { try session.take($0) }
        try session.flush()
      }
      if let count, analysis.frames >= count { break }
      if let end, ContinuousClock.now >= end { break }
    }
    session.summary.input = analysis.account.summary
    while analysis.finishSome() { try analysis.drain { try session.take($0) } }
    try report(analysis, source.statistics(), failure, session)
  }

  private func report(
    _ analysis: borrowing Analysis, _ statistics: LiveCaptureStatistics,
    _ failure: CaptureError?, _ session: consuming Session
  ) throws {
    session.summary.input = analysis.account.summary
    session.summary.input.drops = CaptureSummary.Drops(
      kernel: statistics.droppedByKernel, interface: statistics.droppedByInterface)
    session.summary.counts = analysis.table.counts
    if let failure { session.summary.input.warnings.append(failure.description) }
    let complaints = session.complaints
    _ = try session.end()
    for complaint in complaints { Diagnostics.say(complaint) }
    if let failure {
      Diagnostics.say(failure.description)
      throw ExitCode(ExitStatus.inputIncomplete)
    }
    if !complaints.isEmpty { throw ExitCode(ExitStatus.gateMatched) }
  }

  /// The interfaces' names that a shell may show as they are.
  private static var interfaceNames: [String] {
    let names = ((try? Interfaces.all()) ?? []).map(\.name)
    return names.filter { $0 == $0.escapedForTerminal }
  }

  private var captureOptions: LiveCaptureOptions {
    var options = LiveCaptureOptions()
    options.interface = interface
    options.snapLength = snapLength
    options.bufferSize = bufferSize << 20
    options.isPromiscuous = !notPromiscuous
    options.filter = packets.filter
    return options
  }

  /// `--label`, else the interface and the host.
  private var label: String {
    packets.label ?? "\(interface)@\(Host.name)"
  }
}
