/// What Linux' netfilter logs: an address family, and items of which one is the packet
/// (LINKTYPE_NFLOG).
enum NFLOG {
  private static let payload: UInt16 = 9

  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(4, at: offset)
    let family = frame[offset]
    // Unspecified, IPv4, bridge, IPv6: the packet of each begins with its network header.
    guard frame[offset + 1] == 0, [0, 2, 7, 10].contains(family) else { throw .notIP }
    offset += 4
    while true {
      try frame.need(4, at: offset)
      // The capturing host's order: a length, then a type, which is small; the items of type 0 are
      // short.
      let isBigEndian =
        frame[offset + 2] & 0x7F == 0 && (frame[offset + 3] != 0 || frame[offset] == 0)
      let (length, type) = (frame.uint16(at: offset), frame.uint16(at: offset + 2))
      let octets = Int(isBigEndian ? length : length.byteSwapped)
      guard octets >= 4 else { throw .invalidHeader }
      if (isBigEndian ? type : type.byteSwapped) & 0x7FFF == payload {
        offset += 4
        return .ip
      }
      offset += (octets + 3) & ~3
    }
  }
}
