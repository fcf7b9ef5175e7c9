import PacketDecoding
import Testing

/// `value` in network byte order.
func octets<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
  stride(from: Integer.bitWidth - 8, through: 0, by: -8).map {
    UInt8(truncatingIfNeeded: value >> Integer($0))
  }
}

let client = IPAddress.v4(0xC000_0201)
let server = IPAddress.v4(0xC633_6402)
let client6 = IPAddress.v6(0x2001_0DB8_0000_0000_0000_0000_0000_0001)
let server6 = IPAddress.v6(0x2001_0DB8_0000_0000_0000_0000_0000_0002)

/// A TCP header and its payload.
func tcp(
  flags: TCPFlags = .ack, dataOffset: UInt8? = nil, sequenceNumber: UInt32 = 0x1000,
  options: [UInt8] = [], payload: Int = 0
) -> [UInt8] {
  let words = dataOffset ?? UInt8(5 + options.count / 4)
  return octets(UInt16(50000)) + octets(UInt16(443)) + octets(sequenceNumber)
    + octets(UInt32(0x2000)) + [words << 4, flags.rawValue] + octets(UInt16(501)) + [0, 0, 0, 0]
    + options + [UInt8](repeating: 0x78, count: payload)
}

/// An IPv4 packet; `fragment` is the field of flags and offset, `length` the total length.
func ipv4(
  _ body: [UInt8], protocol number: UInt8 = 6, options: [UInt8] = [], fragment: UInt16 = 0x4000,
  length: Int? = nil, identification: UInt16 = 0xBEEF
) -> [UInt8] {
  let header = 20 + options.count
  return [0x40 | UInt8(header / 4), 0] + octets(UInt16(length ?? header + body.count))
    + octets(identification) + octets(fragment) + [63, number, 0, 0]
    + octets(UInt32(client.bits)) + octets(UInt32(server.bits)) + options + body
}

/// An IPv6 packet; `body` begins with its extension headers, `length` is the payload length.
func ipv6(_ body: [UInt8], next: UInt8 = 6, length: Int? = nil) -> [UInt8] {
  [0x60, 0, 0, 0] + octets(UInt16(length ?? body.count)) + [next, 62] + octets(client6.bits)
    + octets(server6.bits) + body
}

/// An Ethernet frame with `tags` before the type.
func ethernet(_ packet: [UInt8], type: UInt16 = 0x0800, tags: [UInt16] = []) -> [UInt8] {
  [UInt8](repeating: 0x02, count: 12) + tags.flatMap { octets($0) + [0x20, 0x05] } + octets(type)
    + packet
}

/// An IPv6 extension header of `words` times eight octets.
func extensionHeader(next: UInt8, words: Int = 1, content: [UInt8] = []) -> [UInt8] {
  let padding = [UInt8](repeating: 0, count: words * 8 - 2 - content.count)
  return [next, UInt8(words - 1)] + content + padding
}

/// Decodes `frame`, which has no link layer unless `linkType` says so.
func decode(
  _ frame: [UInt8], linkType: UInt16 = 101, originalLength: UInt32? = nil
) -> DecodedPacket {
  PacketDecoder.decode(
    frame.span, linkType: linkType, originalLength: originalLength ?? UInt32(frame.count))
}

/// The segment in `frame`.
func segment(
  _ frame: [UInt8], linkType: UInt16 = 101, originalLength: UInt32? = nil
) throws -> AddressedSegment {
  let packet = decode(frame, linkType: linkType, originalLength: originalLength)
  guard case .segment(let segment) = packet else {
    throw NoSegment(packet: packet)
  }
  return segment
}

/// What a frame was instead of a segment.
struct NoSegment: Error {
  let packet: DecodedPacket
}

extension DecodedPacket {
  /// The fragment that it is.
  var fragment: Fragment? {
    if case .fragment(let fragment) = self { fragment } else { nil }
  }
}
