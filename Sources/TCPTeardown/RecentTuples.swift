/// Remembers, in fixed room, which tuples lately had a flow that became final.
struct RecentTuples: Sendable {
  private var hashes = [UInt64](repeating: 0, count: 1 << 14)

  mutating func insert(_ hash: UInt64) { hashes[slot(of: hash)] = hash }

  /// Whether a flow with this hash was inserted and not yet pushed out by another.
  func contains(_ hash: UInt64) -> Bool { hashes[slot(of: hash)] == hash && hash != 0 }

  private func slot(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash) & (hashes.count - 1)
  }
}
