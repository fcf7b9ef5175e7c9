/// PPP over Ethernet, its session stage (RFC 2516 §4).
enum PPPoE {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(6, at: offset)
    // Version and type 1; any other code is not of a session.
    guard frame[offset] == 0x11, frame[offset + 1] == 0 else { throw .notIP }
    offset += 6
    return .ppp
  }
}
