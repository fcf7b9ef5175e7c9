import ArgumentParser
import PacketDecoding
import TCPTeardown
import TeardownReport

/// Which flows are reported: those that meet every condition given.
struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "These flows, by Wireshark's stream number: 7 or 1,4-9.", valueName: "n[,n-m]"),
    transform: { try StreamRanges($0) })
  var stream: StreamRanges?

  @Option(
    help: ArgumentHelp(
      "Flows with this address or endpoint at either end.", valueName: "addr[:port]"),
    transform: { try HostArgument($0) })
  var host: HostArgument?

  @Option(
    help: ArgumentHelp(
      "Flows with one of these outcomes.", discussion: WordList<Outcome>.known,
      valueName: "list"), completion: .list(WordList<Outcome>.names),
    transform: { try WordList($0) })
  var outcome: WordList<Outcome>?

  @Option(
    help: ArgumentHelp(
      "Flows that this side closed first.", discussion: WordList<CloserWord>.known,
      valueName: "side"), completion: .list(WordList<CloserWord>.names),
    transform: { try WordList($0) })
  var closedBy: WordList<CloserWord>?

  @Option(
    help: ArgumentHelp(
      "Flows that left this side in TIME-WAIT.", discussion: WordList<TimeWaitWord>.known,
      valueName: "side"), completion: .list(WordList<TimeWaitWord>.names),
    transform: { try WordList($0) })
  var timeWait: WordList<TimeWaitWord>?

  @Option(
    help: ArgumentHelp(
      "Flows with one of these findings.", discussion: WordList.list(Self.findingsOfFlows),
      valueName: "list"), completion: .list(Self.findingsOfFlows.map(\.rawValue)),
    transform: { try WordList($0, among: Self.findingsOfFlows) })
  var finding: WordList<Finding.Code>?

  @Option(
    help: ArgumentHelp(
      "Flows with a RST of one of these causes.",
      discussion: WordList<ResetVerdict.Cause>.known, valueName: "list"),
    completion: .list(WordList<ResetVerdict.Cause>.names),
    transform: { try WordList($0) })
  var reset: WordList<ResetVerdict.Cause>?

  private static let findingsOfFlows = Finding.Code.allCases.filter {
    !Finding.Code.ofCapturesOnly.contains($0)
  }

  /// The conditions as a plain value: reading an option costs too much to do it for every flow.
  var selection: FlowSelection {
    FlowSelection(
      stream: stream, host: host, outcome: outcome, closedBy: closedBy, timeWait: timeWait,
      finding: finding, reset: reset)
  }
}
