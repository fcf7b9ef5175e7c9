/// The extension headers between an IPv6 header and its payload (RFC 8200 §4).
struct IPv6Extensions {
  /// The protocol behind those seen so far.
  private(set) var next: UInt8
  /// Where they end, in octets from the start of the packet.
  private(set) var end = 40
  private(set) var fragmentOffset = 0
  private(set) var isFragment = false
  /// Octets after the IPv6 header by the jumbo payload option (RFC 2675 §2), 0 without one.
  private(set) var jumboPayload = 0

  /// No extension headers: `next` follows at once.
  init(next: UInt8) { self.next = next }

  /// Walks the headers of `packet`, which holds 40 octets at least.
  init(decoding packet: Span<UInt8>) throws(Undecoded) {
    next = packet[6]
    while fragmentOffset == 0, let octets = try lengthOfNext(in: packet) {
      guard packet.count >= end + octets else { throw .truncated }
      next = packet[end]
      end += octets
    }
  }

  /// Reads the header at `end`; nil where what follows is none.
  private mutating func lengthOfNext(in packet: Span<UInt8>) throws(Undecoded) -> Int? {
    switch next {
    case IPProtocol.hopByHop, IPProtocol.routing, IPProtocol.destinationOptions, IPProtocol.shim6:
      guard packet.count >= end + 8 else { throw .truncated }
      // The option stands first wherever it is used: Linux's big TCP writes it so.
      if next == IPProtocol.hopByHop, packet[end + 2] == 0xC2, packet[end + 3] == 4 {
        jumboPayload = Int(packet.uint32(at: end + 4))
      }
      return (Int(packet[end + 1]) + 1) * 8
    case IPProtocol.authentication:
      guard packet.count >= end + 2 else { throw .truncated }
      return (Int(packet[end + 1]) + 2) * 4
    case IPProtocol.fragment:
      guard packet.count >= end + 8 else { throw .truncated }
      let field = packet.uint16(at: end + 2)
      fragmentOffset = Int(field & 0xFFF8)
      isFragment = isFragment || field & 0xFFF9 != 0
      return 8
    default: return nil
    }
  }
}
