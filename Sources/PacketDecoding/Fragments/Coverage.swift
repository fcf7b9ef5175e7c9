/// Which octets of a datagram there are: ranges in ascending order that do not touch each other.
struct Coverage: Equatable, Sendable {
  private(set) var ranges: [Range<Int>] = []

  /// Where the last of them ends.
  var end: Int { ranges.last?.upperBound ?? 0 }

  /// Octets that are there from the first on.
  var prefix: Int { ranges.first.map { $0.lowerBound == 0 ? $0.upperBound : 0 } ?? 0 }

  func contains(_ range: Range<Int>) -> Bool {
    let place = firstIndex(endingAt: range.upperBound)
    return place < ranges.count && ranges[place].lowerBound <= range.lowerBound
  }

  func overlaps(_ range: Range<Int>) -> Bool {
    let place = firstIndex(endingAt: range.lowerBound + 1)
    return place < ranges.count && ranges[place].lowerBound < range.upperBound
  }

  /// Adds `range`, which is not empty, to those that it touches.
  mutating func insert(_ range: Range<Int>) {
    let first = firstIndex(endingAt: range.lowerBound)
    var (merged, last) = (range, first)
    while last < ranges.count, ranges[last].lowerBound <= range.upperBound {
      let (start, end) = (ranges[last].lowerBound, ranges[last].upperBound)
      merged = min(merged.lowerBound, start)..<max(merged.upperBound, end)
      last += 1
    }
    ranges.replaceSubrange(first..<last, with: CollectionOfOne(merged))
  }

  /// The first range that ends at `end` or behind it.
  private func firstIndex(endingAt end: Int) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < end { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
