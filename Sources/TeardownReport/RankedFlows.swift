internal import TCPTeardown

/// Keeps the records of the flows that come first in an order, as many as a limit allows.
struct RankedFlows: Sendable {
  private struct Rank: Comparable, Sendable {
    let weight: Int64
    let stream: Int
    let place: Int

    /// What comes later is less; of equal weight the later stream is.
    static func < (a: Self, b: Self) -> Bool { (a.weight, -a.stream) < (b.weight, -b.stream) }
  }

  private let order: FlowOrder

  let limit: Int
  /// Flows taken in, kept or not.
  private(set) var flows = 0
  private var records: [FlowRecord] = []
  /// A heap with the last on top.
  private var ranks: [Rank] = []

  init(limit: Int, by order: FlowOrder = .harm) {
    self.limit = max(0, limit)
    self.order = order
  }

  /// Takes in a record; the capture's end is nil where it is not known.
  mutating func take(_ record: borrowing FlowRecord, captureEnd: Int64?) {
    flows += 1
    let weight = order.weight(of: record, captureEnd: captureEnd)
    if records.count < limit {
      ranks.append(Rank(weight: weight, stream: record.stream, place: records.count))
      records.append(copy record)
      rise()
    } else if let least = ranks.first {
      let rank = Rank(weight: weight, stream: record.stream, place: least.place)
      guard least < rank else { return }
      records[least.place] = copy record
      ranks[0] = rank
      sink()
    }
  }

  /// The records kept, in the order of streams.
  var inStreamOrder: [FlowRecord] { records.sorted { $0.stream < $1.stream } }

  /// The records kept, in the order that they were chosen by.
  var ranked: [FlowRecord] { ranks.sorted(by: >).map { records[$0.place] } }

  /// Flows that are not kept.
  var leftOut: Int { flows - records.count }

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
