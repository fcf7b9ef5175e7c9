/// PPP in UDP (RFC 2661 §3.1).
///
/// Version 3 leaves it to its control messages what it carries.
enum L2TP {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(6, at: offset)
    let flags = frame.uint16(at: offset)
    guard flags & 0x8000 == 0 else { throw .notTCP }
    switch flags & 0x000F {
    case 2: break
    case 3: throw .unsupportedEncapsulation
    default: throw .notTCP
    }
    // A length, the tunnel and the session, two sequence numbers, an offset.
    offset += flags & 0x4000 == 0 ? 6 : 8
    if flags & 0x0800 != 0 { offset += 4 }
    if flags & 0x0200 != 0 {
      try frame.need(2, at: offset)
      offset += 2 + Int(frame.uint16(at: offset))
    }
    return .ppp
  }
}
