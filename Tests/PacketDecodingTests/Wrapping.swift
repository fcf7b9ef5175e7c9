import PacketDecoding
import Testing

/// Headers that stand around an IP packet, in frames of a link type.
struct Wrapping: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let linkType: UInt16
  private let frame: @Sendable ([UInt8]) -> [UInt8]

  init(
    _ name: String, linkType: UInt16 = 1, _ frame: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) {
    self.testDescription = name
    self.linkType = linkType
    self.frame = frame
  }

  /// Nothing but `header` before the packet.
  init(_ name: String, linkType: UInt16 = 1, header: [UInt8]) {
    self.init(name, linkType: linkType) { header + $0 }
  }

  func callAsFunction(_ packet: [UInt8]) -> [UInt8] { frame(packet) }

  /// `packet` is found, with what its own header says, and at no length at which the frame is cut
  /// before the octets are there that a segment needs.
  func check(_ packet: [UInt8]) throws {
    let whole = self(packet)
    let expected = decode(packet)
    #expect(decode(whole, linkType: linkType) == expected)
    let place = try #require(whole.firstRange(of: packet))
    let enough = place.lowerBound + packet.count - Self.dispensable
    for captured in 0...whole.count {
      let cut = decode(
        Array(whole.prefix(captured)), linkType: linkType, originalLength: UInt32(whole.count))
      if captured >= enough {
        #expect(cut == expected, "\(captured) octets")
      } else {
        // A UDP header that is cut off cannot tell a tunnel.
        #expect(
          cut == .undecoded(.truncated) || cut == .undecoded(.notTCP), "\(captured) octets")
      }
    }
  }

  /// A checksum, an urgent pointer, and the payload of `packets`.
  private static let dispensable = 4 + 7

  /// A segment of either version of IP.
  static var packets: [[UInt8]] {
    [ipv4(tcp(flags: .fin, payload: 7)), ipv6(tcp(flags: .fin, payload: 7))]
  }

  /// Changed octets, cut off anywhere, never trap.
  func mutate() {
    var random = SeededGenerator(state: UInt64(linkType) << 32 | UInt64(frame([]).count))
    for round in 0..<200 {
      var octets = self(Self.packets[round % 2])
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<octets.count, using: &random)
        octets[index] = UInt8.random(in: 0...255, using: &random)
      }
      octets.removeLast(Int.random(in: 0...octets.count, using: &random))
      let length = UInt32(truncatingIfNeeded: random.next())
      _ = decode(octets, linkType: linkType, originalLength: length)
    }
  }
}

/// A UDP header (RFC 768) and its payload; the checksum is left out.
func udp(_ payload: [UInt8], to port: UInt16, from source: UInt16 = 50000) -> [UInt8] {
  octets(source) + octets(port) + octets(UInt16(truncatingIfNeeded: 8 + payload.count)) + [0, 0]
    + payload
}

/// The EtherType of an IP packet, by its version.
func etherType(of packet: [UInt8]) -> [UInt8] {
  (packet.first ?? 0x45) >> 4 == 4 ? [0x08, 0x00] : [0x86, 0xDD]
}

/// An Ethernet frame around an IP packet, with other addresses than `ethernet` has.
func innerEthernet(_ packet: [UInt8]) -> [UInt8] {
  [0x00, 0x1B, 0x21, 1, 2, 3, 0x00, 0x1B, 0x21, 4, 5, 6] + etherType(of: packet) + packet
}

/// `value` in little-endian order.
func littleEndian<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
  octets(value.byteSwapped)
}
