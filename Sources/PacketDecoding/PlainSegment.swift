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
    guard frame.count >= start &+ 40, frame[start] == 0x45, frame[start &+ 9] == IPProtocol.tcp,
      frame.uint16(at: start &+ 6) & 0x3FFF == 0
    else { return false }
    let length = Int(frame.uint16(at: start &+ 2)) &- 20
    let headerLength = Self.headerLength(in: frame, tcpAt: start &+ 20)
    guard headerLength >= 20, headerLength <= length else { return false }
    tuple = Tuple(
      ipv4: UInt64(frame.uint32(at: start &+ 12)) << 16 | UInt64(frame.uint16(at: start &+ 20)),
      UInt64(frame.uint32(at: start &+ 16)) << 16 | UInt64(frame.uint16(at: start &+ 22)),
      seed: seed)
    timeToLive = frame[start &+ 8]
    identification = frame.uint16(at: start &+ 4)
    payloadLength = UInt32(truncatingIfNeeded: length &- headerLength)
    decode(plainTCP: frame, at: start &+ 20, headerLength)
    return true
  }

  /// The same for IPv6.
  @inline(__always)
  mutating func decode(plainIPv6 packet: Span<UInt8>, seed: UInt64, tuple: inout Tuple) -> Bool {
    guard packet.count >= 60, packet[0] >> 4 == 6, packet[6] == IPProtocol.tcp else {
      return false
    }
    // Where the length is told elsewhere, it is 0 here, and has no room for a TCP header.
    let length = Int(packet.uint16(at: 4))
    let headerLength = Self.headerLength(in: packet, tcpAt: 40)
    guard headerLength >= 20, headerLength <= length else { return false }
    tuple = Tuple(
      ipv6: Endpoint(address: .v6(packet.uint128(at: 8)), port: packet.uint16(at: 40)),
      Endpoint(address: .v6(packet.uint128(at: 24)), port: packet.uint16(at: 42)), seed: seed)
    timeToLive = packet[7]
    identification = 0
    payloadLength = UInt32(truncatingIfNeeded: length &- headerLength)
    decode(plainTCP: packet, at: 40, headerLength)
    return true
  }

  /// Octets of the TCP header at `start`, as it says.
  @inlinable @inline(__always)
  static func headerLength(in packet: Span<UInt8>, tcpAt start: Int) -> Int {
    Int(packet[start &+ 12] >> 4) &* 4
  }

  /// Decodes the TCP header at `start` of `packet`, which holds its first 20 octets.
  ///
  /// The rare ways work out by themselves where things are: what is kept for them, all have to keep.
  @inlinable @inline(__always)
  mutating func decode(plainTCP packet: Span<UInt8>, at start: Int, _ headerLength: Int) {
    sequenceNumber = SequenceNumber(packet.uint32(at: start &+ 4))
    acknowledgmentNumber = SequenceNumber(packet.uint32(at: start &+ 8))
    flags = TCPFlags(rawValue: packet[start &+ 13])
    window = packet.uint16(at: start &+ 14)
    hint = PayloadHint()
    if headerLength == 32, packet.count >= start &+ 32,
      packet.uint32(at: start &+ 20) == TCPOptions.alignedTimestamps
    {
      options = TCPOptions(
        present: .timestamps, timestampValue: packet.uint32(at: start &+ 24),
        timestampEcho: packet.uint32(at: start &+ 28))
    } else if headerLength == 20 {
      options = TCPOptions()
    } else {
      decodeOptions(in: packet, tcpAt: start)
    }
    let payload = start &+ headerLength
    if payloadLength >= 8, packet.count >= payload &+ 8,
      PayloadHint.mayBegin(with: packet[payload])
    {
      decodeHint(in: packet, tcpAt: start)
    }
  }

  @usableFromInline @inline(never)
  mutating func decodeOptions(in packet: Span<UInt8>, tcpAt start: Int) {
    let end = min(start + Self.headerLength(in: packet, tcpAt: start), packet.count)
    options = TCPOptions(decoding: packet.extracting(start + 20..<end))
  }

  @usableFromInline @inline(never)
  mutating func decodeHint(in packet: Span<UInt8>, tcpAt start: Int) {
    let payload = start + Self.headerLength(in: packet, tcpAt: start)
    let end = min(payload + Int(payloadLength), packet.count)
    hint = PayloadHint(decoding: packet.extracting(payload..<end))
  }
}
