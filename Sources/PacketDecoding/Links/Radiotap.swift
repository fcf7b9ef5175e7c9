/// What a radio said of an 802.11 frame, in little-endian order (LINKTYPE_IEEE802_11_RADIOTAP).
enum Radiotap {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(8, at: offset)
    let start = offset
    let length = Int(frame.uint16(at: start + 2).byteSwapped)
    guard length >= 8 else { throw .invalidHeader }
    try frame.need(length, at: start)
    offset += length
    let flags = Self.flags(in: frame.extracting(start..<offset))
    return flags & 0x20 == 0 ? .wlan : .paddedWLAN
  }

  /// The field of flags, which stands behind the words that tell the fields, and a time.
  private static func flags(in header: Span<UInt8>) -> UInt8 {
    let present = header.uint32(at: 4).byteSwapped
    guard present & 0x2 != 0 else { return 0 }
    var place = 8
    var word = present
    while word >> 31 == 1, place + 4 <= header.count {
      word = header.uint32(at: place).byteSwapped
      place += 4
    }
    if present & 0x1 != 0 { place = (place + 7) & ~7 + 8 }
    return place < header.count ? header[place] : 0
  }
}

/// Per-packet information: a header of a stated length around any link type (LINKTYPE_PPI).
enum PPI {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(8, at: offset)
    let length = Int(frame.uint16(at: offset + 2).byteSwapped)
    guard length >= 8 else { throw .invalidHeader }
    let linkType = frame.uint32(at: offset + 4).byteSwapped
    offset += length
    return try LinkLayer.layer(ofInner: linkType)
  }
}

/// The headers of Prism chips' drivers, and of AVS, before 802.11 frames.
enum Prism {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(8, at: offset)
    // Drivers that changed to AVS's header kept the link type.
    if isAVS(frame, at: offset) { return .avs }
    let isBigEndian = frame.uint32(at: offset) == 0x44
    let stated = frame.uint32(at: offset + 4)
    offset += try length(isBigEndian ? stated : stated.byteSwapped)
    return .wlan
  }

  static func stepAVS(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(8, at: offset)
    guard isAVS(frame, at: offset) else { throw .invalidHeader }
    offset += try length(frame.uint32(at: offset + 4))
    return .wlan
  }

  /// The magic number with its version, in network order.
  private static func isAVS(_ frame: Span<UInt8>, at offset: Int) -> Bool {
    frame.uint32(at: offset) & 0xFFFF_F000 == 0x8021_1000
  }

  private static func length(_ stated: UInt32) throws(Undecoded) -> Int {
    guard stated >= 8 else { throw .invalidHeader }
    return Int(stated)
  }
}
