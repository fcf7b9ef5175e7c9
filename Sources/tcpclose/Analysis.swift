import PacketCapture
import PacketDecoding
import TCPTeardown

/// Joins a packet source, the decoder and the flow table: the way of every packet.
struct Analysis: ~Copyable {
  private(set) var table: FlowTable
  private var recorder: Recorder
  /// Records are due: `drain` hands them over.
  private(set) var hasDue = false
  private var filter: PacketFilter?
  /// Packets that are decoded and have not come to the table yet.
  private var batch: SegmentBatch
  /// Packets seen, whether a filter took them or not: the last frame's number.
  private(set) var frames = 0
  /// Packets that the filter left out.
  private(set) var filteredOut = 0
  /// Packets with a VLAN tag among those.
  private(set) var taggedFilteredOut = 0
  /// Octets on the wire of these.
  private(set) var octets: UInt64 = 0
  private(set) var firstTime: Int64?
  private(set) var lastTime: Int64 = 0
  /// Packets that gave no segment, by reason.
  private var undecodedCounts = [Int](repeating: 0, count: Undecoded.allCases.count)

  /// `atOnce` is for who wants to know of each packet before the next is read; a live view does.
  init(table: FlowTable, filter: consuming PacketFilter?, atOnce: Bool = false) {
    self.table = table
    recorder = Recorder(options: table.options)
    self.filter = filter
    batch = SegmentBatch(isLive: atOnce || table.isLive)
  }

  /// The reasons that left packets without a segment, with how many each.
  var undecoded: [(reason: Undecoded, packets: Int)] {
    Undecoded.allCases.map { ($0, undecodedCounts[Int($0.rawValue)]) }.filter { $0.packets > 0 }
  }

  /// Takes the packet that `source` stands at through decoder and flow table.
  @inline(__always)
  mutating func take(_ source: borrowing some PacketSource & ~Copyable) {
    let record = source.record
    frames += 1
    if firstTime == nil { firstTime = record.time }
    lastTime = max(lastTime, record.time)
    octets += UInt64(record.originalLength)
    if filter != nil, !passesFilter(source, record) { return }
    let frame = frames
    let content = source.withBytes { bytes in
      batch.append(
        decoding: bytes, linkType: record.linkType, originalLength: record.originalLength,
        at: record.time, frame: frame)
    }
    switch content {
    case .segment: break
    case .icmpError: takeICMPError(source, record)
    case .undecoded(let reason): takeNothing(reason, at: record.time)
    }
    if batch.isFull { takeBatch() }
  }

  private mutating func takeICMPError(
    _ source: borrowing some PacketSource & ~Copyable, _ record: PacketRecord
  ) {
    let decoded = source.withBytes { bytes in
      PacketDecoder.decode(
        bytes, linkType: record.linkType, originalLength: record.originalLength)
    }
    switch decoded {
    case .icmpError(let error):
      takeBatch()
      table.advance(to: record.time)
      table.take(error, at: record.time, frame: frames)
      hasDue = table.hasDue
    case .undecoded(let reason): takeNothing(reason, at: record.time)
    case .segment: break
    }
  }

  private mutating func takeNothing(_ reason: Undecoded, at time: Int64) {
    undecodedCounts[Int(reason.rawValue)] += 1
    batch.append(time: time)
  }

  private mutating func takeBatch() {
    table.take(&batch)
    // Asked for after each packet: to ask the table then would be a call.
    hasDue = table.hasDue
  }

  private mutating func passesFilter(
    _ source: borrowing some PacketSource & ~Copyable, _ record: PacketRecord
  ) -> Bool {
    let passes = source.withBytes { filter?.matches(record, $0) ?? true }
    if !passes {
      filteredOut += 1
      let isTagged = source.withBytes { LinkLayer.isTagged($0, linkType: record.linkType) }
      if isTagged { taggedFilteredOut += 1 }
      // The clock goes on: what a filter leaves out still tells the time.
      batch.append(time: record.time)
      if batch.isFull { takeBatch() }
    }
    return passes
  }

  /// What the filter could not be applied to; nil where there is no filter.
  var filterRefusals: [PacketFilter.Refusal]? {
    switch filter {
    case .some(let filter): filter.refusals
    case .none: nil
    }
  }

  /// Some packet was of a link type that takes the filter.
  var filterApplied: Bool {
    switch filter {
    case .some(let filter): filter.applied
    case .none: true
    }
  }

  /// Lets a live view's clock go on without packets.
  mutating func idle(at time: Int64) {
    takeBatch()
    table.idle(until: time)
    hasDue = table.hasDue
  }

  /// Ends the capture bit by bit: call it until it gives false, and drain in between.
  mutating func finishSome() -> Bool {
    takeBatch()
    return table.finishSome()
  }

  /// Hands over the records that are due.
  mutating func drain(_ body: (borrowing FlowRecord) throws -> Void) rethrows {
    hasDue = false
    try recorder.drain(&table, body)
  }
}
