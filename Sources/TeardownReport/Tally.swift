/// How often each of a few cases occurred.
struct Tally<Key: Equatable & CaseIterable & Sendable>: Sendable {
  /// Few cases occur in one capture, so a search is faster than a hash.
  private var counts: [(key: Key, count: Int)] = []

  mutating func add(_ key: Key, times: Int = 1) {
    for place in counts.indices where counts[place].key == key {
      counts[place].count += times
      return
    }
    counts.append((key, times))
  }

  subscript(key: Key) -> Int { counts.first { $0.key == key }?.count ?? 0 }

  /// The cases that occurred, in the order of their declaration.
  var occurring: [(key: Key, count: Int)] {
    Key.allCases.compactMap { key in counts.first { $0.key == key } }
  }

  /// The same, the most frequent first.
  var ranked: [(key: Key, count: Int)] {
    // Sorting is not stable: equal counts keep their order by their place.
    occurring.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
      .map(\.element)
  }
}
