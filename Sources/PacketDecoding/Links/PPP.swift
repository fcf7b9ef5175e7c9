/// PPP, with or without its HDLC-like framing (RFC 1661 §2, RFC 1662 §3.1).
enum PPP {
  /// The same with the direction in place of the address (LINKTYPE_PPP_PPPD).
  static func stepOfDaemon(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    offset += 2
    return try step(in: frame, over: &offset)
  }

  /// The same behind an octet for the direction (LINKTYPE_PPP_WITH_DIR).
  static func stepWithDirection(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    offset += 1
    return try step(in: frame, over: &offset)
  }

  /// Steps over the headers at `offset`; Cisco's HDLC may stand in their place.
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(2, at: offset)
    switch frame[offset] {
    case CiscoHDLC.unicast, CiscoHDLC.multicast: return .ciscoHDLC
    // The address "all stations", and a control octet: 0x03, or what a careless device sends.
    case 0xFF: offset += 2
    default: break
    }
    try frame.need(1, at: offset)
    // An odd first octet is a protocol field compressed to one octet (RFC 1661 §6.5).
    let number: UInt16
    if frame[offset] & 1 == 1 {
      number = UInt16(frame[offset])
      offset += 1
    } else {
      try frame.need(2, at: offset)
      number = frame.uint16(at: offset)
      offset += 2
    }
    switch number {
    // IPv4 (RFC 1332 §2), IPv6 (RFC 5072 §2), and the EtherTypes that some devices send instead.
    case 0x0021, 0x0057, EtherType.ipv4, EtherType.ipv6: return .ip
    // MPLS (RFC 3032 §4.3).
    case 0x0281, 0x0283: return .mpls
    // Bridging (RFC 3518 §4.1): flags of which one tells control messages, and IEEE 802.3's number.
    case 0x0031:
      try frame.need(2, at: offset)
      guard frame[offset] & 0x10 == 0, frame[offset + 1] == 1 else { throw .notIP }
      offset += 2
      return .ethernet
    // Multilink (RFC 1990 §3): four octets whose first bits tell beginning and end of a packet.
    case 0x003D:
      try frame.need(4, at: offset)
      guard frame[offset] & 0xC0 == 0xC0 else { throw .unsupportedEncapsulation }
      offset += 4
      return .ppp
    // Van Jacobson compression (RFC 1332 §4).
    case 0x002D, 0x002F: throw .unsupportedEncapsulation
    // Encryption (RFC 1968 §4), and compression, which mostly means Microsoft's encryption
    // (RFC 3078).
    case 0x0053, 0x00FD: throw .encrypted
    default: throw .notIP
    }
  }
}
