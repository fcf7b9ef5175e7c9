/// ARCnet: two addresses of an octet, a protocol, and with most protocols a count of fragments.
enum ARCnet {
  /// Linux leaves two octets between the addresses and the protocol.
  static func stepLinux(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    offset += 4
    return try stepOverProtocol(in: frame, over: &offset)
  }

  static func stepBSD(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    offset += 2
    return try stepOverProtocol(in: frame, over: &offset)
  }

  private static func stepOverProtocol(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    try frame.need(1, at: offset)
    switch frame[offset] {
    // RFC 1051: nothing more.
    case 240:
      offset += 1
      return .ip
    // RFC 1201 §3: IPv4, IPv6 (RFC 2497).
    case 212, 196: break
    default: throw .notIP
    }
    try frame.need(4, at: offset)
    // A frame of an awkward length says so, and begins again.
    if frame[offset + 1] == 0xFF {
      offset += 4
      try frame.need(4, at: offset)
    }
    guard frame[offset + 1] == 0 else { throw .unsupportedEncapsulation }
    offset += 4
    return .ip
  }
}
