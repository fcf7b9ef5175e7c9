internal import TCPTeardown

/// For each of a few kinds of thing, the flows to look at: the most harmful ones.
struct StreamsToSee<Key: Equatable & Sendable>: Sendable {
  private static var streamsAtMost: Int { 5 }

  private var kinds: [(key: Key, streams: [(harm: Int, stream: Int)])] = []

  /// Notes a flow by its harm and its stream.
  mutating func add(_ key: Key, _ harm: Int, _ stream: Int) {
    var place = 0
    while place < kinds.count, kinds[place].key != key { place += 1 }
    if place == kinds.count { kinds.append((key, [])) }
    let count = kinds[place].streams.count
    // Most flows are no worse than those that are there.
    if count == Self.streamsAtMost, let last = kinds[place].streams.last {
      guard harm > last.harm || harm == last.harm && stream < last.stream else { return }
    }
    let rank =
      kinds[place].streams.firstIndex { (harm, $0.stream) > ($0.harm, stream) } ?? count
    kinds[place].streams.insert((harm, stream), at: rank)
    if kinds[place].streams.count > Self.streamsAtMost { kinds[place].streams.removeLast() }
  }

  /// The streams of `key` by number.
  subscript(key: Key) -> [Int] {
    (kinds.first { $0.key == key }?.streams ?? []).map(\.stream).sorted()
  }
}

/// What to do about each kind of finding.
struct FindingAdvice: Sendable {
  /// One finding stands for all of its kind: the most harmful one.
  private var examples: [Finding] = []

  mutating func note(_ finding: Finding) {
    guard let place = examples.firstIndex(where: { $0.code == finding.code }) else {
      examples.append(finding)
      return
    }
    let isOfOneSide = examples[place].side == finding.side
    if finding.harm > examples[place].harm { examples[place] = finding }
    // Advice that names a side is for that side alone.
    if !isOfOneSide { examples[place].side = nil }
  }

  /// The most harmful kinds first, those of equal harm in the order of their declaration.
  var ranked: [Finding] {
    let order = Finding.Code.allCases
    return examples.sorted {
      ($1.harm, order.firstIndex(of: $0.code) ?? 0) < ($0.harm, order.firstIndex(of: $1.code) ?? 0)
    }
  }
}

extension Finding.Code {
  /// It tells of the capture rather than of the connection.
  var isHygiene: Bool {
    switch self {
    case .midstream, .oneSided, .gap, .duplicateFrames, .reordered, .truncated, .clockStep,
      .evidenceOverflow:
      true
    default: false
    }
  }
}
