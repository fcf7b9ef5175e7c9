/// Generic routing encapsulation (RFC 2784, RFC 2890), as RFC 1701 and PPTP (RFC 2637) have it too.
enum GRE {
  private struct Flags: OptionSet {
    let rawValue: UInt16
    static let checksum = Self(rawValue: 0x8000)
    static let routing = Self(rawValue: 0x4000)
    static let key = Self(rawValue: 0x2000)
    static let sequence = Self(rawValue: 0x1000)
    static let acknowledgment = Self(rawValue: 0x0080)
  }

  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(4, at: offset)
    let word = frame.uint16(at: offset)
    let flags = Flags(rawValue: word)
    let type = frame.uint16(at: offset + 2)
    let version = word & 0x7
    guard version <= 1 else { throw .unsupportedEncapsulation }
    offset += 4
    if !flags.isDisjoint(with: [.checksum, .routing]) { offset += 4 }
    if flags.contains(.key) { offset += 4 }
    if flags.contains(.sequence) { offset += 4 }
    if version == 1 {
      if flags.contains(.acknowledgment) { offset += 4 }
      // Without a sequence number it only acknowledges.
      guard flags.contains(.sequence) else { throw .notTCP }
    }
    if flags.contains(.routing) { try stepOverRoute(in: frame, over: &offset) }
    switch type {
    case 0x88BE:
      // Without sequence numbers it is of type I, which has no header of its own.
      return flags.contains(.sequence) ? .erspan : .ethernet
    case 0x883E:
      // WCCP may put four octets before the packet, which then do not look like IPv4.
      try frame.need(1, at: offset)
      if frame[offset] >> 4 != 4 { offset += 4 }
      return .ip
    default: return try layer(of: type)
    }
  }

  /// The key in the header at `start` of `frame` (RFC 2890 §2.1), if it has one that was captured.
  ///
  /// That of PPTP is none: it holds a length, and a number of one direction.
  static func key(in frame: Span<UInt8>, at start: Int) -> UInt32? {
    let word = frame.uint16(at: start)
    let flags = Flags(rawValue: word)
    guard flags.contains(.key), word & 0x7 == 0 else { return nil }
    let place = start + (flags.isDisjoint(with: [.checksum, .routing]) ? 4 : 8)
    return frame.count >= place + 4 ? frame.uint32(at: place) : nil
  }

  /// The header that a protocol type announces where no flag matters.
  static func layer(of type: UInt16) throws(Undecoded) -> Layer {
    switch type {
    case 0x880B, 0x88D2, 0x8881: .ppp
    case 0x6400: .ethernet
    case 0x6559: .frameRelay
    case 0x88BE: .erspan
    case 0x22EB: .erspan3
    // Aruba's access points: a number for each radio and queue.
    case 0x8200...0x8370 where type & 0xF == 0: .wlan
    // GRE has no lengths in the type's place.
    case ...EtherType.greatestLength: throw .notIP
    default: try EtherType.layer(of: type)
    }
  }

  /// Steps over source route entries, of which the last is empty (RFC 1701).
  private static func stepOverRoute(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) {
    var length: UInt8
    repeat {
      try frame.need(4, at: offset)
      length = frame[offset + 3]
      offset += 4 + Int(length)
    } while length > 0
  }
}

/// Mirrored frames in GRE (draft-foschiano-erspan).
enum ERSPAN {
  /// Type II, or type III with the other's protocol number.
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(1, at: offset)
    switch frame[offset] >> 4 {
    case 1:
      try frame.need(8, at: offset)
      offset += 8
      return .ethernet
    case 2: return .erspan3
    default: throw .unsupportedEncapsulation
    }
  }

  static func stepType3(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(12, at: offset)
    let word = frame.uint16(at: offset + 10)
    // The last bit announces eight octets more.
    offset += word & 1 == 1 ? 20 : 12
    switch word >> 10 & 0x1F {
    case 0: return .ethernet
    case 2: return .ip
    default: throw .unsupportedEncapsulation
    }
  }
}

/// Ethernet in IP (RFC 3378 §2): version 3 and nothing else.
enum EtherIP {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(2, at: offset)
    guard frame[offset] >> 4 == 3 else { throw .notTCP }
    offset += 2
    return .ethernet
  }
}
