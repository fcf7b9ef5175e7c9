/// A mobile network's user plane: version 1 (3GPP TS 29.281 §5.1), and 0 before it (TS 09.60).
enum GTP {
  /// The message that carries a user's packet.
  private static let userPacket: UInt8 = 255

  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(8, at: offset)
    let flags = frame[offset]
    // The protocol type that is not the charging protocol's.
    guard flags & 0x10 != 0, frame[offset + 1] == userPacket else { throw .notTCP }
    switch flags >> 5 {
    case 0: offset += 20
    case 1:
      offset += 8
      // Sequence, N-PDU number and next extension are there together, if one of them is.
      if flags & 0x07 != 0 {
        try frame.need(4, at: offset)
        offset += 4
        if flags & 0x04 != 0 { try stepOverExtensions(in: frame, over: &offset) }
      }
    default: throw .notTCP
    }
    try frame.need(2, at: offset)
    switch frame[offset] >> 4 {
    case 4, 6: return .ip
    case 0xF where frame.uint16(at: offset) == 0xFF03: return .ppp
    // Ethernet and unstructured sessions do not tell themselves.
    default: throw .unsupportedEncapsulation
    }
  }

  /// Each extension begins with its length in words, and ends with the type of the next.
  private static func stepOverExtensions(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) {
    while frame[offset - 1] != 0 {
      try frame.need(1, at: offset)
      let octets = Int(frame[offset]) * 4
      guard octets > 0 else { throw .invalidHeader }
      try frame.need(octets, at: offset)
      offset += octets
    }
  }
}
