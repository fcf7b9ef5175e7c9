import PacketCapture
import PacketDecoding
import TCPTeardown
import TeardownReport

/// The reading side of an analysis: filters, decodes and counts packets on their way into batches.
struct Intake: ~Copyable {
  private var filter: PacketFilter?
  /// What of the headers around IP keeps flows apart.
  private let kinds: Enclosure.Kinds
  private var reassembly: Reassembly
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
  /// The IP fragments of the run that was taken last, in their order.
  private(set) var fragments: [FragmentPlace] = []
  /// Packets that gave no segment, by reason.
  private var undecodedCounts = [Int](repeating: 0, count: Undecoded.allCases.count)

  /// Flows are kept apart, too, by what differs in `kinds` of what is around their packets.
  init(filter: PacketFilter?, regarding kinds: Enclosure.Kinds = []) {
    self.filter = filter
    self.kinds = kinds
    reassembly = Reassembly(regarding: kinds)
  }

  /// Whether a filter may leave packets out.
  var isFiltered: Bool { filter != nil }

  /// Takes the run that `source` stands at, of `SegmentBatch.capacity` packets at most, into `batch`,
  /// which must be empty.
  mutating func take(
    _ source: borrowing some PacketSource & ~Copyable, into batch: inout SegmentBatch
  ) {
    batch.firstFrame = frames + 1
    if !fragments.isEmpty { fragments.removeAll() }
    source.withRun { records, octets in
      count(records)
      // A loop of its own, without any question in it.
      if !isFiltered, kinds.isEmpty {
        for place in records.indices { take(records, place, octets, into: &batch) }
      } else {
        for place in records.indices {
          if !isWanted(records[place], octets) {
            // The clock goes on: what a filter leaves out still tells the time.
            batch.append(time: records[place].time)
          } else if kinds.isEmpty {
            take(records, place, octets, into: &batch)
          } else {
            // The short way does not see what is around IP.
            takeOther(records, place, octets, into: &batch)
          }
        }
      }
    }
  }

  @inline(__always)
  private mutating func take(
    _ records: Span<PacketRecord>, _ place: Int, _ octets: Span<UInt8>,
    into batch: inout SegmentBatch
  ) {
    let isSegment = batch.append(
      segmentIn: octets.extracting(records[place].range), linkType: records[place].linkType,
      originalLength: records[place].originalLength, at: records[place].time)
    if !isSegment { takeOther(records, place, octets, into: &batch) }
  }

  /// Takes a packet that holds no segment, or takes more than one look at it to tell which.
  ///
  /// Never inlined: nothing of the packet before it has to be kept for this.
  @inline(never)
  private mutating func takeOther(
    _ records: Span<PacketRecord>, _ place: Int, _ octets: Span<UInt8>,
    into batch: inout SegmentBatch
  ) {
    let record = records[place]
    let packet = reassembly.decode(
      octets.extracting(record.range), linkType: record.linkType,
      originalLength: record.originalLength, at: record.time, number: batch.firstFrame + place)
    batch.append(packet, at: record.time)
    if case .fragment = packet {
      fragments.append(FragmentPlace(place: place, outcome: .waits))
    } else if !reassembly.earlierFrames.isEmpty {
      fragments.append(
        FragmentPlace(place: place, outcome: .completes(reassembly.earlierFrames)))
    }
    if case .undecoded(let reason) = packet { undecodedCounts[Int(reason.rawValue)] += 1 }
  }

  /// Counts the packets of a run: once, and not between each two, where the counters would go to
  /// memory and back.
  private mutating func count(_ records: Span<PacketRecord>) {
    guard !records.isEmpty else { return }
    if firstTime == nil { firstTime = records[0].time }
    var (latest, length) = (lastTime, UInt64(0))
    for place in records.indices {
      latest = max(latest, records[place].time)
      length &+= UInt64(records[place].originalLength)
    }
    frames += records.count
    lastTime = latest
    octets += length
  }

