import PacketCapture
import PacketDecoding
import TCPTeardown
import TeardownReport

/// Files that are read as one capture, and how.
struct CaptureReading: Sendable {
  let paths: [String]
  let filter: PacketFilter?
  /// What of the headers around IP keeps connections apart.
  let kinds: Enclosure.Kinds
  let options: ReconstructionOptions
  /// Live flows at a time.
  let maxFlows: Int

  /// Standard input may pause for as long as it likes: what is known by then is not held back.
  var mayPause: Bool { paths.contains("-") }

  /// Hands the records of all flows to `session`, and tells what became of the input.
  func run(into session: inout Session) throws -> InputAccount {
    var analysis = Analysis(
      table: FlowTable(options: options, limit: maxFlows), filter: filter, regarding: kinds)
    var source = CaptureMerge(paths: paths)
    while case .packets = source.next(limit: SegmentBatch.capacity) {
      analysis.take(source)
      if analysis.table.hasDue {
        try analysis.drain { try session.take($0) }
        if mayPause { try session.flush() }
      }
    }
    var account = analysis.account
    account.add(source)
    // The summary must know where the capture ends before it takes flows that end with it.
    session.summary.input = account.summary
    while analysis.finishSome() { try analysis.drain { try session.take($0) } }
    account.counts = analysis.table.counts
    return account
  }
}
