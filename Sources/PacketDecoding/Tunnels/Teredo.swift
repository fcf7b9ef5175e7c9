/// IPv6 in UDP through address translators (RFC 4380 §5.1.1).
enum Teredo {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(2, at: offset)
    // Authentication: lengths of an identifier and a value, and nine octets beside them.
    if frame.uint16(at: offset) == 0x0001 {
      try frame.need(4, at: offset)
      offset += 13 + Int(frame[offset + 2]) + Int(frame[offset + 3])
      try frame.need(2, at: offset)
    }
    // Where the packet came from.
    if frame.uint16(at: offset) == 0x0000 { offset += 8 }
    try frame.need(1, at: offset)
    guard frame[offset] >> 4 == 6 else { throw .notTCP }
    return .ip
  }
}

/// SixXS's tunnel (draft-massar-v6ops-ayiya): identity and signature of stated lengths.
enum AYIYA {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(8, at: offset)
    let isForwarding = frame[offset + 2] & 0x0F == 1
    let next = frame[offset + 3]
    guard isForwarding, next == IPProtocol.ipv4 || next == IPProtocol.ipv6 else { throw .notTCP }
    offset += 8 + 1 << Int(frame[offset] >> 4) + Int(frame[offset + 1] >> 4) * 4
    return .ip
  }
}
