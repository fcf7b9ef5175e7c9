/// Ethernet, types and lengths, with any stack of VLAN tags (IEEE 802.3, 802.1Q).
@usableFromInline
enum Ethernet {
  /// Whether an IPv4 packet follows the 14 octets of a header without tags.
  // The number itself: a constant is not inlined in other modules.
  @inlinable @inline(__always)
  static func holdsIPv4(_ frame: Span<UInt8>) -> Bool {
    frame.count >= 14 && frame.uint16(at: 12) == 0x0800
  }

  @inline(__always)
  static func networkOffset(in frame: Span<UInt8>) throws(Undecoded) -> Int {
    guard frame.count >= 14 else { throw .truncated }
    let type = frame.uint16(at: 12)
    if type == EtherType.ipv4 || type == EtherType.ipv6 { return 14 }
    return try networkOffsetBehindTags(in: frame)
  }

  private static func networkOffsetBehindTags(
    in frame: Span<UInt8>
  ) throws(Undecoded) -> Int {
    try EtherType.networkOffset(in: frame, typeAt: 12, from: 14)
  }
}
