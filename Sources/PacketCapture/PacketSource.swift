/// Where captured packets come from: a file, standard input, or a network interface.
///
/// A source lends its packets one at a time: `next()` steps to a packet, `record` tells of it,
/// `withBytes(_:)` lends its octets until the next step.
package protocol PacketSource: ~Copyable {
  /// Steps to the next packet.
  ///
  /// After an error the source is at its end; what it lent before was whole.
  mutating func next() throws(CaptureError) -> SourceStep

  /// The packet that `next()` stepped to.
  var record: PacketRecord { get }

  /// Calls `body` with the octets captured of the packet that `next()` stepped to.
  ///
  /// The octets last for that one call: keep what they say, not them.
  borrowing func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result
}

/// What one step of a source came to.
package enum SourceStep: Equatable, Sendable {
  case packet
  /// No packet came for about 100 ms: a live source's chance to let its clock go on.
  case idle
  case end
}
