/// BSD loopback: an address family in 32 bits (LINKTYPE_NULL, LINKTYPE_LOOP).
///
/// Some programs write an EtherType where the family belongs; Wireshark takes it in LINKTYPE_NULL.
enum NullLink {
  enum ByteOrder { case capturingHost, network }

  /// The capturing host's order is not known: a family is read in the order that makes it small.
  static func step(
    in frame: Span<UInt8>, over offset: inout Int, byteOrder: ByteOrder
  ) throws(Undecoded) -> Layer {
    try frame.need(4, at: offset)
    var family = frame.uint32(at: offset)
    if byteOrder == .capturingHost, family > 0xFFFF { family = family.byteSwapped }
    offset += 4
    switch family {
    // AF_INET; AF_INET6 of Linux; of NetBSD and OpenBSD; of FreeBSD; of macOS.
    case 2, 10, 24, 28, 30: return .ip
    case UInt32(EtherType.ipv4), UInt32(EtherType.ipv6):
      guard byteOrder == .capturingHost else { throw .notIP }
      return .ip
    default: throw .notIP
    }
  }
}
