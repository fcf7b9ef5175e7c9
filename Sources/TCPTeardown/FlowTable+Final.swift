internal import PacketDecoding

/// How a flow becomes final.
extension FlowTable {
  private static let finishedAtOnce = 256

  /// Ends the capture: what is still live becomes final, in the order of streams.
  ///
  /// Call it until it gives false, and take the flows out in between: all at once they would
  /// need many times the room of the table.
  package mutating func finishSome() -> Bool {
    if unfinished == nil { unfinished = liveRows() }
    for turn in 0..<Self.finishedAtOnce {
      if turn % Self.fetchedAtOnce == 0 { fetchUnfinished() }
      guard let next = unfinished?.popLast() else { break }
      if next.row < 0 {
        finalizeClosed(ClosedFlows.reference(to: next.row), written: .captureEnd)
      } else if flows[next.row].stream == next.stream {
        // Else it became final with the flow that took its tuple over.
        finalize(next.row, written: .captureEnd)
      }
    }
    return hasDue || unfinished?.isEmpty == false
  }

  /// Looks at the flows whose turn is next, and at their evidence, to have them at hand.
  ///
  /// Nothing has touched most of them for long: one after the other they would be waited for.
  private mutating func fetchUnfinished() {
    guard let left = unfinished?.count else { return }
    var touched = touched
    var blocks = InlineArray<32, Int32>(repeating: -1)
    let places = max(0, left - Self.fetchedAtOnce)..<left
    for place in places {
      guard let row = unfinished?[place].row else { break }
      guard row >= 0 else {
        touched &+= closed.touch(ClosedFlows.reference(to: row))
        continue
      }
      touched &+= flows[row].touchAll
      blocks[place &- places.lowerBound] = flows[row].evidence.firstBlock
    }
    for place in blocks.indices where blocks[place] >= 0 {
      touched &+= pools.evidence.touch(blocks[place])
    }
    self.touched = touched
  }

  mutating func announce(_ entry: FlowQueue.Entry) {
    let row = Int(entry.row)
    guard entry.isStill(flows[row].stream) else { return }
    makeDue(row, written: .closed, isFinal: false)
  }

  mutating func finalizePredecessor(of row: Int) {
    guard flows[row].marks.contains(.hasPredecessor) else { return }
    flows[row].marks.remove(.hasPredecessor)
    finalize(Int(pools.annexes[flows[row].annex].predecessor), written: .superseded)
  }

  /// Makes the flow of a row final.
  mutating func finalize(_ row: Int, written: FlowRecord.Written) {
    if flows[row].marks.contains(.hasPredecessor) { finalizePredecessor(of: row) }
    let isSuperseded = flows[row].marks.contains(.superseded)
    makeDue(row, written: isSuperseded ? .superseded : written)
    if isSuperseded {
      let successor = Int(pools.annexes[flows[row].annex].successor)
      flows[successor].marks.remove(.hasPredecessor)
    }
    // Nothing comes after the capture's end: who would look for the flow, or take its room?
    if unfinished == nil { forget(row, isSuperseded: isSuperseded) }
    free(row)
  }

  /// Takes a flow out of the index, and gives back what it holds beyond its row.
  private mutating func forget(_ row: Int, isSuperseded: Bool) {
    if !isSuperseded {
      let hash = flows[row].key.hash
      index.remove(row, hash: Tuple.indexed(hash))
      recent.insert(hash)
    }
    flows[row].release(&pools)
  }

  /// Adds the flow of a row to those whose records are due.
  private mutating func makeDue(_ row: Int, written: FlowRecord.Written, isFinal: Bool = true) {
    var successor: Int?
    if flows[row].marks.contains(.superseded) {
      successor = flows[Int(pools.annexes[flows[row].annex].successor)].stream
    }
    due.append(
      row, of: flows, in: pools, successor: successor, written: written, isFinal: isFinal,
      until: clock.end)
    guard isFinal else { return }
    counts.impossibleFlags += Int(flows[row].impossible)
    counts.evidenceOverflow += Int(flows[row].overflow)
    counts.duplicates += Int(flows[row].duplicates)
  }

  package var hasDue: Bool { !due.isEmpty }

  /// Hands over the flows whose records are due since the last call, for an empty batch.
  package mutating func takeDue(_ empty: inout DueFlows) { swap(&due, &empty) }

  /// Every live flow, the last stream first.
  private func liveRows() -> [(stream: Int, row: Int)] {
    var rows: [(stream: Int, row: Int)] = []
    rows.reserveCapacity(count)
    for row in 0..<flows.count where flows[row].stream >= 0 {
      rows.append((stream: flows[row].stream, row: row))
    }
    for place in 0..<closed.places where closed.holds(place) {
      rows.append((stream: closed.stream(place), row: ClosedFlows.reference(to: place)))
    }
    let first = rows.map(\.stream).min() ?? 0
    // Nearly always a good part of the last streams is live: each has its place then.
    guard nextStream - first <= 4 * rows.count else { return rows.sorted { $0.stream > $1.stream } }
    var places = Array(repeating: -1, count: nextStream - first)
    for place in rows.indices { places[rows[place].stream - first] = place }
    return places.reversed().lazy.filter { $0 >= 0 }.map { rows[$0] }
  }
}
