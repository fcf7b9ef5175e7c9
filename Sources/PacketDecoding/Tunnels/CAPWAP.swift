/// Frames of wireless access points in UDP (RFC 5415 §4.3).
enum CAPWAP {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(8, at: offset)
    // Version 0 without DTLS, or with it.
    switch frame[offset] {
    case 0: break
    case 1: throw .encrypted
    default: throw .notTCP
    }
    let flags = frame.uint16(at: offset + 2)
    // Keep-alives hold no frame; a fragment that is not the first, no header.
    guard flags & 0x0008 == 0 else { throw .notTCP }
    guard flags & 0x0080 == 0 || frame.uint16(at: offset + 6) >> 3 == 0 else {
      throw .laterFragment
    }
    let words = Int(frame[offset + 1] >> 3)
    guard words >= 2 else { throw .invalidHeader }
    offset += words * 4
    // Native frames are the radio's: IEEE 802.11's is number 1.
    guard flags & 0x0100 != 0 else { return .ethernet }
    guard flags >> 9 & 0x1F == 1 else { throw .unsupportedEncapsulation }
    return .swappedWLAN
  }
}
