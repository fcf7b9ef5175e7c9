extension Segment {
  /// Decodes `frame`, and whose the segment is into `tuple`, if a segment is what it holds; else
  /// both mean nothing after.
  ///
  /// In place, in a batch's own room: a segment that is returned is moved about. `seed` is
  /// `FlowKey.seed`: to look for it with each packet would be the only call that most take.
  @inlinable @inline(__always)
  public mutating func decode(
    _ frame: Span<UInt8>, linkType: UInt16, originalLength: UInt32, seed: UInt64,
    tuple: inout Tuple
  ) -> PacketDecoder.Content {
    if frame.count >= 54, Ethernet.holdsIPv4(frame), linkType == 1,
      decode(plainIPv4: frame, at: 14, seed: seed, tuple: &tuple)
    {
      return .segment
    }
    return decode(
      any: frame, linkType: linkType, originalLength: originalLength, seed: seed, tuple: &tuple)
  }

  // By itself, as is each way that fewer packets take: the ones before would pay for the room that
  // this needs.
  @usableFromInline @inline(never)
  mutating func decode(
    any frame: Span<UInt8>, linkType: UInt16, originalLength: UInt32, seed: UInt64,
    tuple: inout Tuple
  ) -> PacketDecoder.Content {
    do throws(Undecoded) {
      let offset = try LinkLayer.networkOffset(in: frame, linkType: linkType)
      let packet = frame.extracting(droppingFirst: offset)
      if decode(plainIPv4: packet, at: 0, seed: seed, tuple: &tuple) { return .segment }
      let onWire = PacketDecoder.lengthOnWire(frame, from: offset, originalLength)
      return try decode(ipv6OrOther: packet, lengthOnWire: onWire, seed: seed, tuple: &tuple)
    } catch {
      return .undecoded(error)
    }
  }

  @inline(never)
  private mutating func decode(
    ipv6OrOther packet: Span<UInt8>, lengthOnWire: Int, seed: UInt64, tuple: inout Tuple
  ) throws(Undecoded) -> PacketDecoder.Content {
    if decode(plainIPv6: packet, seed: seed, tuple: &tuple) { return .segment }
    return try decode(packet: packet, lengthOnWire: lengthOnWire, tuple: &tuple)
  }

  /// Decodes `packet` from its IP header up, plain or not.
  @inline(never)
  mutating func decode(
    packet: Span<UInt8>, lengthOnWire: Int, tuple: inout Tuple
  ) throws(Undecoded) -> PacketDecoder.Content {
    let header = try IPHeader(decoding: packet, lengthOnWire: lengthOnWire)
    if header.isFragment, Tunnel.mayLeadToTCP(header) { return .fragment }
    switch header.protocolNumber {
    case IPProtocol.tcp:
      try decode(
        tcp: packet.extracting(droppingFirst: header.length), in: header, tuple: &tuple)
      return .segment
    case IPProtocol.icmp, IPProtocol.icmpv6: return .icmpError
    default: return try decode(tunnel: packet, lengthOnWire: lengthOnWire, tuple: &tuple)
    }
  }
}
