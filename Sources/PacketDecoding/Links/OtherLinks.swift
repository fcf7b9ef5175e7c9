/// Link layers that a few lines read.
enum OtherLinks {
  /// IP over InfiniBand (RFC 4391 §6) behind a global routing header: LINKTYPE_IPOIB.
  static func stepInfiniBand(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    try typed(in: frame, over: &offset, at: 40, headerLength: 44)
  }

  /// IP over IEEE 1394 as macOS captures it: two addresses of 8 octets and a type.
  static func stepFireWire(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    try typed(in: frame, over: &offset, at: 16, headerLength: 18)
  }

  /// Symantec's firewalls: the type's place tells the header's length.
  static func stepSymantec(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    try frame.need(8, at: offset)
    return frame.uint16(at: offset + 6) != 0
      ? try typed(in: frame, over: &offset, at: 6, headerLength: 44)
      : try typed(in: frame, over: &offset, at: 20, headerLength: 56)
  }

  /// A header of so many octets with an EtherType in it.
  private static func typed(
    in frame: Span<UInt8>, over offset: inout Int, at place: Int, headerLength: Int
  ) throws(Undecoded) -> Layer {
    try frame.need(headerLength, at: offset)
    let typeOffset = offset + place
    offset += headerLength
    return try EtherType.step(in: frame, typeAt: typeOffset, over: &offset)
  }

  /// IP over Fibre Channel (RFC 4338 §4): two addresses of 8 octets, then LLC.
  static func stepFibreChannel(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    try frame.need(16, at: offset)
    offset += 16
    return .llc
  }

  /// Hilscher's analyzers: four octets, a preamble of eight if they keep it, then Ethernet.
  static func stepNetANALYZER(
    in frame: Span<UInt8>, over offset: inout Int, hasPreamble: Bool
  ) throws(Undecoded) -> Layer {
    let octets = hasPreamble ? 12 : 4
    try frame.need(octets, at: offset)
    offset += octets
    return .ethernet
  }

  /// macOS's packet tap: a header that tells its length and the link type behind it.
  static func stepPacketTap(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    try frame.need(12, at: offset)
    let octets = Int(frame.uint32(at: offset).byteSwapped)
    guard octets >= 12 else { throw .invalidHeader }
    // Other records than 1 hold no packet.
    guard frame.uint32(at: offset + 4).byteSwapped == 1 else { throw .notIP }
    let linkType = frame.uint32(at: offset + 8).byteSwapped
    offset += octets
    return try LinkLayer.layer(ofInner: linkType)
  }

  /// OpenBSD's log of its packet filter: a length that leaves padding out, a family, then IP.
  static func stepPFLOG(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(2, at: offset)
    let (octets, family) = (Int(frame[offset]), frame[offset + 1])
    guard [2, 24, 28, 30].contains(family) else { throw .notIP }
    guard octets >= 2 else { throw .invalidHeader }
    offset += (octets + 3) & ~3
    return .ip
  }

  /// OpenBSD's enc(4), decrypted IPsec: family, index and flags of 4 octets each, then IP.
  static func stepIPsecDevice(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    try frame.need(12, at: offset)
    offset += 12
    return .ip
  }

  /// Linux' classical IP over ATM, with LLC or without.
  static func stepCLIP(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(1, at: offset)
    return frame[offset] == 0xAA ? .llc : .ip
  }

  /// Solaris's IP observability: version, family, and where the packet was seen, then IP.
  static func stepIPNet(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(24, at: offset)
    offset += 24
    return .ip
  }

  /// Cable modems: frame control, a length of extensions, a length, those, and a check sequence.
  static func stepDOCSIS(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(6, at: offset)
    let control = frame[offset]
    // Frames of packets; others hold the modem's own messages.
    guard control >> 6 == 0 else { throw .notIP }
    offset += 6 + (control & 1 == 1 ? Int(frame[offset + 1]) : 0)
    return .ethernet
  }
}
