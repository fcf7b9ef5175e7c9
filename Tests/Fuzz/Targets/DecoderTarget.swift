internal import PacketDecoding
internal import TCPTeardown

/// Two octets of link type and two of octets on the wire that were not captured, then a frame.
///
/// Decoded for a batch and by itself, and behind a VLAN tag, the same must come of it; and what is
/// looked at around it changes nothing but its scope.
enum DecoderTarget {
  private static let headerLength = 4

  static func run(_ octets: [UInt8]) {
    guard octets.count >= headerLength else { return }
    let linkType = UInt16(octets[0]) << 8 | UInt16(octets[1])
    let missing = UInt32(octets[2]) << 8 | UInt32(octets[3])
    let frame = Array(octets[headerLength...])
    let length = UInt32(frame.count) + missing
    let decoded = decode(frame, linkType, length)
    compareWithBatch(decoded, frame, linkType, length)
    compareWithScope(decoded, frame, linkType, length)
    reassemble(decoded, frame, linkType, length)
    if linkType == 1, frame.count >= 14, [[8, 0], [0x86, 0xDD]].contains(frame[12..<14]) {
      let tagged = frame[..<12] + [0x81, 0, 0, 1] + frame[12...]
      expect(
        isSame(decode(Array(tagged), linkType, length + 4), decoded),
        "a tag changes what is decoded")
      let packet = Array(frame[14...])
      expect(
        isSame(decode(packet, 101, length - 14), decoded), "without Ethernet it is another packet")
    }
  }

  /// Fragments bear where they stand in their frame, and between which headers.
  private static func isSame(_ one: DecodedPacket, _ other: DecodedPacket) -> Bool {
    if case .fragment(let first) = one, case .fragment(let second) = other {
      return first.place == second.place && first.isLast == second.isLast
    }
    return one == other
  }

  private static func compareWithScope(
    _ decoded: DecodedPacket, _ frame: [UInt8], _ linkType: UInt16, _ length: UInt32
  ) {
    var scoped = PacketDecoder.decode(
      frame.span, linkType: linkType, originalLength: length, regarding: [.vlans, .tunnels])
    if case .segment(var segment) = scoped {
      segment.scope = 0
      scoped = .segment(segment)
    } else if case .icmpError(var error) = scoped {
      error.scope = 0
      scoped = .icmpError(error)
    }
    expect(scoped == decoded, "what is around a packet changes what is decoded")
  }

  /// A fragment at once after itself is taken once at most.
  private static func reassemble(
    _ decoded: DecodedPacket, _ frame: [UInt8], _ linkType: UInt16, _ length: UInt32
  ) {
    var reassembly = Reassembly(limits: Reassembly.Limits(datagrams: 1))
    for round in 0..<2 {
      let taken = reassembly.decode(
        frame.span, linkType: linkType, originalLength: length, at: Int64(round),
        number: round)
      guard case .fragment = decoded else {
        expect(taken == decoded, "what is no fragment comes out otherwise")
        continue
      }
      expect(
        taken == (round == 0 ? decoded : .undecoded(.repeatedFragment)),
        "a fragment alone is more than a fragment")
    }
  }

  private static func decode(_ frame: [UInt8], _ linkType: UInt16, _ length: UInt32)
    -> DecodedPacket
  {
    PacketDecoder.decode(frame.span, linkType: linkType, originalLength: length)
  }

  private static func compareWithBatch(
    _ decoded: DecodedPacket, _ frame: [UInt8], _ linkType: UInt16, _ length: UInt32
  ) {
    var batch = SegmentBatch()
    let isSegment = batch.append(
      segmentIn: frame.span, linkType: linkType, originalLength: length, at: 0)
    if case .segment = decoded {
      expect(isSegment, "a batch takes no segment")
    } else {
      expect(!isSegment, "a batch takes a segment where there is none")
    }
  }
}
