/// What an IP header of either version says, with what stands between it and its payload.
struct IPHeader {
  /// The ends, wherever a route, or a mobile node's home, puts others in the fixed header.
  let source: IPAddress
  let destination: IPAddress
  /// The upper-layer protocol, behind all extension headers; of a fragment what was fragmented.
  let protocolNumber: UInt8
  /// The hop limit of IPv6.
  let timeToLive: UInt8
  /// 0 in IPv6.
  let identification: UInt16
  /// Octets from the start of what was fragmented, of this fragment's payload.
  let fragmentOffset: Int
  /// The payload then begins with whatever was fragmented, headers or not.
  let isFragment: Bool
  /// Octets of the header with its options or extension headers.
  let length: Int
  /// Octets after the header, on the wire.
  let payloadLength: Int
}

extension IPHeader {
  /// Decodes the header at the start of `packet`, which takes `lengthOnWire` octets at most.
  ///
  /// The version field decides, whatever the link layer announced.
  @inline(__always)
  init(decoding packet: Span<UInt8>, lengthOnWire: Int) throws(Undecoded) {
    guard packet.count > 0 else { throw .truncated }
    switch packet[0] >> 4 {
    case 4: try self.init(decodingIPv4: packet, lengthOnWire: lengthOnWire)
    case 6: try self.init(decodingIPv6: packet, lengthOnWire: lengthOnWire)
    default: throw .invalidHeader
    }
  }

  /// Decodes an IPv4 header (RFC 791 §3.1), and authentication headers behind it (RFC 4302).
  @inline(__always)
  private init(decodingIPv4 packet: Span<UInt8>, lengthOnWire: Int) throws(Undecoded) {
    guard packet.count >= 20 else { throw .truncated }
    var length = Int(packet[0] & 0xF) * 4
    guard length >= 20 else { throw .invalidHeader }
    var destination = 16
    if length > 20 {
      let header = packet.extracting(first: length)
      destination = IPv4SourceRoute.finalDestination(in: header) ?? destination
    }
    let fragment = packet.uint16(at: 6)
    var next = packet[9]
    while next == IPProtocol.authentication, fragment & 0x3FFF == 0 {
      guard packet.count >= length + 2 else { throw .truncated }
      next = packet[length]
      length += (Int(packet[length + 1]) + 2) * 4
    }
    guard packet.count >= length else { throw .truncated }
    // Segmentation offload hands over packets whose total length is still to be filled in.
    let stated = Int(packet.uint16(at: 2))
    let total = stated == 0 ? lengthOnWire : stated
    guard total >= length else { throw .invalidHeader }
    self.init(
      source: .v4(packet.uint32(at: 12)), destination: .v4(packet.uint32(at: destination)),
      protocolNumber: next, timeToLive: packet[8], identification: packet.uint16(at: 4),
      fragmentOffset: Int(fragment & 0x1FFF) * 8, isFragment: fragment & 0x3FFF != 0,
      length: length, payloadLength: total - length)
  }

  /// Decodes an IPv6 header and the extension headers behind it (RFC 8200 §3, §4).
  @inline(__always)
  private init(decodingIPv6 packet: Span<UInt8>, lengthOnWire: Int) throws(Undecoded) {
    guard packet.count >= 40 else { throw .truncated }
    var extensions = IPv6Extensions(next: packet[6])
    if extensions.next != IPProtocol.tcp {
      extensions = try IPv6Extensions(decoding: packet)
    }
    let stated = Int(packet.uint16(at: 4))
    let total =
      if stated > 0 {
        40 + stated
      } else if extensions.jumboPayload > 0 {
        40 + extensions.jumboPayload
      } else {
        lengthOnWire
      }
    guard total >= extensions.end else { throw .invalidHeader }
    self.init(
      source: .v6(packet.uint128(at: extensions.source)),
      destination: .v6(packet.uint128(at: extensions.destination)),
      protocolNumber: extensions.next, timeToLive: packet[7], identification: 0,
      fragmentOffset: extensions.fragmentOffset, isFragment: extensions.isFragment,
      length: extensions.end, payloadLength: total - extensions.end)
  }
}
