import Testing

@testable import PacketDecoding

/// Plain headers are decoded by a shorter way: it must lead to the same.
@Suite("Plain headers")
struct PlainHeaderTests {
  /// What the way for whatever a packet may hold makes of `packet`.
  private func decodeAny(
    _ packet: [UInt8], lengthOnWire: Int
  ) -> (PacketDecoder.Content, AddressedSegment) {
    var (segment, tuple) = (Segment(), Tuple())
    do throws(Undecoded) {
      let content = try segment.decode(
        packet: packet.span, lengthOnWire: lengthOnWire, tuple: &tuple)
      return (content, addressed(segment, tuple))
    } catch {
      return (.undecoded(error), addressed(segment, tuple))
    }
  }

  private func addressed(_ segment: Segment, _ tuple: Tuple) -> AddressedSegment {
    AddressedSegment(source: tuple.source, destination: tuple.destination, segment: segment)
  }

  private func check(_ packet: [UInt8], lengthOnWire: Int) {
    let other = decodeAny(packet, lengthOnWire: max(lengthOnWire, packet.count))
    // Behind an Ethernet header there is a shorter way still, as there is none beside it.
    let type: UInt16 = packet.first.map { $0 >> 4 } == 6 ? 0x86DD : 0x0800
    let frames: [(UInt16, [UInt8])] = [(101, packet), (1, ethernet(packet, type: type))]
    for (linkType, frame) in frames {
      let length = UInt32(lengthOnWire + frame.count - packet.count)
      var (segment, tuple) = (Segment(), Tuple())
      let content = segment.decode(
        frame.span, linkType: linkType, originalLength: length, seed: FlowKey.seed, tuple: &tuple)
      #expect(content == other.0, "\(linkType): \(packet)")
      if content == .segment {
        #expect(addressed(segment, tuple) == other.1, "\(linkType): \(packet)")
      }
    }
  }

  @Test("every value of every header octet leads to the same", arguments: HostileInputTests.packets)
  func everyOctet(packet: [UInt8]) {
    for place in 0..<min(packet.count, 72) {
      for octet in UInt8.min...UInt8.max {
        var packet = packet
        packet[place] = octet
        check(packet, lengthOnWire: packet.count)
      }
    }
  }

  @Test("every length captured leads to the same", arguments: HostileInputTests.packets)
  func everyLength(packet: [UInt8]) {
    for captured in 1...packet.count {
      check(Array(packet.prefix(captured)), lengthOnWire: packet.count)
    }
  }

  @Test("random changes and cuts lead to the same")
  func random() {
    var random = SeededGenerator(state: 7)
    for round in 0..<20_000 {
      var packet = HostileInputTests.packets[round % HostileInputTests.packets.count]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: 0..<packet.count, using: &random)
        packet[index] = UInt8.random(in: 0...255, using: &random)
      }
      packet.removeLast(Int.random(in: 0..<packet.count, using: &random))
      check(packet, lengthOnWire: Int.random(in: 0...1_500, using: &random))
    }
  }
}
