extension ICMPError {
  /// Decodes an ICMP message (RFC 792) that `reporter` sent.
  init(decodingICMP bytes: Span<UInt8>, from reporter: IPAddress) throws(Undecoded) {
    guard bytes.count >= 8 else { throw .truncated }
    let rest = bytes.uint32(at: 4)
    let kind = Self.kind(icmpType: bytes[0], code: bytes[1], rest: rest)
    try self.init(kind: kind, decoding: bytes, from: reporter)
  }

  /// Decodes an ICMPv6 message (RFC 4443 §2.1) that `reporter` sent.
  init(decodingICMPv6 bytes: Span<UInt8>, from reporter: IPAddress) throws(Undecoded) {
    guard bytes.count >= 8 else { throw .truncated }
    let rest = bytes.uint32(at: 4)
    let kind = Self.kind(icmpv6Type: bytes[0], code: bytes[1], rest: rest)
    try self.init(kind: kind, decoding: bytes, from: reporter)
  }

  /// An error quotes at least the ports and the sequence number (RFC 792: 64 bits of data).
  private init(
    kind: Kind?, decoding bytes: Span<UInt8>, from reporter: IPAddress
  ) throws(Undecoded) {
    guard let kind else { throw .notTCP }
    let quoted = bytes.extracting(droppingFirst: 8)
    let outermost = try IPHeader(decoding: quoted, lengthOnWire: .max)
    let place =
      outermost.protocolNumber == IPProtocol.tcp ? 0..<Int.max : Self.innermost(in: quoted)
    let innermost = quoted.extracting(place.clamped(to: quoted.indices))
    let packet =
      place.lowerBound == 0
      ? outermost : try IPHeader(decoding: innermost, lengthOnWire: place.count)
    guard packet.protocolNumber == IPProtocol.tcp, packet.fragmentOffset == 0 else {
      throw .notTCP
    }
    let segment = innermost.extracting(droppingFirst: packet.length)
    guard segment.count >= 8 else { throw .truncated }
    self.init(
      kind: kind, type: bytes[0], code: bytes[1], reporter: reporter,
      source: Endpoint(address: packet.source, port: segment.uint16(at: 0)),
      destination: Endpoint(address: packet.destination, port: segment.uint16(at: 2)),
      sequenceNumber: SequenceNumber(segment.uint32(at: 4)),
      quotesFlags: segment.count >= 16 && !packet.isFragment)
  }

  /// The innermost packet of a tunnel's that is quoted; all of it if its tunnel is not whole.
  private static func innermost(in quoted: Span<UInt8>) -> Range<Int> {
    (try? Tunnel.innermost(in: quoted, lengthOnWire: .max, isQuoted: true)) ?? 0..<Int.max
  }
}
