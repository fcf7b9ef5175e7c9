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
    let packets = RandomCapture(seed: seed).packets.compactMap { time, packet in
      if case .segment(let segment) = packet { (time, Self.octets(of: segment)) } else { nil }
    }
    var single = FlowTable(options: ReconstructionOptions())
    var batched = FlowTable(options: ReconstructionOptions())
    var batch = SegmentBatch(isLive: false)
    for (place, (time, octets)) in packets.enumerated() {
      let decoded = PacketDecoder.decode(octets.span, linkType: Self.raw, originalLength: 0)
      single.advance(to: time)
      if case .segment(let segment) = decoded { single.take(segment, at: time, frame: place + 1) }
      let content = batch.append(
        decoding: octets.span, linkType: Self.raw, originalLength: 0, at: time, frame: place + 1)
      #expect(content == .segment)
      // A packet without a segment now and then, which moves the clock alone.
      if place % 5 == 0 {
        if batch.isFull { batched.take(&batch) }
        batch.append(time: time)
        single.advance(to: time)
      }
      if batch.isFull { batched.take(&batch) }
    }
    batched.take(&batch)
    #expect(batched.counts == single.counts)
    #expect(batched.clock.now == single.clock.now)
    let records = FlowScript.finish(&single)
    let others = FlowScript.finish(&batched)
    #expect(records.map(\.teardown) == others.map(\.teardown))
    #expect(records.map(\.evidence) == others.map(\.evidence))
    #expect(records.map(\.stream) == others.map(\.stream))
  }

  @Test("what is no segment is not added")
  func other() {
    var batch = SegmentBatch(isLive: false)
    let content = batch.append(
      decoding: [0x45, 0].span, linkType: Self.raw, originalLength: 2, at: 0, frame: 1)
    #expect(content == .undecoded(.truncated))
    #expect(batch.count == 0)
  }

  @Test("a live view's batch is full with one packet, another's is not")
  func live() {
    var live = SegmentBatch(isLive: true)
    var file = SegmentBatch(isLive: false)
    live.append(time: 0)
    file.append(time: 0)
    #expect(live.isFull && !file.isFull)
  }

  /// An IPv4 packet with the segment's header, and without the octets of its payload.
  private static func octets(of segment: Segment) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: 40)
    func put(_ value: UInt32, _ count: Int, at offset: Int) {
      for place in 0..<count {
        octets[offset + place] = UInt8(truncatingIfNeeded: value >> UInt32(8 * (count - 1 - place)))
      }
    }
    octets[0] = 0x45
    put(40 + segment.payloadLength, 2, at: 2)
    put(UInt32(segment.identification), 2, at: 4)
    octets[8] = segment.timeToLive
    octets[9] = 6
    put(UInt32(truncatingIfNeeded: segment.source.address.bits), 4, at: 12)
    put(UInt32(truncatingIfNeeded: segment.destination.address.bits), 4, at: 16)
    put(UInt32(segment.source.port), 2, at: 20)
    put(UInt32(segment.destination.port), 2, at: 22)
    put(segment.sequenceNumber.rawValue, 4, at: 24)
    put(segment.acknowledgmentNumber.rawValue, 4, at: 28)
    octets[32] = 0x50
    octets[33] = segment.flags.rawValue
    put(UInt32(segment.window), 2, at: 34)
    return octets
  }
}
