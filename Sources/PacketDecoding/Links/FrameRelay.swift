/// Frame Relay (ITU-T Q.922), with RFC 2427's encapsulation or Cisco's.
enum FrameRelay {
  /// The same behind an octet for the direction (LINKTYPE_FRELAY_WITH_DIR).
  static func stepWithDirection(
    in frame: Span<UInt8>, over offset: inout Int
  ) throws(Undecoded) -> Layer {
    offset += 1
    return .frameRelay
  }

  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    // An address of two to four octets: the last is odd.
    var octets = 1
    try frame.need(1, at: offset)
    while frame[offset + octets - 1] & 1 == 0 {
      guard octets < 4 else { throw .notIP }
      octets += 1
      try frame.need(octets, at: offset)
    }
    guard octets > 1 else { throw .notIP }
    offset += octets
    try frame.need(2, at: offset)
    guard frame[offset] == 0x03 else {
      let typeOffset = offset
      offset += 2
      return try EtherType.step(in: frame, typeAt: typeOffset, over: &offset)
    }
    // Unnumbered information, one octet of padding at most, and an NLPID.
    offset += frame[offset + 1] == 0 ? 2 : 1
    try frame.need(1, at: offset)
    let identifier = frame[offset]
    offset += 1
    return identifier == 0x80
      ? try LLC.stepOverSNAP(in: frame, over: &offset, bridgePadding: 0)
      : try LLC.layer(ofNetworkLayerProtocol: identifier)
  }
}
