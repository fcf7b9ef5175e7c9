/// What Juniper's routers write before a frame (LINKTYPE_JUNIPER_ETHER and its kin).
enum Juniper {
  private static let magic: UInt32 = 0x4D47_4300

  static func step(
    in frame: Span<UInt8>, over offset: inout Int, linkType: UInt16
  ) throws(Undecoded) -> Layer {
    try frame.need(4, at: offset)
    let word = frame.uint32(at: offset)
    guard word & 0xFFFF_FF00 == magic else { throw .invalidHeader }
    offset += 4
    // Extensions: their length, then they.
    if word & 0x80 != 0 {
      try frame.need(2, at: offset)
      offset += 2 + Int(frame.uint16(at: offset))
    }
    guard word & 0x02 == 0 else {
      // No link layer: a protocol in its place, in the router's order.
      try frame.need(4, at: offset)
      let number = frame.uint32(at: offset).byteSwapped
      offset += 4
      return try layer(of: number)
    }
    return switch linkType {
    case 178: .ethernet
    case 179: .ppp
    case 180: .frameRelay
    default: .ciscoHDLC
    }
  }

  /// Juniper's own numbers.
  private static func layer(of number: UInt32) throws(Undecoded) -> Layer {
    switch number {
    case 2, 3, 6, 7: .ip
    case 4, 5, 8, 32: .mpls
    case 200: .ppp
    case 202, 203: .llc
    case 204: .ethernet
    case 207: .frameRelay
    case 208: .ciscoHDLC
    default: throw .notIP
    }
  }
}
