/// What carries packets or frames inside IP packets: the tables of protocols and ports.
enum Tunnel {
  /// IP headers that may stand one inside another; no network nests that many.
  static let maximumDepth = 8

  /// Where the innermost packet of `packet` is: from its IP header to its end on the wire.
  ///
  /// All of `packet`, of `lengthOnWire` octets, where that is no tunnel.
  static func innermost(
    in packet: Span<UInt8>, lengthOnWire: Int
  ) throws(Undecoded) -> Range<Int> {
    var place = 0..<max(lengthOnWire, packet.count)
    var end = Int.max
    do throws(Undecoded) {
      for _ in 0..<maximumDepth {
        let outer = packet.extracting(place.clamped(to: packet.indices))
        let header = try IPHeader(decoding: outer, lengthOnWire: place.count)
        end = place.lowerBound + header.length + header.payloadLength
        var offset = header.length
        guard let layer = try layer(in: outer, behind: header, over: &offset) else { return place }
        let payload = packet.extracting((place.lowerBound..<end).clamped(to: packet.indices))
        let start = place.lowerBound + (try layer.networkOffset(in: payload, from: offset))
        place = start..<max(start, end)
      }
    } catch .truncated where end <= packet.count {
      // All of the outer packet is there: its lengths and the inner's contradict each other.
      throw .invalidHeader
    }
    throw .nestedTooDeep
  }

  /// The header that follows at `offset`, behind `header`; nil if it is no tunnel's.
  private static func layer(
    in packet: Span<UInt8>, behind header: IPHeader, over offset: inout Int
  ) throws(Undecoded) -> Layer? {
    if header.protocolNumber == IPProtocol.udp {
      guard header.fragmentOffset == 0 else { return nil }
      return layer(inUDP: packet, over: &offset)
    }
    guard let layer = try layer(of: header.protocolNumber) else { return nil }
    guard header.fragmentOffset == 0 else { throw .laterFragment }
    return layer
  }

  private static func layer(of protocolNumber: UInt8) throws(Undecoded) -> Layer? {
    switch protocolNumber {
    case IPProtocol.ipv4, IPProtocol.ipv6: .ip
    case IPProtocol.gre: .gre
    case IPProtocol.etherIP: .etherIP
    case IPProtocol.mpls: .mpls
    case IPProtocol.ethernet: .ethernet
    case IPProtocol.encryption: throw .encrypted
    // Its control messages agree on what it carries, and behind how many octets.
    case IPProtocol.l2tpVersion3: throw .unsupportedEncapsulation
    default: nil
    }
  }

  /// Goes by the ports (RFC 768), the receiver's first: a sender's may be any number.
  private static func layer(inUDP packet: Span<UInt8>, over offset: inout Int) -> Layer? {
    guard packet.count >= offset + 8,
      let layer = layer(ofPort: packet.uint16(at: offset + 2))
        ?? layer(ofPort: packet.uint16(at: offset))
    else { return nil }
    offset += 8
    return layer
  }

  private static func layer(ofPort port: UInt16) -> Layer? {
    switch port {
    case 1701: .l2tp
    case 2152, 3386: .gtp
    case 3544: .teredo
    case 4341: .lisp
    // The second is what Linux took before the first was assigned.
    case 4789, 8472: .vxlan
    case 4754: .gre
    case 4790: .vxlanGPE
    case 5072: .ayiya
    case 5247: .capwap
    case 6081: .geneve
    case 6635: .mpls
    case 37008: .tzsp
    default: nil
    }
  }
}
