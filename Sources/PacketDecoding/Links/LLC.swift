/// Logical link control (IEEE 802.2), with or without SNAP behind it (IEEE 802, RFC 1042).
enum LLC {
  static func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    try frame.need(3, at: offset)
    let (destination, source) = (frame[offset], frame[offset + 1])
    // Unnumbered information, or a numbered information frame: nothing else carries a packet.
    let control = frame[offset + 2]
    guard control == 0x03 || control & 1 == 0 else { throw .notIP }
    offset += control == 0x03 ? 3 : 4
    switch destination {
    case 0xAA where source == 0xAA:
      return try stepOverSNAP(in: frame, over: &offset, bridgePadding: 2)
    // IP without SNAP (RFC 948).
    case 0x06: return .ip
    // A network layer protocol identifier follows (RFC 2684 §5.1).
    case 0xFE:
      try frame.need(1, at: offset)
      let identifier = frame[offset]
      offset += 1
      return try layer(ofNetworkLayerProtocol: identifier)
    default: throw .notIP
    }
  }

  /// Steps over an organisation and its protocol number.
  ///
  /// Before a bridged frame stand two octets of padding (RFC 2684 §5.2), unless in Frame Relay.
  static func stepOverSNAP(
    in frame: Span<UInt8>, over offset: inout Int, bridgePadding: Int
  ) throws(Undecoded) -> Layer {
    try frame.need(5, at: offset)
    let start = offset
    let organisation = UInt32(frame[offset]) << 16 | UInt32(frame.uint16(at: offset + 1))
    let typeOffset = offset + 3
    offset += 5
    let number = frame.uint16(at: typeOffset)
    switch (organisation, number) {
    // EtherTypes, the second from bridges that translate (IEEE 802.1H).
    case (0x00_0000, _) where number > EtherType.greatestLength,
      (0x00_00F8, _) where number > EtherType.greatestLength:
      return try EtherType.step(in: frame, typeAt: typeOffset, over: &offset)
    // Bridged Ethernet, with and without its check sequence (RFC 2427 §4.2).
    case (0x00_80C2, 0x0001), (0x00_80C2, 0x0007):
      offset += bridgePadding
      return .ethernet
    // Cisco's ISL, whose receivers have addresses of their own: a VLAN, two numbers, a frame.
    case (0x00_000C, _) where isInterSwitchLink(frame, behind: start):
      offset += 4
      return .ethernet
    default: throw .notIP
    }
  }

  /// Whether the frame whose SNAP header begins at `start` goes to 0x01000C0000 or 0x0C000C0000.
  private static func isInterSwitchLink(_ frame: Span<UInt8>, behind start: Int) -> Bool {
    // Addresses and length, and LLC, are before it.
    let receiver = start - 17
    guard receiver >= 0, frame[receiver + 4] == 0 else { return false }
    return [0x0100_0C00, 0x0C00_0C00].contains(frame.uint32(at: receiver))
  }

  /// What an NLPID announces (RFC 2427 §4, ISO/IEC TR 9577).
  static func layer(ofNetworkLayerProtocol identifier: UInt8) throws(Undecoded) -> Layer {
    switch identifier {
    case 0xCC, 0x8E: .ip
    case 0xCF: .ppp
    default: throw .notIP
    }
  }
}
