extension Segment {
  /// Octets of a TCP header before the checksum: they hold all that a segment needs.
  private static let octetsNeeded = 16

  /// Decodes the TCP header (RFC 9293 §3.1) at the start of `bytes`, the payload of `packet`.
  ///
  /// A data offset that cannot be right still gives a segment, as in Wireshark's stream numbers,
  /// without payload; below five words it gives no flags either. Options that `bytes` does not
  /// hold to their end are left out.
  mutating func decode(
    tcp bytes: Span<UInt8>, in packet: IPHeader, tuple: inout Tuple
  ) throws(Undecoded) {
    let length = packet.payloadLength
    guard length >= Self.octetsNeeded else { throw .invalidHeader }
    guard bytes.count >= Self.octetsNeeded else { throw .truncated }
    let headerLength = Int(bytes[12] >> 4) * 4
    tuple = Tuple(
      Endpoint(address: packet.source, port: bytes.uint16(at: 0)),
      Endpoint(address: packet.destination, port: bytes.uint16(at: 2)))
    sequenceNumber = SequenceNumber(bytes.uint32(at: 4))
    acknowledgmentNumber = SequenceNumber(bytes.uint32(at: 8))
    flags = headerLength >= 20 ? TCPFlags(rawValue: bytes[13]) : []
    payloadLength =
      headerLength >= 20 ? UInt32(truncatingIfNeeded: max(0, length - headerLength)) : 0
    window = bytes.uint16(at: 14)
    timeToLive = packet.timeToLive
    identification = packet.identification
    options = TCPOptions()
    let end = min(headerLength, length, bytes.count)
    if end > 20 { options = TCPOptions(decoding: bytes.extracting(20..<end)) }
    hint = PayloadHint()
    if payloadLength >= 8, bytes.count > headerLength {
      hint = PayloadHint(
        decoding: bytes.extracting(headerLength..<min(bytes.count, length)))
    }
  }
}
