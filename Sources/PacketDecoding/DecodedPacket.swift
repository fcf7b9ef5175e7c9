/// What one captured packet turned out to be.
package enum DecodedPacket: Equatable, Sendable {
  case segment(AddressedSegment)
  /// An ICMP or ICMPv6 error that quotes a TCP header (RFC 792, RFC 4443).
  case icmpError(ICMPError)
  case undecoded(Undecoded)
}
