extension Segment {
  /// Decodes what is inside `packet`, whose own protocol is neither TCP nor ICMP.
  @inline(never)
  mutating func decode(
    tunnel packet: Span<UInt8>, lengthOnWire: Int, tuple: inout Tuple
  ) throws(Undecoded) -> PacketDecoder.Content {
    let place = try Tunnel.innermost(in: packet, lengthOnWire: lengthOnWire)
    guard place.lowerBound > 0 else { throw .notTCP }
    let inner = packet.extracting(place.clamped(to: packet.indices))
    do throws(Undecoded) {
      return try decode(packet: inner, lengthOnWire: place.count, tuple: &tuple)
    } catch .truncated where place.upperBound <= packet.count {
      // All of the outer packet is there: its lengths and the inner's contradict each other.
      throw .invalidHeader
    }
  }
}
