/// A part of an IP datagram, and where it stands in the frame that holds it.
package struct Fragment: Equatable, Sendable {
  /// What all fragments of one datagram have in common (RFC 791 §3.2, RFC 8200 §4.5).
  package struct Datagram: Hashable, Sendable {
    let source: IPAddress
    let destination: IPAddress
    let identification: UInt32
    /// 0 in IPv6, where it does not matter.
    let protocolNumber: UInt8
    /// Tenants of a network may use the same addresses.
    let enclosure: Enclosure
  }

  let datagram: Datagram
  /// What it holds of the datagram's payload, in octets, whatever was captured of it.
  package let place: Range<Int>
  package let isLast: Bool
  /// In the frame: the IP header, with IPv6 up to the end of the fragment header.
  let header: Range<Int>
  /// In the frame: as much of the payload as was captured.
  let payload: Range<Int>
}

extension Fragment {
  /// The greatest length of a datagram, by its fields of 16 bits.
  private static let greatestLength = 65_535

  /// The fragment that begins at `start` of `frame` with `header`.
  init(
    _ header: IPHeader, in frame: Span<UInt8>, at start: Int, within enclosure: Enclosure
  ) throws(Undecoded) {
    let isIPv6 = header.source.isIPv6
    let end = start + header.length
    // The fragment header, the last before the payload, ends with flags and identification.
    let hasMore = isIPv6 ? frame[end - 5] & 1 != 0 : frame[start + 6] & 0x20 != 0
    datagram = Datagram(
      source: header.source, destination: header.destination,
      identification: isIPv6 ? frame.uint32(at: end - 4) : UInt32(header.identification),
      protocolNumber: isIPv6 ? 0 : header.protocolNumber, enclosure: enclosure)
    isLast = !hasMore
    // Offsets count eight octets: what is left over before another fragment is none of the datagram.
    let length = hasMore ? header.payloadLength & ~7 : header.payloadLength
    let lengthOfAll = header.length - (isIPv6 ? 40 : 0) + header.fragmentOffset + length
    guard length > 0, lengthOfAll <= Self.greatestLength else { throw .invalidHeader }
    place = header.fragmentOffset..<header.fragmentOffset + length
    self.header = start..<end
    payload = end..<max(end, min(frame.count, end + length))
  }
}
