import PacketCapture
import PacketDecoding
import TCPTeardown
import TeardownReport

/// One run's way from records to what is written: selection, report, summary, output.
struct Session: ~Copyable {
  private let selection: SelectionOptions
  private var report: Report
  private var output: Output
  var summary = CaptureSummary()
  /// The verdicts that a live view has shown of flows that are not final yet, by stream.
  private var shown: [Int: Verdict] = [:]

  init(selection: SelectionOptions, report: ReportOptions, output: consuming Output) {
    self.selection = selection
    self.report = Report(report)
    self.output = output
    self.report.begin(into: &self.output.octets)
  }

  /// Takes a final record.
  ///
  /// What was shown already appears again only if it came out otherwise.
  mutating func take(_ record: FlowRecord) throws {
    guard selection.includes(record) else { return }
    summary.add(record)
    if let verdict = shown.isEmpty ? nil : shown.removeValue(forKey: record.stream) {
      if verdict == Verdict(record) { return }
      report.amend(record, into: &output.octets)
    } else {
      report.take(record, into: &output.octets)
    }
    try output.flushIfLarge()
  }

  /// Shows flows that have settled but are not final.
  mutating func show(_ records: [FlowRecord]) throws {
    for record in records where selection.includes(record) {
      shown[record.stream] = Verdict(record)
      report.take(record, into: &output.octets)
    }
    try output.flush()
  }

  mutating func end() throws {
    report.end(summary, into: &output.octets)
    try output.flush()
  }

  /// What must stay the same for a flow not to be shown again.
  private struct Verdict: Equatable {
    let outcome: Outcome
    let closer: Closer.Sides?
    let timeWait: [Side]
    let cause: ResetVerdict.Cause?

    init(_ record: FlowRecord) {
      outcome = record.teardown.outcome
      closer = record.teardown.closedBy?.sides
      timeWait = record.teardown.timeWait.map(\.side)
      cause = record.teardown.reset?.cause
    }
  }
}

extension Analysis {
  /// What was read, for the summary.
  var inputSummary: CaptureSummary.Input {
    var input = CaptureSummary.Input()
    input.packets = frames
    input.octets = octets
    input.firstTime = firstTime
    input.lastTime = firstTime == nil ? nil : lastTime
    input.undecoded = undecoded.map { ($0.reason.description, $0.packets) }
    input.truncated = undecoded.first { $0.reason == .truncated }?.packets ?? 0
    input.clockSteps = table.clock.steps
    input.backwardStamps = table.clock.backwardStamps
    for refusal in filterRefusals ?? [] {
      input.warnings.append(
        "the filter cannot be applied to link type \(refusal.linkType) (\(refusal.reason)): "
          + "\(refusal.packets) packets left out")
    }
    if taggedFilteredOut > 0 {
      input.warnings.append(
        "\(taggedFilteredOut) packets with a VLAN tag did not match the filter: "
          + "one without `vlan` does not look behind tags")
    }
    return input
  }
}
