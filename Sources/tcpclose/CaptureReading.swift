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
  /// What becomes of the packets themselves, if anything.
  var carving: Carving?
  /// Who is told how far the reading is, if anyone.
  var progress: Progress?

  /// Standard input may pause for as long as it likes: what is known by then is not held back.
  var mayPause: Bool { paths.contains("-") }

  /// Hands the records of all flows to `session`, and tells what became of the input.
  func run(into session: inout Session) throws -> InputAccount {
    var analysis = Analysis(
      table: FlowTable(options: options, limit: maxFlows), filter: filter, regarding: kinds,
      keepsEvidence: session.needsEvidence, carving: carving)
    var source = CaptureMerge(paths: paths)
    while case .packets = source.next(limit: SegmentBatch.capacity) {
      analysis.take(source)
      if let progress {
        progress.note(octets: source.octetsRead, packets: analysis.frames)
        progress.note(flows: analysis.table.streams)
      }
      if analysis.table.hasDue {
        try analysis.drain { try session.take($0) }
        if mayPause { try session.flush() }
      }
      if mayPause { carving?.sink.flush() }
    }
    var account = analysis.account
    account.add(source)
    progress?.end()
    // The summary must know where the capture ends before it takes flows that end with it.
    session.summary.input = account.summary
    while analysis.finishSome() { try analysis.drain { try session.take($0) } }
    account.counts = analysis.table.counts
    account.displaced = analysis.table.displaced
    return account
  }
}
