import TCPTeardown
import TeardownReport

/// One capture's way from records to what is written: selection, report, summary, output.
struct Session: ~Copyable {
  private let selection: FlowSelection
  /// All flows are asked for.
  private let isUnlimited: Bool
  private let format: Format
  /// Whether records are taken with their evidence.
  let needsEvidence: Bool
  /// Somebody wants to know what the flows come to.
  private let sumsUp: Bool
  /// Nothing is told before the end.
  private let isOneDocument: Bool
  private var report: Report
  private var output: Output
  private var hasBegun = false
  /// What `--fail-on` asks of the flows; nil for nothing.
  private var gate: Gate?
  var summary = CaptureSummary()
  /// The streams that were asked for, where somebody wants to know them in the end.
  private(set) var chosen: StreamSet?
  /// The verdicts that a live view has shown of flows that are not final yet, by stream.
  private var shown: [Int: Verdict] = [:]

  /// `remembersStreams`: those of the flows asked for.
  init(
    selection: SelectionOptions, report: ReportOptions, output: consuming Output,
    gate: GateArgument?, remembersStreams: Bool = false
  ) {
    self.gate = gate.map { Gate($0.rules) }
    chosen = remembersStreams ? StreamSet() : nil
    self.selection = selection.selection
    isUnlimited = self.selection.isUnlimited
    format = report.format
    needsEvidence = report.needsEvidence
    isOneDocument = report.format.isOneDocument || report.tellsPortsOnly
    sumsUp = report.tellsSummary || gate != nil
    self.report = Report(report)
    self.output = output
  }

  /// Takes a record; of a flow that is not final it is only shown.
  mutating func take(_ record: borrowing FlowRecord) throws {
    if record.isFinal { try takeFinal(record) } else { show(record) }
  }

  /// What a live view has shown to a person already appears again only if it came out otherwise;
  /// a program gets every final record.
  private mutating func takeFinal(_ record: borrowing FlowRecord) throws {
    guard isUnlimited || selection.includes(record) else {
      summary.leftOut += 1
      return
    }
    if sumsUp { summary.add(record) } else { summary.count() }
    chosen?.insert(record.stream)
    gate?.take(record)
    if !hasBegun { begin() }
    let verdict = shown.isEmpty ? nil : shown.removeValue(forKey: record.stream)
    if verdict == nil || format.isRecords {
      report.take(record, captureEnd: summary.input.lastTime, into: &output.octets)
    } else if verdict != Verdict(record) {
      report.amend(record, into: &output.octets)
    }
    try output.flushIfLarge()
  }

  /// Shows a flow that has settled but is not final; one JSON document waits for the end.
  private mutating func show(_ record: borrowing FlowRecord) {
    guard !isOneDocument, selection.includes(record) else { return }
    begin()
    shown[record.stream] = Verdict(record)
    report.take(record, into: &output.octets)
  }

  /// What matched `--fail-on`, a line a rule; complete once the summary is.
  var complaints: [String] { gate?.complaints(summary) ?? [] }

  /// Flows asked for that a limit keeps from being told one by one.
  var leftOut: Int { report.leftOut }

  /// Writes out what has gathered, for who watches.
  mutating func flush() throws { try output.flush() }

  /// Writes the summary and gives the output back; without input there may be nothing to say.
  consuming func end(isEmpty: Bool = false) throws -> Output {
    if !isEmpty || format.isOneDocument {
      begin()
      report.end(summary, into: &output.octets)
    }
    try output.flush()
    return output
  }

  private mutating func begin() {
    guard !hasBegun else { return }
    hasBegun = true
    let isFirst = !output.isUsed
    // Reports that people read stand apart.
    if !isFirst, format == .text || format == .brief { output.octets.append(0x0A) }
    report.begin(into: &output.octets, isFirst: isFirst)
  }

  /// What must stay the same for a flow not to be shown again.
  private struct Verdict: Equatable {
    let outcome: Outcome
    let closer: Closer.Sides?
    let timeWait: [Side]
    let cause: ResetVerdict.Cause?

    init(_ record: borrowing FlowRecord) {
      outcome = record.teardown.outcome
      closer = record.teardown.closedBy?.sides
      timeWait = record.teardown.timeWait.map(\.side)
      cause = record.teardown.reset?.cause
    }
  }
}
