/// What carries packets or frames inside IP packets: the tables of protocols and ports.
enum Tunnel {
  /// IP headers that may stand one inside another; no network nests that many.
  static let maximumDepth = 8

  /// Where the innermost packet of `packet` is: from its IP header to its end on the wire.
  ///
  /// All of `packet`, of `lengthOnWire` octets, where that is no tunnel. A fragment is not looked
  /// into: there may be one more tunnel in the datagram. Of what is only quoted no more will come,
  /// and the first fragment has to do.
  static func innermost(
    in packet: Span<UInt8>, lengthOnWire: Int, isQuoted: Bool = false
  ) throws(Undecoded) -> Range<Int> {
    var ignored: Enclosure?
    return try innermost(
      in: packet, lengthOnWire: lengthOnWire, isQuoted: isQuoted, enclosure: &ignored)
  }

  /// The same, and adds what is around that packet to `enclosure`, unless that is nil.
  static func innermost(
    in packet: Span<UInt8>, lengthOnWire: Int, isQuoted: Bool = false,
    enclosure: inout Enclosure?
  ) throws(Undecoded) -> Range<Int> {
    var place = 0..<max(lengthOnWire, packet.count)
    var end = Int.max
    do throws(Undecoded) {
      for _ in 0..<maximumDepth {
        let outer = packet.extracting(place.clamped(to: packet.indices))
        let header = try IPHeader(decoding: outer, lengthOnWire: place.count)
        end = place.lowerBound + header.length + header.payloadLength
        var offset = header.length
        if header.isFragment, !isQuoted || header.fragmentOffset > 0, mayLeadToTCP(header) {
          return place
        }
        guard let layer = try layer(in: outer, behind: header, over: &offset) else { return place }
        let payload = packet.extracting((place.lowerBound..<end).clamped(to: packet.indices))
        let network = try layer.networkOffset(in: payload, from: offset, enclosure: &enclosure)
        place = place.lowerBound + network..<max(place.lowerBound + network, end)
      }
    } catch .truncated where end <= packet.count {
      // All of the outer packet is there: its lengths and the inner's contradict each other.
      throw .invalidHeader
    }
    throw .nestedTooDeep
  }

  /// Whether a datagram with this header may be a TCP segment, or have one in it.
  static func mayLeadToTCP(_ header: IPHeader) -> Bool {
    switch header.protocolNumber {
    case IPProtocol.tcp, IPProtocol.udp, IPProtocol.authentication: true
    case IPProtocol.hopByHop, IPProtocol.routing, IPProtocol.destinationOptions,
      IPProtocol.fragment, IPProtocol.shim6:
      header.source.isIPv6
    case let number: (try? layer(of: number)) != nil
    }
  }

  /// The header that follows at `offset`, behind `header`; nil if it is no tunnel's.
  private static func layer(
    in packet: Span<UInt8>, behind header: IPHeader, over offset: inout Int
  ) throws(Undecoded) -> Layer? {
    header.protocolNumber == IPProtocol.udp
      ? layer(inUDP: packet, over: &offset) : try layer(of: header.protocolNumber)
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
