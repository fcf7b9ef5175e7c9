/// How a flow settles, waits and becomes final.
extension FlowTable {
  private static let finishedAtOnce = 256

  /// Ends the capture: what is still live becomes final, in the order of streams.
  ///
  /// Call it until it gives false, and take the records out in between: all at once they would
  /// need many times the room of the flows.
  package mutating func finishSome() -> Bool {
    if unfinished == nil { unfinished = liveRows() }
    for _ in 0..<Self.finishedAtOnce {
      guard let next = unfinished?.popLast() else { break }
      // A flow may have become final with the one that took its tuple over.
      if flows[next.row].stream == next.stream { finalize(next.row, written: .captureEnd) }
    }
    return hasDue || unfinished?.isEmpty == false
  }

  /// Lets a settled flow wait until it is final, and in a live view until it is shown.
  mutating func settle(_ row: Int) {
    let marks = flows[row].marks
    if !marks.contains(.queued) {
      flows[row].marks.insert(.queued)
      settled.append(entry(row, due: hold))
      settled.rotate(latest: deadline(hold, after: clock.now))
    }
    if let announceAfter, !marks.contains(.announced) {
      flows[row].marks.insert(.announced)
      announcements.append(entry(row, due: announceAfter))
    }
  }

  /// Lets a row wait until `delay` nanoseconds after its flow's last segment.
  ///
  /// A stamp ahead of the clock may be corrupt: in the queue it would hold up all behind it.
  // Inlined, for a call would be handed a copy of the table.
  @inline(__always)
  private func entry(_ row: Int, due delay: Int64) -> FlowQueue.Entry {
    FlowQueue.Entry(
      row: row, stream: flows[row].stream,
      deadline: deadline(delay, after: min(flows[row].lastTime, clock.now)))
  }

  @inline(__always)
  private func deadline(_ delay: Int64, after time: Int64) -> Int64 {
    let (deadline, isOverflow) = time.addingReportingOverflow(delay)
    return isOverflow ? .max : deadline
  }

  @inline(__always)
  mutating func expire() {
    while let entry = settled.next(due: clock.now) { expire(entry) }
    if announceAfter != nil {
      while let entry = announcements.next(due: clock.now) { announce(entry) }
    }
  }

  private mutating func expire(_ old: FlowQueue.Entry) {
    let row = Int(old.row)
    guard old.isStill(flows[row].stream) else { return }
    let new = entry(row, due: hold)
    // A flow whose last stamp the clock has not come near meanwhile would wait for ever.
    if new.deadline > clock.now, !clock.isFarAhead(flows[row].lastTime) {
      settled.append(new)
    } else {
      finalize(row, written: .closed)
    }
  }

  private mutating func announce(_ entry: FlowQueue.Entry) {
    let row = Int(entry.row)
    guard entry.isStill(flows[row].stream) else { return }
    due.append(
      flows[row], in: pools, successor: nil, written: .closed, isFinal: false, until: clock.end)
  }

  mutating func finalizePredecessor(of row: Int) {
    guard flows[row].marks.contains(.hasPredecessor) else { return }
    flows[row].marks.remove(.hasPredecessor)
    finalize(Int(pools.annexes[flows[row].annex].predecessor), written: .superseded)
  }

  private mutating func finalize(_ row: Int, written: FlowRecord.Written) {
    if flows[row].marks.contains(.hasPredecessor) { finalizePredecessor(of: row) }
    let successor = successor(of: row)
    due.append(
      flows[row], in: pools, successor: successor.map { flows[$0].stream },
      written: successor == nil ? written : .superseded, isFinal: true, until: clock.end)
    counts.impossibleFlags += Int(flows[row].impossible)
    counts.evidenceOverflow += Int(flows[row].overflow)
    counts.duplicates += Int(flows[row].duplicates)
    if let successor { flows[successor].marks.remove(.hasPredecessor) }
    // Nothing comes after the capture's end: who would look for the flow, or take its room?
    if unfinished == nil { forget(row, isSuperseded: successor != nil) }
    flows[row].stream = -1
    freeRows.append(Int32(row))
  }

  /// The row of the flow that took the tuple of this one over.
  @inline(__always)
  private func successor(of row: Int) -> Int? {
    guard flows[row].annex >= 0 else { return nil }
    let successor = pools.annexes[flows[row].annex].successor
    return successor < 0 ? nil : Int(successor)
  }

  /// Takes a flow out of the index, and gives back what it holds beyond its row.
  private mutating func forget(_ row: Int, isSuperseded: Bool) {
    if !isSuperseded {
      let hash = flows[row].key.hash(seed: seed)
      index.remove(row, hash: FlowIndex.indexed(hash))
      recent.insert(hash)
    }
    flows[row].release(&pools)
  }

  package var hasDue: Bool { !due.isEmpty }

  /// Hands over the flows whose records are due since the last call, for an empty batch.
  package mutating func takeDue(_ empty: inout DueFlows) { swap(&due, &empty) }

  /// Every live flow, the last stream first.
  func liveRows() -> [(stream: Int, row: Int)] {
    var rows: [(stream: Int, row: Int)] = []
    rows.reserveCapacity(count)
    // Backwards: rows are mostly in the order of streams, and sorting what is sorted is quick.
    for row in (0..<flows.count).reversed() where flows[row].stream >= 0 {
      rows.append((stream: flows[row].stream, row: row))
    }
    rows.sort { $0.stream > $1.stream }
    return rows
  }
}
