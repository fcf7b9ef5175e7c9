import PacketCapture
import PacketDecoding
import TCPTeardown

/// Joins a packet source, the decoder and the flow table: the way of every packet.
struct Analysis: ~Copyable {
  private(set) var table: FlowTable
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
    self.filter = filter
    batch = SegmentBatch(isLive: atOnce || table.isLive)
  }

  /// The reasons that left packets without a segment, with how many each.
  var undecoded: [(reason: Undecoded, packets: Int)] {
    Undecoded.allCases.map { ($0, undecodedCounts[Int($0.rawValue)]) }.filter { $0.packets > 0 }
  }

  /// Takes the run that `source` stands at through decoder and flow table.
  mutating func take(_ source: borrowing some PacketSource & ~Copyable) {
    source.withRun { records, octets in
      if firstTime == nil, !records.isEmpty { firstTime = records[0].time }
      for place in records.indices {
        take(records[place], octets.extracting(records[place].range))
      }
    }
  }

  @inline(__always)
  private mutating func take(_ record: PacketRecord, _ bytes: Span<UInt8>) {
    frames += 1
    lastTime = max(lastTime, record.time)
    octets += UInt64(record.originalLength)
    if filter != nil, !passesFilter(record, bytes) { return }
    let content = batch.append(
      decoding: bytes, linkType: record.linkType, originalLength: record.originalLength,
      at: record.time, frame: frames)
    switch content {
    case .segment: break
    case .icmpError: takeICMPError(record, bytes)
    case .undecoded(let reason): takeNothing(reason, at: record.time)
    }
    if batch.isFull { takeBatch() }
  }

  private mutating func takeICMPError(_ record: PacketRecord, _ bytes: Span<UInt8>) {
    let decoded = PacketDecoder.decode(
      bytes, linkType: record.linkType, originalLength: record.originalLength)
    switch decoded {
    case .icmpError(let error):
      takeBatch()
      table.advance(to: record.time)
      table.take(error, at: record.time, frame: frames)
    case .undecoded(let reason): takeNothing(reason, at: record.time)
    case .segment: break
    }
  }

  private mutating func takeNothing(_ reason: Undecoded, at time: Int64) {
    undecodedCounts[Int(reason.rawValue)] += 1
    batch.append(time: time)
  }

  private mutating func takeBatch() { table.take(&batch) }

  private mutating func passesFilter(_ record: PacketRecord, _ bytes: Span<UInt8>) -> Bool {
    let passes = filter?.matches(record, bytes) ?? true
    if !passes {
      filteredOut += 1
      if LinkLayer.isTagged(bytes, linkType: record.linkType) { taggedFilteredOut += 1 }
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
  }

  /// Ends the capture bit by bit: call it until it gives false, and drain in between.
  mutating func finishSome() -> Bool {
    takeBatch()
    return table.finishSome()
  }

  mutating func drain(_ body: (FlowRecord) throws -> Void) rethrows { try table.drain(body) }

  mutating func drainAnnounced() -> [FlowRecord] { table.drainAnnounced() }
}
