/// FDDI (ISO 9314-2 §7.2): frame control, addresses, LLC.
enum FDDI {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(13, at: offset)
    // LLC frames, asynchronous or synchronous, with addresses of 48 bits.
    guard frame[offset] & 0x70 == 0x50 else { throw .notIP }
    offset += 13
    return .llc
  }
}

/// Token Ring (IEEE 802.5 §3): access and frame control, addresses, a route, LLC.
enum TokenRing {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(14, at: offset)
    guard frame[offset + 1] & 0xC0 == 0x40 else { throw .notIP }
    let isRouted = frame[offset + 8] & 0x80 != 0
    offset += 14
    guard isRouted else { return .llc }
    try frame.need(1, at: offset)
    // The route tells its own length, which takes in the two octets that tell it.
    let octets = Int(frame[offset] & 0x1F)
    guard octets >= 2 else { throw .invalidHeader }
    offset += octets
    return .llc
  }
}
