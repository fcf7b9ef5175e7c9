/// Cisco's framing of serial lines: address, control, EtherType (RFC 1547 §4.3.1).
enum CiscoHDLC {
  /// The addresses that tell it from PPP on the same line (LINKTYPE_PPP_HDLC).
  static let unicast: UInt8 = 0x0F
  static let multicast: UInt8 = 0x8F

  static func networkOffset(
    in frame: Span<UInt8>, from start: Int = 0
  ) throws(Undecoded) -> Int {
    guard frame.count >= start + 4 else { throw .truncated }
    return try EtherType.networkOffset(in: frame, typeAt: start + 2, from: start + 4)
  }
}
