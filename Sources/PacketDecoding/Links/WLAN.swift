/// Data frames of wireless LANs (IEEE 802.11 §9.3.2).
enum WLAN {
  /// What a radio or an access point did to the header on its way.
  enum Variety {
    case plain
    /// It is a multiple of four octets.
    case padded
    /// The two octets of frame control changed places.
    case swapped
  }

  static func step(
    in frame: Span<UInt8>, over offset: inout Int, _ variety: Variety = .plain
  ) throws(Undecoded) -> Layer {
    try frame.need(2, at: offset)
    var (control, flags) = (frame[offset], frame[offset + 1])
    if variety == .swapped { (control, flags) = (flags, control) }
    // Version 0, a data frame, of a subtype that holds data.
    guard control & 0x4F == 0x08 else { throw .notIP }
    let start = offset
    var length = 24
    // Between two distribution systems a fourth address is needed.
    if flags & 0x03 == 0x03 { length += 6 }
    var (isAggregate, mayBeMesh) = (false, false)
    if control & 0x80 != 0 {
      try frame.need(length + 2, at: start)
      isAggregate = frame[start + length] & 0x80 != 0
      mayBeMesh = frame[start + length + 1] & 0x01 != 0 && flags & 0x02 != 0
      length += 2
      // The order bit of such frames announces an HT control field.
      if flags & 0x80 != 0 { length += 4 }
    }
    try frame.need(length, at: start)
    guard frame[start + 22] & 0x0F == 0 else { throw .laterFragment }
    guard flags & 0x40 == 0 else { throw .encrypted }
    offset += variety == .padded ? (length + 3) & ~3 : length
    if mayBeMesh { try stepOverMesh(in: frame, over: &offset) }
    if isAggregate { try stepIntoAggregate(in: frame, over: &offset) }
    return .llc
  }

  /// Mesh control (§9.2.4.8.3): flags, time to live, a sequence number, addresses as flags tell.
  ///
  /// The bit that announces it means something else outside of meshes; there, LLC follows.
  private static func stepOverMesh(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) {
    try frame.need(1, at: offset)
    let addresses = Int(frame[offset])
    if addresses <= 2 { offset += 6 + addresses * 6 }
  }

  /// An aggregate that holds one frame is as good as that frame; of several, no one speaks for all.
  private static func stepIntoAggregate(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) {
    try frame.need(14, at: offset)
    let end = offset + 14 + Int(frame.uint16(at: offset + 12))
    // What is left may be a check sequence; another frame is longer.
    guard frame.count - end < 14 else { throw .unsupportedEncapsulation }
    offset += 14
  }
}
