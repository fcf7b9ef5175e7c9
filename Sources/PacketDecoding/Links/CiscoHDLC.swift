/// Cisco's framing of serial lines: address, control, EtherType (RFC 1547 §4.3.1).
enum CiscoHDLC {
  /// The addresses that tell it from PPP on the same line (LINKTYPE_PPP_HDLC).
  static let unicast: UInt8 = 0x0F
  static let multicast: UInt8 = 0x8F

  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(4, at: offset)
    let typeOffset = offset + 2
    offset += 4
    return try EtherType.step(in: frame, typeAt: typeOffset, over: &offset)
  }
}
