/// PPP, with or without its HDLC-like framing (RFC 1661 §2, RFC 1662 §3.1).
enum PPP {
  /// Follows the headers that begin at octet `start`; Cisco's HDLC may stand in their place.
  static func networkOffset(
    in frame: Span<UInt8>, from start: Int = 0
  ) throws(Undecoded) -> Int {
    guard frame.count >= start + 2 else { throw .truncated }
    var offset = start
    switch frame[start] {
    case CiscoHDLC.unicast, CiscoHDLC.multicast:
      return try CiscoHDLC.networkOffset(in: frame, from: start)
    // The address "all stations", and a control octet: 0x03, or what a careless device sends.
    case 0xFF: offset += 2
    default: break
    }
    guard frame.count > offset else { throw .truncated }
    // An odd first octet is a protocol field compressed to one octet (RFC 1661 §6.5).
    let number: UInt16
    if frame[offset] & 1 == 1 {
      number = UInt16(frame[offset])
      offset += 1
    } else {
      guard frame.count >= offset + 2 else { throw .truncated }
      number = frame.uint16(at: offset)
      offset += 2
    }
    switch number {
    // IPv4 (RFC 1332 §2), IPv6 (RFC 5072 §2), and the EtherTypes that some devices send instead.
    case 0x0021, 0x0057, EtherType.ipv4, EtherType.ipv6: return offset
    // Van Jacobson compression (RFC 1332 §4), MPLS (RFC 3032 §4.3).
    case 0x002D, 0x002F, 0x0281, 0x0283: throw .unsupportedEncapsulation
    default: throw .notIP
    }
  }
}
