/// Tags of bridges and switches beside those of VLANs; behind each is a type or a whole frame.
enum BridgeTags {
  /// A tag of so many octets, and a type: VN-Tag, the E-Tag of 802.1BR, Cisco's metadata, HSR's.
  static func step(
    in frame: Span<UInt8>, over offset: inout Int, octets: Int
  ) throws(Undecoded) -> Layer {
    try frame.need(octets + 2, at: offset)
    let typeOffset = offset + octets
    offset = typeOffset + 2
    return try EtherType.step(in: frame, typeAt: typeOffset, over: &offset)
  }

  /// The service tag of provider backbone bridges (IEEE 802.1Q §9.7), before a customer's frame.
  static func stepBackbone(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    try frame.need(4, at: offset)
    offset += 4
    return .ethernet
  }

  /// TRILL (RFC 6325 §3): the length of its options in words is spread over two octets.
  static func stepTRILL(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(6, at: offset)
    offset += 6 + Int(frame.uint16(at: offset) >> 6 & 0x1F) * 4
    return .ethernet
  }

  /// Cisco's FabricPath: a tag of two octets behind the outer addresses and the type.
  static func stepFabricPath(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    try frame.need(2, at: offset)
    offset += 2
    return .ethernet
  }
}

/// MACsec (IEEE 802.1AE §9): a tag of 6 octets, or 14 with the channel's identifier.
enum MACsec {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(6, at: offset)
    let control = frame[offset]
    // Encrypted, or changed: only frames that are merely authenticated can be read.
    guard control & 0x0C == 0 else { throw .encrypted }
    return try BridgeTags.step(in: frame, over: &offset, octets: control & 0x20 == 0 ? 6 : 14)
  }
}

/// The network service header, which tells its length in words and what is behind (RFC 8300 §2).
enum ServiceChain {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(4, at: offset)
    let words = Int(frame[offset + 1] & 0x3F)
    guard words >= 2 else { throw .invalidHeader }
    let next = frame[offset + 3]
    offset += words * 4
    return try layer(of: next)
  }

  /// What a protocol number of this header, or of VXLAN's generic one, announces.
  static func layer(of number: UInt8) throws(Undecoded) -> Layer {
    switch number {
    case 1, 2: .ip
    case 3: .ethernet
    case 4: .serviceChain
    case 5: .mpls
    default: throw .notIP
    }
  }
}
