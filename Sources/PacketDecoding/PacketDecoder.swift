/// Turns a captured frame into a segment, an ICMP error, a fragment, or the reason why it is none.
///
/// Nothing is kept between packets: `Reassembly` does that. Every read is bounds-checked against what
/// was captured.
public enum PacketDecoder {
  /// What a packet holds.
  public enum Content: Equatable, Sendable {
    case segment
    /// Perhaps: only `decode` looks at the whole of it.
    case icmpError
    case fragment
    case undecoded(Undecoded)
  }

  /// Decodes `frame`, of `originalLength` octets on the wire, from its link layer up.
  ///
  /// `linkType` is a LINKTYPE number as capture files hold it. What of `kinds` is around the packet,
  /// and around the frame, if that was in an `outer` one, is the scope of what comes of it.
  package static func decode(
    _ frame: Span<UInt8>, linkType: UInt16, originalLength: UInt32,
    regarding kinds: Enclosure.Kinds = [], within outer: Enclosure = Enclosure()
  ) -> DecodedPacket {
    var (segment, tuple) = (Segment(), Tuple())
    let content = segment.decode(
      frame, linkType: linkType, originalLength: originalLength, seed: FlowKey.seed,
      tuple: &tuple)
    do throws(Undecoded) {
      switch content {
      case .segment:
        var found = AddressedSegment(
          source: tuple.source, destination: tuple.destination, segment: segment)
        if !kinds.isEmpty {
          let place = try Innermost(in: frame, linkType, originalLength, within: outer)
          found.scope = place.enclosure.scope(of: kinds)
        }
        return .segment(found)
      case .icmpError:
        let place = try Innermost(in: frame, linkType, originalLength, within: outer)
        var error = try icmpError(in: frame, place)
        error.scope = place.enclosure.scope(of: kinds)
        return .icmpError(error)
      case .fragment:
        let place = try Innermost(in: frame, linkType, originalLength, within: outer)
        let header = try IPHeader(
          decoding: frame.extracting(place.captured), lengthOnWire: place.lengthOnWire)
        return .fragment(
          try Fragment(
            header, in: frame, at: place.captured.lowerBound, within: place.enclosure))
      case .undecoded(let reason): return .undecoded(reason)
      }
    } catch {
      return .undecoded(error)
    }
  }

  private static func icmpError(
    in frame: Span<UInt8>, _ place: Innermost
  ) throws(Undecoded) -> ICMPError {
    let packet = frame.extracting(place.captured)
    let header = try IPHeader(decoding: packet, lengthOnWire: place.lengthOnWire)
    let body = packet.extracting(droppingFirst: header.length)
    guard header.fragmentOffset == 0 else { throw .notTCP }
    return header.protocolNumber == IPProtocol.icmp
      ? try ICMPError(decodingICMP: body, from: header.source)
      : try ICMPError(decodingICMPv6: body, from: header.source)
  }

  /// The innermost IP packet of a frame, behind all links and tunnels.
  private struct Innermost {
    /// Its octets in the frame, as far as they were captured.
    let captured: Range<Int>
    let lengthOnWire: Int
    let enclosure: Enclosure

    init(
      in frame: Span<UInt8>, _ linkType: UInt16, _ originalLength: UInt32, within outer: Enclosure
    ) throws(Undecoded) {
      var enclosure: Enclosure? = outer
      let offset = try LinkLayer.networkOffset(
        in: frame, linkType: linkType, enclosure: &enclosure)
      let outermost = frame.extracting(droppingFirst: offset)
      let onWire = PacketDecoder.lengthOnWire(frame, from: offset, originalLength)
      let place = try Tunnel.innermost(
        in: outermost, lengthOnWire: onWire, enclosure: &enclosure)
      let within = place.clamped(to: outermost.indices)
      // Past the end of a frame there is nothing, wherever it is.
      let start = min(offset, frame.count)
      captured = start + within.lowerBound..<start + within.upperBound
      lengthOnWire = place.count
      self.enclosure = enclosure ?? outer
    }
  }

  /// A length field of the capture that is below what it holds is not to be believed.
  @inline(__always)
  static func lengthOnWire(
    _ frame: Span<UInt8>, from offset: Int, _ originalLength: UInt32
  ) -> Int {
    max(Int(originalLength), frame.count) - offset
  }
}

extension Undecoded: Error {}

/// Assigned Internet protocol numbers that the decoder acts on (IANA).
@usableFromInline
enum IPProtocol {
  static let hopByHop: UInt8 = 0
  static let icmp: UInt8 = 1
  static let ipv4: UInt8 = 4
  @inlinable static var tcp: UInt8 { 6 }
  static let udp: UInt8 = 17
  static let ipv6: UInt8 = 41
  static let routing: UInt8 = 43
  static let fragment: UInt8 = 44
  static let gre: UInt8 = 47
  static let encryption: UInt8 = 50
  static let authentication: UInt8 = 51
  static let icmpv6: UInt8 = 58
  static let destinationOptions: UInt8 = 60
  static let etherIP: UInt8 = 97
  static let l2tpVersion3: UInt8 = 115
  static let mpls: UInt8 = 137
  static let shim6: UInt8 = 140
  static let ethernet: UInt8 = 143
}
