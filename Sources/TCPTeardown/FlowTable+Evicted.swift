/// How a flow makes room for a new one, where a capture holds more at a time than the table may.
extension FlowTable {
  /// Rows that are looked at for each flow that goes.
  ///
  /// They go round the table in turn, so what goes has been idle for long, if not the longest of all:
  /// to know that, every segment would have to move its flow in an order of them.
  private static let considered = 16

  /// Makes room for one more flow if there is none, but not that of the flow in the row `spared`.
  @inline(__always)
  mutating func makeRoom(sparing spared: Int = -1) {
    if count >= limit { evictOne(sparing: spared) }
  }

  /// Writes one flow's record early: of those considered a half-open one, else one that is settled,
  /// else any other; among equals the one that has been idle longest.
  @inline(never)
  private mutating func evictOne(sparing spared: Int) {
    var victim: (row: Int, keeping: Int, time: Int64)?
    var (considered, passed) = (0, 0)
    // Round the table once at most: it holds `limit` flows, and may hold free rows besides.
    while considered < Self.considered, passed < flows.count {
      passed += 1
      hand = hand + 1 < flows.count ? hand + 1 : 0
      guard hand != spared, flows[hand].stream >= 0 else { continue }
      considered += 1
      let (keeping, time) = (flows[hand].harmOfEviction, flows[hand].lastTime)
      if let best = victim, (best.keeping, best.time) <= (keeping, time) { continue }
      victim = (hand, keeping, time)
    }
    let (keeping, time) = victim.map { ($0.keeping, $0.time) } ?? (.max, 0)
    if keeping > 0, let place = closedLongest(), (1, closed[place].lastTime) < (keeping, time) {
      finalizeClosed(place, written: .evicted)
    } else if let victim {
      finalize(victim.row, written: .evicted)
    }
  }

  /// Of the closed flows considered the place of the one whose last segment is the longest ago.
  private mutating func closedLongest() -> Int? {
    guard closed.count > 0 else { return nil }
    var oldest: Int?
    var (considered, passed) = (0, 0)
    while considered < Self.considered, passed < closed.places {
      passed += 1
      closedHand = closedHand + 1 < closed.places ? closedHand + 1 : 0
      guard closed.holds(closedHand) else { continue }
      considered += 1
      if let best = oldest, closed[best].lastTime <= closed[closedHand].lastTime { continue }
      oldest = closedHand
    }
    return oldest
  }
}

extension Flow {
  /// The more, the more would be lost with the flow, were it told now.
  fileprivate var harmOfEviction: Int {
    // Of a flood's SYNs nothing else will ever come.
    if !marks.isSuperset(of: .bothHaveNext), marks.isDisjoint(with: [.closing, .sawData]) {
      return 0
    }
    return isSettled ? 1 : 2
  }
}
