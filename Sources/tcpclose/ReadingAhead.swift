import Dispatch
import PacketCapture
import Synchronization
import TCPTeardown
import TeardownReport

/// Reading on three threads: one reads and decodes packets, one follows their flows, and this one
/// makes and takes the records of those that are final.
///
/// What is on the way from one to the next is bounded. Each thread does what it does in the same
/// order as one thread does all, so the records are the same.
extension CaptureReading {
  /// The same as `run`, on three threads.
  func runAhead(into session: inout Session) throws -> InputAccount {
    let stages = Stages(self)
    DispatchQueue(label: "reading").async { stages.read() }
    DispatchQueue(label: "following").async { stages.follow() }
    var recorder = Recorder(options: options, keepsEvidence: session.needsEvidence)
    do {
      while try stages.due.empty({ load in
        if let input = load.input {
          progress?.end()
          session.summary.input = input.summary
        }
        try recorder.record(load.flows) { try session.take($0) }
        load.flows.removeAll()
        if mayPause { try session.flush() }
      }) {}
    } catch {
      stages.due.cancel()
      progress?.end()
      throw error
    }
    progress?.end()
    return stages.account.withLock { $0 }
  }

  /// What the threads share.
  private final class Stages: Sendable {
    let reading: CaptureReading
    let batches: Conveyor<ReadLoad>
    let due = Conveyor(count: 12) { DueLoad() }
    /// Complete once the stages before are done.
    let account = Mutex(InputAccount())

    init(_ reading: CaptureReading) {
      self.reading = reading
      // A thread is woken for many runs at a time, but what comes slowly must not wait for more.
      let length = reading.mayPause ? 1 : 16
      batches = Conveyor(count: 16) { ReadLoad(runs: length) }
    }

    /// Reads all packets and decodes them.
    func read() {
      var source = CaptureMerge(paths: reading.paths)
      var intake = Intake(filter: reading.filter, regarding: reading.kinds)
      var isAtEnd = false
      while !isAtEnd {
        let isWanted = batches.fill { load in
          load.makeBatches()
          for place in load.batches.indices {
            guard case .packets = source.next(limit: SegmentBatch.capacity) else {
              isAtEnd = true
              return
            }
            intake.take(source, into: &load.batches[place])
            if let carving = reading.carving {
              carving.take(source, decoded: &load.batches[place], intake.fragments)
              if reading.mayPause { carving.sink.flush() }
            }
          }
          load.stock.fill()
        }
        if !isWanted { break }
        reading.progress?.note(octets: source.octetsRead, packets: intake.frames)
      }
      var read = intake.account
      read.add(source)
      account.withLock { $0 = read }
      batches.end()
    }

    /// Follows the flows of all packets that were read.
    func follow() {
      var table = FlowTable(options: reading.options, limit: reading.maxFlows)
      while batches.empty({ load in
        table.take(&load.stock)
        for place in load.batches.indices { table.take(&load.batches[place]) }
      }) {
        reading.progress?.note(flows: table.streams)
        guard !table.hasDue || hand(on: &table, at: nil) else {
          batches.cancel()
          return
        }
      }
      var read: InputAccount? = account.withLock { account in
        account.add(table.clock)
        return account
      }
      // The first load of the end tells where the capture ended; those behind it need not.
      while table.finishSome(), hand(on: &table, at: read) { read = nil }
      account.withLock {
        $0.counts = table.counts
        $0.displaced = table.displaced
      }
      due.end()
    }

    /// Hands on what is due; the account of the input goes with what is due at its end.
    private func hand(on table: inout FlowTable, at end: InputAccount?) -> Bool {
      due.fill { load in
        table.takeDue(&load.flows)
        load.input = end
      }
    }
  }

  /// Packets on their way to the flow table, and room for the flows that they may open.
  private struct ReadLoad: ~Copyable, Sendable {
    var batches: [SegmentBatch] = []
    var stock = FlowStock()
    private let runs: Int

    init(runs: Int) { self.runs = runs }

    /// Sees to it that there is a place for each run; a short capture does not need all loads.
    mutating func makeBatches() {
      if batches.isEmpty { batches = Array(repeating: SegmentBatch(), count: runs) }
    }
  }

  /// Flows on their way to the recorder.
  private struct DueLoad: Sendable {
    var flows = DueFlows()
    var input: InputAccount?
  }
}
