/// PPP, with or without its HDLC-like framing (RFC 1661 §2, RFC 1662 §3.1).
enum PPP {
  static func networkOffset(in frame: Span<UInt8>) throws(Undecoded) -> Int {
    guard frame.count >= 2 else { throw .truncated }
    var offset = frame[0] == 0xFF && frame[1] == 0x03 ? 2 : 0
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
    // IPv4 (RFC 1332 §2), IPv6 (RFC 5072 §2).
    case 0x0021, 0x0057: return offset
    // Van Jacobson compression (RFC 1332 §4), MPLS (RFC 3032 §4.3).
    case 0x002D, 0x002F, 0x0281, 0x0283: throw .unsupportedEncapsulation
    default: throw .notIP
    }
  }
}
