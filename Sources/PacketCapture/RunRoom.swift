/// Room for the records of a run, used again for the next.
///
/// Apart from its reader, which would be a large value with it: those are moved about octet by octet
/// whenever they are borrowed.
@safe struct RunRoom: ~Copyable {
  private let base: UnsafeMutablePointer<PacketRecord>
  /// Records in the run, `PacketRun.limit` at most.
  private(set) var count = 0

  init() {
    unsafe base = .allocate(capacity: PacketRun.limit)
    unsafe base.initialize(repeating: .none, count: PacketRun.limit)
  }

  deinit { unsafe base.deallocate() }

  subscript(place: Int) -> PacketRecord {
    precondition(place >= 0 && place < count)
    return unsafe base[place]
  }

  @inline(__always)
  mutating func append(_ record: PacketRecord) {
    precondition(count < PacketRun.limit)
    unsafe base[count] = record
    count &+= 1
  }

  /// Appends what `next` gives until that is nil, or the run has `limit` records.
  ///
  /// The room is checked once for all, and its count written once.
  @inline(__always)
  mutating func fill(limit: Int, _ next: () -> PacketRecord?) {
    let (base, limit) = unsafe (base, min(limit, PacketRun.limit))
    var place = count
    while place < limit, let record = next() {
      unsafe base[place] = record
      place &+= 1
    }
    count = place
  }

  mutating func removeAll() { count = 0 }

  /// The records, until the room changes or goes away.
  @unsafe var records: UnsafeBufferPointer<PacketRecord> {
    unsafe UnsafeBufferPointer(start: base, count: count)
  }
}

/// A run as it lies in memory: what `PacketSource.withRun(_:)` lends.
///
/// From layer to layer it is handed up as this, and becomes spans for the caller alone: a generic
/// function in each layer would cost more than a short run is worth.
@unsafe struct LentRun {
  var records = unsafe UnsafeBufferPointer<PacketRecord>(start: nil, count: 0)
  var octets = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)

  @inline(__always)
  func lend<Result>(
    to body: (Span<PacketRecord>, Span<UInt8>) throws -> Result
  ) rethrows -> Result {
    try unsafe body(records.span, octets.span)
  }
}
