/// Endace's extensible record format: 16 octets, extensions of 8, and by its type a frame.
enum ERF {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(16, at: offset)
    let type = frame[offset + 8]
    offset += 16
    var isExtended = type & 0x80 != 0
    while isExtended {
      try frame.need(8, at: offset)
      isExtended = frame[offset] & 0x80 != 0
      offset += 8
    }
    switch type & 0x7F {
    // Ethernet, plain or with a colour, begins with two octets more.
    case 2, 11, 16, 20:
      offset += 2
      return .ethernet
    // PPP or Cisco HDLC on SONET.
    case 1, 10, 15, 17: return .ppp
    case 22, 23: return .ip
    default: throw .notIP
    }
  }
}
