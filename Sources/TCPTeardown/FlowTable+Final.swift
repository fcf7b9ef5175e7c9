/// How a flow becomes final.
extension FlowTable {
  private static let finishedAtOnce = 256

  /// Ends the capture: what is still live becomes final, in the order of streams.
  ///
  /// Call it until it gives false, and take the flows out in between: all at once they would
  /// need many times the room of the table.
  package mutating func finishSome() -> Bool {
    if unfinished == nil { unfinished = liveFlows() }
    for _ in 0..<Self.finishedAtOnce {
      guard let next = unfinished?.popLast() else { break }
      if next.isSettled {
        finalize(slot: next.place, written: .captureEnd)
      } else if flows[next.place].stream == next.stream {
        // Else it became final with the one that took its tuple over.
        finalize(next.place, written: .captureEnd)
      }
    }
    return hasDue || unfinished?.isEmpty == false
  }

  mutating func announce(_ entry: FlowQueue.Entry) {
    let row = Int(entry.row)
    guard entry.isStill(flows[row].stream) else { return }
    makeDue(flows[row], evidence: nil, written: .closed, isFinal: false)
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
    makeDue(flows[row], evidence: nil, written: isSuperseded ? .superseded : written)
    if isSuperseded {
      let successor = Int(pools.annexes[flows[row].annex].successor)
      flows[successor].marks.remove(.hasPredecessor)
    }
    // Nothing comes after the capture's end: who would look for the flow, or take its room?
    if unfinished == nil { forget(row, isSuperseded: isSuperseded) }
    free(row)
  }

  /// Makes a settled flow final.
  mutating func finalize(slot: Int, written: FlowRecord.Written) {
    makeDue(settled[slot], evidence: slot, written: written)
    guard unfinished == nil else { return }
    var flow = settled[slot]
    let hash = flow.key.hash
    settled.remove(slot, hash: hash)
    recent.insert(hash)
    flow.release(&pools)
  }

  /// Takes a flow out of the index, and gives back what it holds beyond its row.
  private mutating func forget(_ row: Int, isSuperseded: Bool) {
    releaseSlot(of: row)
    if !isSuperseded {
      let hash = flows[row].key.hash
      index.remove(row, hash: FlowIndex.indexed(hash))
      recent.insert(hash)
    }
    flows[row].release(&pools)
  }

  /// Adds a flow to those whose records are due, with the evidence that its slot holds, if it has
  /// one, or the pool.
  // Inlined, for a call would be handed a copy of the row.
  @inline(__always)
  private mutating func makeDue(
    _ flow: borrowing Flow, evidence slot: Int?, written: FlowRecord.Written, isFinal: Bool = true
  ) {
    let annex = flow.annex < 0 ? nil : pools.annexes[flow.annex]
    let start = due.observations.count
    if let slot {
      settled.addEvidence(of: slot, pools.evidence, to: &due.observations)
    } else {
      pools.evidence.add(flow.evidence, to: &due.observations)
    }
    var successor: Int?
    if let annex, annex.successor >= 0 { successor = flows[Int(annex.successor)].stream }
    due.append(
      flow, annex, evidence: start..<due.observations.count, successor: successor,
      written: written, isFinal: isFinal, until: clock.end)
    guard isFinal else { return }
    counts.impossibleFlags += Int(flow.impossible)
    counts.evidenceOverflow += Int(flow.overflow)
    counts.duplicates += Int(flow.duplicates)
  }

  package var hasDue: Bool { !due.isEmpty }

  /// Hands over the flows whose records are due since the last call, for an empty batch.
  package mutating func takeDue(_ empty: inout DueFlows) { swap(&due, &empty) }

  /// A flow that is live at the end of the capture.
  struct LiveFlow: Sendable {
    let stream: Int
    /// Its row, or its slot if it is settled.
    let place: Int
    let isSettled: Bool
  }

  /// Every live flow, the last stream first.
  private func liveFlows() -> [LiveFlow] {
    var found: [LiveFlow] = []
    found.reserveCapacity(count)
    for row in 0..<flows.count where flows[row].stream >= 0 {
      found.append(LiveFlow(stream: flows[row].stream, place: row, isSettled: false))
    }
    settled.forEach { found.append(LiveFlow(stream: $1, place: $0, isSettled: true)) }
    found.sort { $0.stream > $1.stream }
    return found
  }
}
