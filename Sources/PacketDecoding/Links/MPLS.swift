/// A stack of MPLS labels (RFC 3032 §2.1).
///
/// Nothing tells what is behind it: the first half octet has to (RFC 4928 §3).
enum MPLS {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    var isBottom = false
    while !isBottom {
      try frame.need(4, at: offset)
      isBottom = frame[offset + 2] & 1 == 1
      offset += 4
    }
    try frame.need(1, at: offset)
    switch frame[offset] >> 4 {
    // So may a frame's address begin.
    case 4, 6: return Pseudowire.isEthernet(in: frame, at: offset) ? .ethernet : .ip
    // An associated channel: control messages of the pseudowire (RFC 4385 §5).
    case 1:
      try frame.need(14, at: offset)
      guard Pseudowire.hasKnownType(in: frame, at: offset) else { throw .notIP }
      return .ethernet
    default: return .pseudowire
    }
  }
}

/// Ethernet over MPLS, with or without a control word (RFC 4448 §4).
enum Pseudowire {
  /// Which of the two only its ends know: the type behind the addresses has to tell.
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(18, at: offset)
    let mayBeControlWord = frame[offset] >> 4 == 0
    if mayBeControlWord,
      !hasKnownType(in: frame, at: offset) || hasKnownType(in: frame, at: offset + 4)
    {
      offset += 4
    }
    return .ethernet
  }

  /// Whether what begins like an IP header is an Ethernet frame rather: its type is in place, and
  /// the IP header would be damaged.
  static func isEthernet(in frame: Span<UInt8>, at offset: Int) -> Bool {
    guard frame.count >= offset + 20, hasKnownType(in: frame, at: offset) else { return false }
    if frame[offset] >> 4 == 6 {
      return frame.count - offset < 40 + Int(frame.uint16(at: offset + 4))
    }
    let end = offset + Int(frame[offset] & 0xF) * 4
    guard end >= offset + 20, end <= frame.count else { return true }
    // The checksum of an IPv4 header makes the sum of all its words -0 (RFC 1071).
    let sum = stride(from: offset, to: end, by: 2).reduce(0) { $0 + Int(frame.uint16(at: $1)) }
    return sum % 0xFFFF != 0
  }

  /// Whether an Ethernet frame at `offset` would have a type that is common.
  static func hasKnownType(in frame: Span<UInt8>, at offset: Int) -> Bool {
    guard frame.count >= offset + 14 else { return false }
    let type = frame.uint16(at: offset + 12)
    switch type {
    case EtherType.ipv4, EtherType.ipv6, 0x0806, 0x8847, 0x8848, 0x8863, 0x8864: return true
    default: return EtherType.isTag(type)
    }
  }
}
