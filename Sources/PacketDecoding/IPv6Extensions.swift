/// The extension headers between an IPv6 header and its payload (RFC 8200 §4).
struct IPv6Extensions {
  /// The protocol behind those seen so far.
  private(set) var next: UInt8
  /// Where they end, in octets from the start of the packet.
  private(set) var end = 40
  /// Where the addresses of the two ends stand: those that TCP's checksum covers.
  private(set) var source = 8
  private(set) var destination = 24
  private(set) var fragmentOffset = 0
  private(set) var isFragment = false
  /// Octets after the IPv6 header by the jumbo payload option (RFC 2675 §2), 0 without one.
  private(set) var jumboPayload = 0

  /// No extension headers: `next` follows at once.
  init(next: UInt8) { self.next = next }

  /// Walks the headers of `packet`, which holds 40 octets at least, up to what was fragmented.
  init(decoding packet: Span<UInt8>) throws(Undecoded) {
    next = packet[6]
    while !isFragment, let octets = try lengthOfNext(in: packet) {
      guard packet.count >= end + octets else { throw .truncated }
      read(packet.extracting(end..<end + octets))
      next = packet[end]
      end += octets
    }
  }

  /// Octets of the header at `end`; nil where what follows is none.
  private func lengthOfNext(in packet: Span<UInt8>) throws(Undecoded) -> Int? {
    switch next {
    case IPProtocol.hopByHop, IPProtocol.routing, IPProtocol.destinationOptions, IPProtocol.shim6:
      guard packet.count >= end + 8 else { throw .truncated }
      return (Int(packet[end + 1]) + 1) * 8
    case IPProtocol.authentication:
      guard packet.count >= end + 2 else { throw .truncated }
      return (Int(packet[end + 1]) + 2) * 4
    case IPProtocol.fragment: return 8
    default: return nil
    }
  }

  /// Takes in what the header at `end` says beyond its length.
  private mutating func read(_ header: Span<UInt8>) {
    switch next {
    case IPProtocol.hopByHop:
      guard let value = Self.option(0xC2, octets: 4, in: header) else { return }
      jumboPayload = Int(header.uint32(at: value))
    case IPProtocol.destinationOptions:
      // The home address of a mobile node (RFC 6275 §6.3).
      guard let value = Self.option(0xC9, octets: 16, in: header) else { return }
      source = end + value
    case IPProtocol.routing:
      guard let value = Self.finalDestination(in: header) else { return }
      destination = end + value
    case IPProtocol.fragment:
      let field = header.uint16(at: 2)
      fragmentOffset = Int(field & 0xFFF8)
      isFragment = field & 0xFFF9 != 0
    default: break
    }
  }

  /// Where the value of the option `type`, of so many octets, begins (RFC 8200 §4.2).
  private static func option(_ type: UInt8, octets: Int, in header: Span<UInt8>) -> Int? {
    var place = 2
    while place + 2 <= header.count {
      let value = place + 2
      if header[place] == 0 {
        place += 1
      } else if header[place] == type, Int(header[place + 1]) == octets {
        return value + octets <= header.count ? value : nil
      } else {
        place = value + Int(header[place + 1])
      }
    }
    return nil
  }

  /// Where a routing header with segments left holds the last address of the way.
  private static func finalDestination(in header: Span<UInt8>) -> Int? {
    guard header.count >= 24, header[3] > 0 else { return nil }
    return switch header[2] {
    // RFC 2460 §4.4: the addresses in the order of the way.
    case 0: header.count - 16
    // RFC 6275 §6.4: only one; RFC 8754 §2: the last comes first.
    case 2, 4: 8
    default: nil
    }
  }
}
