/// Nearly all packets: IP headers without any rarity, and TCP right behind them, all there is of
/// both headers captured.
///
/// One look at the length is enough for all fields. That of Ethernet and IPv4 is inlined where runs
/// are taken in: handing a packet over takes a fifth as long as decoding it.
extension Segment {
  /// Decodes the packet at `start` of `frame` and gives true if it is plain; else this segment means
  /// nothing after.
  @inlinable @inline(__always)
  mutating func decode(
    plainIPv4 frame: Span<UInt8>, at start: Int, seed: UInt64, tuple: inout Tuple
  ) -> Bool {
    guard frame.count >= start &+ 40, frame[start] == 0x45, frame[start &+ 9] == 6,
      frame.uint16(at: start &+ 6) & 0x3FFF == 0
    else { return false }
    let end = start &+ Int(frame.uint16(at: start &+ 2))
    let payload = Self.payload(of: frame, tcpAt: start &+ 20)
    guard payload >= start &+ 40, payload <= end else { return false }
    tuple = Tuple(
      ipv4: UInt64(frame.uint32(at: start &+ 12)) << 16 | UInt64(frame.uint16(at: start &+ 20)),
      UInt64(frame.uint32(at: start &+ 16)) << 16 | UInt64(frame.uint16(at: start &+ 22)),
      seed: seed)
    timeToLive = frame[start &+ 8]
    identification = frame.uint16(at: start &+ 4)
    decode(plainTCP: frame, at: start &+ 20, payload: payload, end: end)
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
  @inlinable @inline(__always)
  static func payload(of packet: Span<UInt8>, tcpAt start: Int) -> Int {
    start &+ Int(packet[start &+ 12] >> 4) &* 4
  }

  /// Decodes the TCP header at `start` of `packet`, which holds its 20 octets, goes on behind its
  /// options at `payload`, and ends at `end`, as the IP header states.
  @inlinable @inline(__always)
  mutating func decode(
    plainTCP packet: Span<UInt8>, at start: Int, payload: Int, end: Int
  ) {
    sequenceNumber = SequenceNumber(packet.uint32(at: start &+ 4))
    acknowledgmentNumber = SequenceNumber(packet.uint32(at: start &+ 8))
    payloadLength = UInt32(truncatingIfNeeded: end &- payload)
    flags = TCPFlags(rawValue: packet[start &+ 13])
    window = packet.uint16(at: start &+ 14)
    hint = PayloadHint()
    if payload == start &+ 32, packet.count >= start &+ 32,
      packet.uint32(at: start &+ 20) == TCPOptions.alignedTimestamps
    {
      options = TCPOptions(
        present: .timestamps, timestampValue: packet.uint32(at: start &+ 24),
        timestampEcho: packet.uint32(at: start &+ 28))
    } else if payload == start &+ 20 {
      options = TCPOptions()
    } else {
      decodeOptions(in: packet, start &+ 20, payload)
    }
    if payloadLength >= 8, packet.count >= payload &+ 8,
      PayloadHint.mayBegin(with: packet[payload])
    {
      decodeHint(in: packet, payload, end)
    }
  }

  @usableFromInline @inline(never)
  mutating func decodeOptions(in packet: Span<UInt8>, _ start: Int, _ end: Int) {
    options = TCPOptions(decoding: packet.extracting(start..<min(end, packet.count)))
  }

  @usableFromInline @inline(never)
  mutating func decodeHint(in packet: Span<UInt8>, _ start: Int, _ end: Int) {
    hint = PayloadHint(decoding: packet.extracting(start..<min(end, packet.count)))
  }
}
