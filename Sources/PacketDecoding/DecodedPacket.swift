/// What one captured packet turned out to be.
package enum DecodedPacket: Equatable, Sendable {
  case segment(AddressedSegment)
  /// An ICMP or ICMPv6 error that quotes a TCP header (RFC 792, RFC 4443).
  case icmpError(ICMPError)
  /// A part of a datagram that may hold a segment (RFC 791 §3.2, RFC 8200 §4.5).
  case fragment(Fragment)
  case undecoded(Undecoded)
}
