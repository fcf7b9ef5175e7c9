internal import PacketDecoding
internal import TCPTeardown

/// Two octets of link type and two of octets on the wire that were not captured, then a frame.
///
/// Decoded for a batch and by itself, and behind a VLAN tag, the same must come of it.
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
    if linkType == 1, frame.count >= 14, [[8, 0], [0x86, 0xDD]].contains(frame[12..<14]) {
      let tagged = frame[..<12] + [0x81, 0, 0, 1] + frame[12...]
      expect(
        decode(Array(tagged), linkType, length + 4) == decoded, "a tag changes what is decoded")
      let packet = Array(frame[14...])
      expect(decode(packet, 101, length - 14) == decoded, "without Ethernet it is another packet")
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
      return
    }
    expect(!isSegment, "a batch takes a segment where there is none")
    let reason = batch.append(
      otherIn: frame.span, linkType: linkType, originalLength: length, at: 0)
    if case .undecoded(let own) = decoded {
      expect(reason == own, "a batch has another reason")
    } else {
      expect(reason == nil, "a batch takes no ICMP error")
    }
  }
}
