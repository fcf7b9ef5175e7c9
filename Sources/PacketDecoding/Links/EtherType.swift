/// EtherTypes that the decoder acts on (IEEE 802, RFC 9542).
enum EtherType {
  static let ipv4: UInt16 = 0x0800
  static let ipv6: UInt16 = 0x86DD

  /// Whether `type` announces a VLAN tag: 802.1Q, 802.1ad, and what switches used before it.
  @inline(__always)
  static func isTag(_ type: UInt16) -> Bool {
    switch type {
    case 0x8100, 0x88A8, 0x9100, 0x9200, 0x9300: true
    default: false
    }
  }

  /// Follows the type field at `typeOffset`, over any stack of tags that starts at `start`, to the
  /// octet at which the IP header begins.
  @inline(__always)
  static func networkOffset(
    in frame: Span<UInt8>, typeAt typeOffset: Int, from start: Int
  ) throws(Undecoded) -> Int {
    var type = frame.uint16(at: typeOffset)
    var offset = start
    while isTag(type) {
      guard frame.count >= offset + 4 else { throw .truncated }
      type = frame.uint16(at: offset + 2)
      offset += 4
    }
    switch type {
    case ipv4, ipv6: return offset
    // A length, not a type (IEEE 802.3 §3.2.6); Linux cooked captures write 4 for the same.
    case ...1500: return try networkOffsetBehindSNAP(in: frame, from: offset)
    case 0x8847, 0x8848, 0x8864: throw .unsupportedEncapsulation
    default: throw .notIP
    }
  }

  /// Steps over LLC and SNAP headers (IEEE 802, RFC 1042).
  private static func networkOffsetBehindSNAP(
    in frame: Span<UInt8>, from offset: Int
  ) throws(Undecoded) -> Int {
    guard frame.count >= offset + 8 else { throw .truncated }
    guard frame.uint32(at: offset) == 0xAAAA_0300, frame.uint16(at: offset + 4) == 0 else {
      throw .notIP
    }
    switch frame.uint16(at: offset + 6) {
    case ipv4, ipv6: return offset + 8
    default: throw .notIP
    }
  }
}
