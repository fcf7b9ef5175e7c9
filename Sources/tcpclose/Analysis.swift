import PacketCapture
import PacketDecoding
import TCPTeardown

/// Joins a packet source, the decoder, the flow table and the recorder on one thread: the way of
/// every packet.
struct Analysis: ~Copyable {
  private var intake: Intake
  private(set) var table: FlowTable
  private var recorder: Recorder
  private let carving: Carving?
  /// The run at hand, decoded; one batch, in a place of its own because it is large.
  private var batch = [SegmentBatch()]

  /// `carving` is what becomes of the packets themselves, if anything; records may lack their evidence
  /// without `keepsEvidence`.
  init(
    table: consuming FlowTable, filter: PacketFilter?, regarding kinds: Enclosure.Kinds = [],
    keepsEvidence: Bool = true, carving: Carving? = nil
  ) {
    self.carving = carving
    recorder = Recorder(options: table.options, keepsEvidence: keepsEvidence)
    self.table = table
    intake = Intake(filter: filter, regarding: kinds)
  }

  /// Takes the run that `source` stands at through decoder and flow table.
  mutating func take(_ source: borrowing some PacketSource & ~Copyable) {
    intake.take(source, into: &batch[0])
    if let carving { carving.take(source, decoded: &batch[0], intake.fragments) }
    table.take(&batch[0])
  }

  /// Packets seen: the last frame's number.
  var frames: Int { intake.frames }

  /// Whether a filter may leave packets out.
  var isFiltered: Bool { intake.isFiltered }

  /// What was read so far.
  var account: InputAccount {
    var account = intake.account
    account.add(table.clock)
    account.counts = table.counts
    account.displaced = table.displaced
    return account
  }

  /// Lets a live view's clock go on without packets.
  mutating func idle(at time: Int64) { table.idle(until: time) }

  /// Ends the capture bit by bit: call it until it gives false, and drain in between.
  mutating func finishSome() -> Bool { table.finishSome() }

  /// Hands over the records that are due.
  mutating func drain(_ body: (inout FlowRecord) throws -> Void) rethrows {
    try recorder.drain(&table, body)
  }
}
