/// Linux "cooked" captures, as the device `any` gives them (LINKTYPE_LINUX_SLL, _SLL2).
enum LinuxCooked {
  static func stepVersion1(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    try frame.need(16, at: offset)
    let start = offset
    offset += 16
    return try layer(
      in: frame, hardware: frame.uint16(at: start + 2), typeAt: start + 14, over: &offset)
  }

  static func stepVersion2(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    try frame.need(20, at: offset)
    let start = offset
    offset += 20
    return try layer(
      in: frame, hardware: frame.uint16(at: start + 8), typeAt: start, over: &offset)
  }

  /// What follows, by the kind of device (Linux, `if_arp.h`) or else by the type.
  private static func layer(
    in frame: Span<UInt8>, hardware: UInt16, typeAt typeOffset: Int, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    switch hardware {
    case 770: return .frameRelay
    // GRE devices have the type of GRE's header.
    case 778: return try GRE.layer(of: frame.uint16(at: typeOffset))
    case 801: return .wlan
    case 802: return .prism
    case 803: return .radiotap
    default: break
    }
    switch frame.uint16(at: typeOffset) {
    // What Linux calls frames without a type of their own (`if_ether.h`).
    case 0x0003: return .ethernet
    case 0x0004: return .llc
    case 0x0007: return .ppp
    case ...EtherType.greatestLength: throw .notIP
    default: return try EtherType.step(in: frame, typeAt: typeOffset, over: &offset)
    }
  }
}
