/// How often each of a few cases occurred.
struct Tally<Key: Hashable & CaseIterable & Sendable>: Sendable {
  private var counts: [Key: Int] = [:]

  mutating func add(_ key: Key) { counts[key, default: 0] += 1 }

  subscript(key: Key) -> Int { counts[key, default: 0] }

  /// The cases that occurred, in the order of their declaration.
  var occurring: [(key: Key, count: Int)] {
    Key.allCases.compactMap { key in counts[key].map { (key, $0) } }
  }

  /// The same, the most frequent first.
  var ranked: [(key: Key, count: Int)] {
    // Sorting is not stable: equal counts keep their order by their place.
    occurring.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
      .map(\.element)
  }
}
