import PacketCapture
import PacketDecoding
import TCPTeardown
import TeardownReport

/// The reading side of an analysis: filters, decodes and counts packets on their way into batches.
struct Intake: ~Copyable {
  private var filter: PacketFilter?
  /// Packets seen, whether a filter took them or not: the last frame's number.
  private(set) var frames = 0
  /// Packets that the filter left out.
  private var filteredOut = 0
  /// Packets with a VLAN tag among those.
  private var taggedFilteredOut = 0
  /// Octets on the wire of all packets.
  private var octets: UInt64 = 0
  private var firstTime: Int64?
  private var lastTime: Int64 = 0
  /// Packets that gave no segment, by reason.
  private var undecodedCounts = [Int](repeating: 0, count: Undecoded.allCases.count)

  init(filter: consuming PacketFilter?) { self.filter = filter }

  /// Takes the run that `source` stands at into `batch`, which must be empty.
  mutating func take(
    _ source: borrowing some PacketSource & ~Copyable, into batch: inout SegmentBatch
  ) {
    source.withRun { records, octets in
      for place in records.indices {
        take(records[place], octets.extracting(records[place].range), into: &batch)
      }
    }
  }

  @inline(__always)
  private mutating func take(
    _ record: PacketRecord, _ bytes: Span<UInt8>, into batch: inout SegmentBatch
  ) {
    frames += 1
    if firstTime == nil { firstTime = record.time }
    lastTime = max(lastTime, record.time)
    octets += UInt64(record.originalLength)
    if filter != nil, !passesFilter(record, bytes) {
      // The clock goes on: what a filter leaves out still tells the time.
      batch.append(time: record.time)
      return
    }
    let reason = batch.append(
      decoding: bytes, linkType: record.linkType, originalLength: record.originalLength,
      at: record.time, frame: frames)
    if let reason { undecodedCounts[Int(reason.rawValue)] += 1 }
  }

  private mutating func passesFilter(_ record: PacketRecord, _ bytes: Span<UInt8>) -> Bool {
    let passes = filter?.matches(record, bytes) ?? true
    if !passes {
      filteredOut += 1
      if LinkLayer.isTagged(bytes, linkType: record.linkType) { taggedFilteredOut += 1 }
    }
    return passes
  }
}

extension Intake {
  /// What was read, once all is.
  struct Result: Sendable {
    /// Packets seen: the last frame's number.
    var frames = 0
    /// The same for the summary.
    var summary = CaptureSummary.Input()
    /// What the filter could not be applied to; nil where there is no filter.
    var filterRefusals: [PacketFilter.Refusal]?
    /// Some packet was of a link type that takes the filter.
    var filterApplied = true
  }

  /// What was read so far.
  var result: Result {
    var result = Result()
    result.frames = frames
    result.filterRefusals = filterRefusals
    result.filterApplied = filterApplied
    result.summary.packets = frames
    result.summary.octets = octets
    result.summary.filteredOut = filteredOut
    result.summary.firstTime = firstTime
    result.summary.lastTime = firstTime == nil ? nil : lastTime
    let undecoded = Undecoded.allCases.map { ($0, undecodedCounts[Int($0.rawValue)]) }
      .filter { $0.1 > 0 }
    result.summary.undecoded = undecoded.map { ($0.0.description, $0.1) }
    result.summary.truncated = undecodedCounts[Int(Undecoded.truncated.rawValue)]
    for refusal in filterRefusals ?? [] {
      result.summary.warnings.append(
        "the filter cannot be applied to link type \(refusal.linkType) (\(refusal.reason)): "
          + "\(refusal.packets) packets left out")
    }
    if taggedFilteredOut > 0 {
      result.summary.warnings.append(
        "\(taggedFilteredOut) packets with a VLAN tag did not match the filter: "
          + "one without `vlan` does not look behind tags")
    }
    return result
  }

  private var filterRefusals: [PacketFilter.Refusal]? {
    switch filter {
    case .some(let filter): filter.refusals
    case .none: nil
    }
  }

  private var filterApplied: Bool {
    switch filter {
    case .some(let filter): filter.applied
    case .none: true
    }
  }
}