  /// Whether a packet is to be looked at; counts those that are not.
  private mutating func isWanted(_ record: PacketRecord, _ octets: Span<UInt8>) -> Bool {
    guard isFiltered else { return true }
    let bytes = octets.extracting(record.range)
    if filter?.matches(record, bytes) ?? true { return true }
    if belongsToTaken(record, bytes) { return true }
    filteredOut += 1
    if LinkLayer.isTagged(bytes, linkType: record.linkType) { taggedFilteredOut += 1 }
    return false
  }

  /// Whether a packet is a further fragment of a datagram of which the filter took the first.
  ///
  /// It has no ports by which the filter could tell.
  private func belongsToTaken(_ record: PacketRecord, _ bytes: Span<UInt8>) -> Bool {
    guard !reassembly.isEmpty else { return false }
    let packet = PacketDecoder.decode(
      bytes, linkType: record.linkType, originalLength: record.originalLength)
    guard case .fragment(let fragment) = packet else { return false }
    return reassembly.isWaiting(for: fragment)
  }
}

extension Intake {
  /// What was read so far.
  var account: InputAccount {
    var account = InputAccount()
    account.frames = frames
    account.filterRefusals = filter?.refusals ?? []
    account.filterApplied = filter?.applied ?? true
    account.summary.packets = frames
    account.summary.octets = octets
    account.summary.filteredOut = filteredOut
    account.summary.firstTime = firstTime
    account.summary.lastTime = firstTime == nil ? nil : lastTime
    account.summary.undecoded = Undecoded.allCases
      .map { ($0.description, undecoded($0)) }.filter { $0.1 > 0 }
    account.summary.truncated = undecoded(.truncated)
    for refusal in account.filterRefusals {
      account.summary.warnings.append(
        "the filter cannot be applied to link type \(refusal.linkType) (\(refusal.reason)): "
          + "\(refusal.packets) packets left out")
    }
    account.summary.warnings += fragmentWarnings
    if taggedFilteredOut > 0 {
      account.summary.warnings.append(
        "\(taggedFilteredOut) packets with a VLAN tag did not match the filter: "
          + "one without `vlan` does not look behind tags")
    }
    return account
  }

  private func undecoded(_ reason: Undecoded) -> Int {
    undecodedCounts[Int(reason.rawValue)] + reassembly.frames(reason)
  }

  /// What is to be known of IP fragments, apart from how many came to nothing.
  private var fragmentWarnings: [String] {
    var warnings: [String] = []
    if reassembly.lostMarks > 0 {
      warnings.append(
        "segments with SYN, FIN or RST of which IP fragments are missing, and which are not told: "
          + "\(reassembly.lostMarks)")
    }
    if reassembly.overlaps > 0 {
      warnings.append(
        "IP fragments that overlap others of their datagram, of which the octets that came first "
          + "were taken: \(reassembly.overlaps)")
    }
    return warnings
  }
}

/// What became of the input, apart from its flows.
struct InputAccount: Sendable {
  /// Packets seen: the last frame's number.
  var frames = 0
  /// The same, for the summary; its warnings are of the filter.
  var summary = CaptureSummary.Input()
  /// What the filter could not be applied to.
  var filterRefusals: [PacketFilter.Refusal] = []
  /// Some packet was of a link type that takes the filter, or there is none.
  var filterApplied = true
  /// What went wrong with the files.
  var failures: [CaptureMerge.Failure] = []
  /// Stamps outside the years 1970 to 2106.
  var clampedStamps: UInt64 = 0
  /// Files of one time were read as one capture.
  var filesOverlap = false
  /// What the flow table counted.
  var counts: FlowTable.Counts?
  /// Frames whose flow is not told by their place in the file.
  var displaced = DisplacedFrames()

  /// Adds how the files were.
  mutating func add(_ source: borrowing CaptureMerge) {
    summary.files = source.paths.count
    failures = source.failures
    clampedStamps = source.clampedStamps
    filesOverlap = source.filesOverlap
    add(source.statistics)
  }

  /// Adds what the flow table knows of the packets' times.
  mutating func add(_ clock: CaptureClock) {
    summary.clockSteps = clock.steps
    summary.backwardStamps = clock.backwardStamps
  }
}
