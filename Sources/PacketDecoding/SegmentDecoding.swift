extension Segment {
  /// Decodes `frame` if a segment is what it holds; else this one means nothing after.
  ///
  /// In place, in a batch's own room: a segment that is returned is moved about.
  public mutating func decode(
    _ frame: Span<UInt8>, linkType: UInt16, originalLength: UInt32
  ) -> PacketDecoder.Content {
    do throws(Undecoded) {
      let offset = try LinkLayer.networkOffset(in: frame, linkType: linkType)
      let packet = frame.extracting(droppingFirst: offset)
      // What is known of a plain header beforehand makes the rest half as long.
      guard let header = IPHeader(plainIPv4: packet) else {
        let onWire = PacketDecoder.lengthOnWire(frame, from: offset, originalLength)
        return try decode(ipv6OrOther: packet, lengthOnWire: onWire)
      }
      try decode(tcp: packet.extracting(droppingFirst: 20), in: header)
      return .segment
    } catch {
      return .undecoded(error)
    }
  }

  // By itself: where the TCP header is decoded twice, the compiler inlines it but once.
  @inline(never)
  private mutating func decode(
    ipv6OrOther packet: Span<UInt8>, lengthOnWire: Int
  ) throws(Undecoded) -> PacketDecoder.Content {
    guard let header = IPHeader(plainIPv6: packet) else {
      return try decode(packet: packet, lengthOnWire: lengthOnWire)
    }
    try decode(tcp: packet.extracting(droppingFirst: 40), in: header)
    return .segment
  }

  /// Decodes `packet` from its IP header up, plain or not.
  @inline(never)
  mutating func decode(
    packet: Span<UInt8>, lengthOnWire: Int
  ) throws(Undecoded) -> PacketDecoder.Content {
    let header = try IPHeader(decoding: packet, lengthOnWire: lengthOnWire)
    switch header.protocolNumber {
    case IPProtocol.tcp:
      try decode(tcp: packet.extracting(droppingFirst: header.length), in: header)
      return .segment
    case IPProtocol.icmp, IPProtocol.icmpv6: return .icmpError
    default: return try decode(tunnel: packet, lengthOnWire: lengthOnWire)
    }
  }
}
