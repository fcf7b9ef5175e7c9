/// Nearly all packets: IP headers without any rarity, and TCP right behind them, all there is of
/// both headers captured.
///
/// One look at the length is enough for all fields. And no call is on the way of most: what needs
/// one stands at the end, so no register is saved before.
extension Segment {
  /// Decodes `packet` and gives true if it is plain; else this one means nothing after.
  @inline(__always)
  mutating func decode(plainIPv4 packet: Span<UInt8>, seed: UInt64, tuple: inout Tuple) -> Bool {
    guard packet.count >= 40, packet[0] == 0x45, packet[9] == IPProtocol.tcp,
      packet.uint16(at: 6) & 0x3FFF == 0
    else { return false }
    let (end, payload) = (Int(packet.uint16(at: 2)), Self.payload(of: packet, tcpAt: 20))
    guard payload >= 40, payload <= end else { return false }
    tuple = Tuple(
      ipv4: UInt64(packet.uint32(at: 12)) << 16 | UInt64(packet.uint16(at: 20)),
      UInt64(packet.uint32(at: 16)) << 16 | UInt64(packet.uint16(at: 22)), seed: seed)
    timeToLive = packet[8]
    identification = packet.uint16(at: 4)
    decode(plainTCP: packet, at: 20, payload: payload, end: end)
    return true
  }

  /// The same for IPv6.
  @inline(__always)
  mutating func decode(plainIPv6 packet: Span<UInt8>, seed: UInt64, tuple: inout Tuple) -> Bool {
    guard packet.count >= 60, packet[0] >> 4 == 6, packet[6] == IPProtocol.tcp else {
      return false
    }
    // Where the length is told elsewhere, it is 0 here, and has no room for a TCP header.
    let (end, payload) = (40 + Int(packet.uint16(at: 4)), Self.payload(of: packet, tcpAt: 40))
    guard payload >= 60, payload <= end else { return false }
    tuple = Tuple(
      ipv6: Endpoint(address: .v6(packet.uint128(at: 8)), port: packet.uint16(at: 40)),
      Endpoint(address: .v6(packet.uint128(at: 24)), port: packet.uint16(at: 42)), seed: seed)
    timeToLive = packet[7]
    identification = 0
    decode(plainTCP: packet, at: 40, payload: payload, end: end)
    return true
  }

  /// Where the payload begins behind the TCP header at `start`, as that header says.
  @inline(__always)
  private static func payload(of packet: Span<UInt8>, tcpAt start: Int) -> Int {
    start &+ Int(packet[start &+ 12] >> 4) &* 4
  }

  /// Decodes the TCP header at `start` of `packet`, which holds its 20 octets, goes on behind its
  /// options at `payload`, and ends at `end`, as the IP header states.
  @inline(__always)
  private mutating func decode(
    plainTCP packet: Span<UInt8>, at start: Int, payload: Int, end: Int
  ) {
    sequenceNumber = SequenceNumber(packet.uint32(at: start &+ 4))
    acknowledgmentNumber = SequenceNumber(packet.uint32(at: start &+ 8))
    payloadLength = UInt32(truncatingIfNeeded: end &- payload)
    flags = TCPFlags(rawValue: packet[start &+ 13])
    window = packet.uint16(at: start &+ 14)
    hint = PayloadHint()
    options = TCPOptions()
    if payload == start &+ 32, packet.count >= start &+ 32,
      packet.uint32(at: start &+ 20) == TCPOptions.alignedTimestamps
    {
      options.present = .timestamps
      options.timestampValue = packet.uint32(at: start &+ 24)
      options.timestampEcho = packet.uint32(at: start &+ 28)
    } else if payload > start &+ 20 {
      decodeRest(of: packet, optionsAt: start &+ 20, payload: payload, end: end)
      return
    }
    decodeHint(of: packet, payload: payload, end: end)
  }

  /// Decodes options of any form, and looks at the payload.
  @inline(never)
  private mutating func decodeRest(
    of packet: Span<UInt8>, optionsAt start: Int, payload: Int, end: Int
  ) {
    options = TCPOptions(decoding: packet.extracting(start..<min(payload, packet.count)))
    decodeHint(of: packet, payload: payload, end: end)
  }

  @inline(__always)
  private mutating func decodeHint(of packet: Span<UInt8>, payload: Int, end: Int) {
    guard payloadLength >= 8, packet.count >= payload &+ 8 else { return }
    hint = PayloadHint(decoding: packet.extracting(payload..<min(end, packet.count)))
  }
}
