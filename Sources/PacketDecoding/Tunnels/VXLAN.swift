/// Ethernet in UDP (RFC 7348 §5), and the extension that names what is inside (VXLAN-GPE).
enum VXLAN {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    _ = try stepOverFlags(in: frame, over: &offset)
    return .ethernet
  }

  static func stepGPE(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    let next = offset + 3
    let flags = try stepOverFlags(in: frame, over: &offset)
    return flags & 0x04 == 0 ? .ethernet : try ServiceChain.layer(of: frame[next])
  }

  private static func stepOverFlags(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> UInt8 {
    try frame.need(8, at: offset)
    let flags = frame[offset]
    // A network identifier must be there: by this a stray datagram is told.
    guard flags & 0x08 != 0 else { throw .notTCP }
    offset += 8
    return flags
  }
}

/// Any EtherType in UDP, behind options of a stated length (RFC 8926 §3.4).
enum Geneve {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(8, at: offset)
    guard frame[offset] >> 6 == 0 else { throw .notTCP }
    let type = frame.uint16(at: offset + 2)
    offset += 8 + Int(frame[offset] & 0x3F) * 4
    guard type > EtherType.greatestLength else { throw .notIP }
    return try EtherType.layer(of: type)
  }
}

/// Locator and identifier separated (RFC 9300 §5): 8 octets before IP.
enum LISP {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(9, at: offset)
    let version = frame[offset + 8] >> 4
    guard version == 4 || version == 6 else { throw .notTCP }
    offset += 8
    return .ip
  }
}
