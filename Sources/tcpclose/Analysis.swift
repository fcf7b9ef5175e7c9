import PacketCapture
import PacketDecoding
import TCPTeardown

/// Joins a packet source, the decoder and the flow table on one thread: the way of every packet.
struct Analysis: ~Copyable {
  private(set) var intake: Intake
  private(set) var table: FlowTable
  /// The run at hand, decoded; one batch, in a place of its own because it is large.
  private var batch = [SegmentBatch()]

  init(table: FlowTable, filter: consuming PacketFilter?) {
    self.table = table
    intake = Intake(filter: filter)
  }

  /// Takes the run that `source` stands at through decoder and flow table.
  mutating func take(_ source: borrowing some PacketSource & ~Copyable) {
    intake.take(source, into: &batch[0])
    table.take(&batch[0])
  }

  /// Lets a live view's clock go on without packets.
  mutating func idle(at time: Int64) { table.idle(until: time) }

  /// Ends the capture bit by bit: call it until it gives false, and drain in between.
  mutating func finishSome() -> Bool { table.finishSome() }

  mutating func drain(_ body: (FlowRecord) throws -> Void) rethrows { try table.drain(body) }

  mutating func drainAnnounced() -> [FlowRecord] { table.drainAnnounced() }
}
