internal import TCPTeardown

/// Keeps the records of the most harmful flows, as many as a limit allows.
struct MostHarmful: Sendable {
  private struct Rank: Comparable, Sendable {
    let harm: Int
    let stream: Int
    let place: Int

    /// Less harm is less; of equal harm the later stream is.
    static func < (a: Self, b: Self) -> Bool { (a.harm, -a.stream) < (b.harm, -b.stream) }
  }

  let limit: Int
  /// Flows taken in, kept or not.
  private(set) var flows = 0
  private var records: [FlowRecord] = []
  /// A heap with the least harmful on top.
  private var ranks: [Rank] = []

  init(limit: Int) { self.limit = max(0, limit) }

  mutating func take(_ record: borrowing FlowRecord) {
    flows += 1
    let harm = record.harm
    if records.count < limit {
      ranks.append(Rank(harm: harm, stream: record.stream, place: records.count))
      records.append(copy record)
      rise()
    } else if let least = ranks.first {
      let rank = Rank(harm: harm, stream: record.stream, place: least.place)
      guard least < rank else { return }
      records[least.place] = copy record
      ranks[0] = rank
      sink()
    }
  }

  /// The records kept, in the order of streams.
  var inOrder: [FlowRecord] { records.sorted { $0.stream < $1.stream } }

  private mutating func rise() {
    var child = ranks.count - 1
    while child > 0, ranks[child] < ranks[(child - 1) / 2] {
      ranks.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < ranks.count && ranks[child] < ranks[least] {
        least = child
      }
      guard least != parent else { return }
      ranks.swapAt(parent, least)
      parent = least
    }
  }
}
