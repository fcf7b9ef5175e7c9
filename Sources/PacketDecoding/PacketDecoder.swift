/// Turns a captured frame into a segment, an ICMP error, or the reason why it is neither.
///
/// Nothing is kept between packets. Every read is bounds-checked against what was captured.
package enum PacketDecoder {
  /// Decodes `frame`, of `originalLength` octets on the wire, from its link layer up.
  ///
  /// `linkType` is a LINKTYPE number as capture files hold it.
  package static func decode(
    _ frame: Span<UInt8>, linkType: UInt16, originalLength: UInt32
  ) -> DecodedPacket {
    do throws(Undecoded) {
      let offset = try LinkLayer.networkOffset(in: frame, linkType: linkType)
      let packet = frame.extracting(droppingFirst: offset)
      // A length field of the capture that is below what it holds is not to be believed.
      let onWire = max(Int(originalLength), frame.count) - offset
      let header = try IPHeader(decoding: packet, lengthOnWire: onWire)
      let body = packet.extracting(droppingFirst: header.length)
      switch header.protocolNumber {
      case IPProtocol.tcp:
        return .segment(try Segment(decodingTCP: body, in: header))
      case IPProtocol.icmp where header.fragmentOffset == 0:
        return .icmpError(try ICMPError(decodingICMP: body, from: header.source))
      case IPProtocol.icmpv6 where header.fragmentOffset == 0:
        return .icmpError(try ICMPError(decodingICMPv6: body, from: header.source))
      case IPProtocol.ipv4, IPProtocol.ipv6, IPProtocol.gre:
        throw .unsupportedEncapsulation
      default: throw .notTCP
      }
    } catch {
      return .undecoded(error)
    }
  }
}

extension Undecoded: Error {}

/// Assigned Internet protocol numbers that the decoder acts on (IANA).
enum IPProtocol {
  static let hopByHop: UInt8 = 0
  static let icmp: UInt8 = 1
  static let ipv4: UInt8 = 4
  static let tcp: UInt8 = 6
  static let ipv6: UInt8 = 41
  static let routing: UInt8 = 43
  static let fragment: UInt8 = 44
  static let gre: UInt8 = 47
  static let authentication: UInt8 = 51
  static let icmpv6: UInt8 = 58
  static let destinationOptions: UInt8 = 60
  static let shim6: UInt8 = 140
}
