/// Where captured packets come from: a file, standard input, or a network interface.
///
/// A source lends its packets in runs, as many at a time as it has at hand: `next(limit:)` steps to
/// a run, `withRun(_:)` lends its records and their octets until the next step. What it costs to
/// cross from module to module is paid once a run so, and not once a packet.
package protocol PacketSource: ~Copyable {
  /// Steps to the next run, of `limit` packets at most (1 or more).
  ///
  /// It waits for the first packet alone. After an error the source is at its end; what it lent
  /// before was whole, and held every packet before the error.
  mutating func next(limit: Int) throws(CaptureError) -> SourceStep

  /// Calls `body` with the records of the run that `next(limit:)` stepped to, and octets in which
  /// each record's `range` is its own.
  ///
  /// Both are empty before the first run and after the last. They last for that one call: keep
  /// what they say, not them.
  borrowing func withRun<Result>(
    _ body: (Span<PacketRecord>, Span<UInt8>) throws -> Result
  ) rethrows -> Result
}

extension PacketSource where Self: ~Copyable {
  /// Steps to the next run, however long.
  package mutating func next() throws(CaptureError) -> SourceStep {
    try next(limit: PacketRun.limit)
  }
}

/// How long runs are.
package enum PacketRun {
  /// The most packets a run has: enough to spread its costs, and few enough that what is known of
  /// them and their first octets stay in the nearest memory.
  package static let limit = 64
}

/// What one step of a source came to.
package enum SourceStep: Equatable, Sendable {
  /// A run of one packet or more.
  case packets
  /// No packet came for about 100 ms: a live source's chance to let its clock go on.
  case idle
  case end
}
