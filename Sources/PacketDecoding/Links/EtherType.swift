/// EtherTypes that the decoder acts on (IEEE 802, RFC 9542).
enum EtherType {
  static let ipv4: UInt16 = 0x0800
  static let ipv6: UInt16 = 0x86DD
  /// The greatest number in the type's place that is a length (IEEE 802.3 §3.2.6).
  static let greatestLength: UInt16 = 1500

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
    var offset = start
    var type = frame.uint16(at: typeOffset)
    while isTag(type) {
      try frame.need(4, at: offset)
      type = frame.uint16(at: offset + 2)
      offset += 4
    }
    if type == ipv4 || type == ipv6 { return offset }
    return try layer(of: type).networkOffset(in: frame, from: offset)
  }

  /// What the type field at `typeOffset` announces, which begins at `offset`.
  static func step(
    in frame: Span<UInt8>, typeAt typeOffset: Int, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    let type = frame.uint16(at: typeOffset)
    return isTag(type) ? .vlanTag : try layer(of: type)
  }

  /// Steps over a VLAN tag: two octets of priority and number, and a type.
  static func stepOverTag(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    try frame.need(4, at: offset)
    let typeOffset = offset + 2
    offset += 4
    return try step(in: frame, typeAt: typeOffset, over: &offset)
  }

  /// The header that `type` announces.
  static func layer(of type: UInt16) throws(Undecoded) -> Layer {
    switch type {
    case ipv4, ipv6: .ip
    // Jumbo frames have 0x8870 where shorter ones have their length (IEEE 802.1AC).
    case ...greatestLength, 0x8870: .llc
    case 0x6558: .ethernet
    case 0x8847, 0x8848: .mpls
    case 0x8864: .pppoe
    case 0x88E7: .backboneTag
    case 0x8926: .vnTag
    case 0x893F: .eTag
    // HSR (IEC 62439-3 §5) and 802.1CB: four octets, of which two count frames.
    case 0x892F, 0xF1C1: .redundancyTag
    case 0x22F3: .trill
    case 0x8903: .fabricPath
    case 0x8909: .metaData
    case 0x88E5: .macsec
    case 0x894F: .serviceChain
    default: throw .notIP
    }
  }
}
