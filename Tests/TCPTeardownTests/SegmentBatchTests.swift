import FlowScripts
import PacketDecoding
import TCPTeardown
import Testing

@Suite("Segments in batches")
struct SegmentBatchTests {
  /// LINKTYPE_RAW: packets begin with their IP header.
  private static let raw: UInt16 = 101

  @Test(
    "a capture taken in batches gives what it gives one by one", arguments: 0..<60 as Range<UInt64>)
  func same(seed: UInt64) {
    let packets = RandomCapture(seed: seed).packets.map { time, packet in
      switch packet {
      case .segment(let segment): (time, Self.octets(of: segment))
      case .error(let error): (time, Self.octets(of: error))
      }
    }
    var single = FlowTable(options: ReconstructionOptions())
    var batched = FlowTable(options: ReconstructionOptions())
    var batch = SegmentBatch()
    var frame = 0
    func room() {
      if batch.count == SegmentBatch.capacity { batched.take(&batch) }
      if batch.count == 0 { batch.firstFrame = frame + 1 }
      frame += 1
    }
    for (place, (time, octets)) in packets.enumerated() {
      room()
      single.advance(to: time)
      var expected: Undecoded?
      switch PacketDecoder.decode(octets.span, linkType: Self.raw, originalLength: 0) {
      case .segment(let segment): single.take(segment, at: time, frame: frame)
      case .icmpError(let error): single.take(error, at: time, frame: frame)
      case .undecoded(let reason): expected = reason
      case .fragment: Issue.record("a fragment")
      }
      let reason = Self.append(octets, at: time, to: &batch)
      #expect(reason == expected)
      if place % 97 == 0 { batched.take(&batch) }
      // A packet without a segment now and then, which moves the clock alone; and batches without.
      if place % 5 == 0, seed % 2 == 0 {
        room()
        batch.append(time: time)
        single.advance(to: time)
      }
    }
    batched.take(&batch)
    #expect(batch.count == 0)
    #expect(batched.counts == single.counts)
    #expect(batched.clock.now == single.clock.now)
    let records = FlowScript.finish(&single)
    let others = FlowScript.finish(&batched)
    #expect(records.map(\.teardown) == others.map(\.teardown))
    #expect(records.map(\.evidence) == others.map(\.evidence))
    #expect(records.map(\.stream) == others.map(\.stream))
  }

  @Test("what is no segment tells the time, and why it is none")
  func other() {
    var batch = SegmentBatch()
    let reason = Self.append([0x45, 0], at: 7, to: &batch)
    #expect(reason == .truncated)
    #expect(batch.count == 1)
    var table = FlowTable(options: ReconstructionOptions())
    table.take(&batch)
    #expect(table.clock.now == 7 && table.counts.segments == 0)
  }

  @Test("a batch has room for a run")
  func capacity() {
    var batch = SegmentBatch()
    for place in 0..<SegmentBatch.capacity { batch.append(time: Int64(place)) }
    var table = FlowTable(options: ReconstructionOptions())
    table.take(&batch)
    #expect(table.clock.now == Int64(SegmentBatch.capacity - 1) && batch.count == 0)
  }

  /// Adds a packet as a reader of captures does.
  private static func append(
    _ octets: [UInt8], at time: Int64, to batch: inout SegmentBatch
  ) -> Undecoded? {
    if batch.append(segmentIn: octets.span, linkType: raw, originalLength: 0, at: time) {
      return nil
    }
    let packet = PacketDecoder.decode(octets.span, linkType: raw, originalLength: 0)
    batch.append(packet, at: time)
    if case .undecoded(let reason) = packet { return reason }
    return nil
  }

  /// An IPv4 packet with the ICMP error, and of what that quotes as much as it must.
  private static func octets(of error: ICMPError) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: 56)
    put(0x45, 1, at: 0, &octets)
    put(56, 2, at: 2, &octets)
    put(1, 1, at: 9, &octets)
    put(UInt32(truncatingIfNeeded: error.reporter.bits), 4, at: 12, &octets)
    put(UInt32(error.type), 1, at: 20, &octets)
    put(UInt32(error.code), 1, at: 21, &octets)
    put(0x45, 1, at: 28, &octets)
    put(60, 2, at: 30, &octets)
    put(6, 1, at: 37, &octets)
    put(UInt32(truncatingIfNeeded: error.source.address.bits), 4, at: 40, &octets)
    put(UInt32(truncatingIfNeeded: error.destination.address.bits), 4, at: 44, &octets)
    put(UInt32(error.source.port), 2, at: 48, &octets)
    put(UInt32(error.destination.port), 2, at: 50, &octets)
    put(error.sequenceNumber.rawValue, 4, at: 52, &octets)
    return octets
  }

  private static func put(_ value: UInt32, _ count: Int, at offset: Int, _ octets: inout [UInt8]) {
    for place in 0..<count {
      octets[offset + place] = UInt8(truncatingIfNeeded: value >> UInt32(8 * (count - 1 - place)))
    }
  }

  /// An IPv4 packet with the segment's header, and without the octets of its payload.
  private static func octets(of segment: AddressedSegment) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: 40)
    octets[0] = 0x45
    put(40 + segment.payloadLength, 2, at: 2, &octets)
    put(UInt32(segment.identification), 2, at: 4, &octets)
    octets[8] = segment.timeToLive
    octets[9] = 6
    put(UInt32(truncatingIfNeeded: segment.source.address.bits), 4, at: 12, &octets)
    put(UInt32(truncatingIfNeeded: segment.destination.address.bits), 4, at: 16, &octets)
    put(UInt32(segment.source.port), 2, at: 20, &octets)
    put(UInt32(segment.destination.port), 2, at: 22, &octets)
    put(segment.sequenceNumber.rawValue, 4, at: 24, &octets)
    put(segment.acknowledgmentNumber.rawValue, 4, at: 28, &octets)
    octets[32] = 0x50
    octets[33] = segment.flags.rawValue
    put(UInt32(segment.window), 2, at: 34, &octets)
    return octets
  }
}
