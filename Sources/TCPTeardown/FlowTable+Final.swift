/// How a flow becomes final.
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
      if next.isSettled {
        finalize(slot: next.place, written: .captureEnd)
      } else if flows[next.place].stream == next.stream {
        finalize(next.place, written: .captureEnd)
      }
    }
    return hasFinished || unfinished?.isEmpty == false
  }

  mutating func announce(_ entry: FlowQueue.Entry) {
    let row = Int(entry.row)
    guard entry.isStill(flows[row].stream) else { return }
    announced.append(
      record(
        of: flows[row], flows[row].annex(in: pools), evidence(of: row), written: .closed,
        isFinal: false))
  }

  mutating func finalizePredecessor(of row: Int) {
    guard flows[row].marks.contains(.hasPredecessor) else { return }
    flows[row].marks.remove(.hasPredecessor)
    finalize(Int(pools.annexes[flows[row].annex].predecessor), written: .superseded)
  }

  /// Makes the flow of a row final.
  mutating func finalize(_ row: Int, written: FlowRecord.Written) {
    finalizePredecessor(of: row)
    releaseSlot(of: row)
    let annex = flows[row].annex(in: pools)
    if let annex, annex.successor >= 0 {
      let record = finish(flows[row], annex, evidence(of: row), written: .superseded)
      flows[Int(annex.successor)].marks.remove(.hasPredecessor)
      if !record.teardown.timeWait.isEmpty {
        flows[Int(annex.successor)].marks.insert(.metTimeWait)
      }
    } else {
      finish(flows[row], annex, evidence(of: row), written: written)
      let hash = flows[row].key.hash(seed: seed)
      index.remove(row, hash: FlowIndex.indexed(hash))
      recent.insert(hash)
    }
    flows[row].release(&pools)
    free(row)
  }

  /// Makes a settled flow final.
  mutating func finalize(slot: Int, written: FlowRecord.Written) {
    var flow = settled[slot]
    finish(
      flow, flow.annex(in: pools), settled.evidence(of: slot, pools.evidence), written: written)
    let hash = flow.key.hash(seed: seed)
    settled.remove(slot, hash: hash)
    recent.insert(hash)
    flow.release(&pools)
  }

  private func evidence(of row: Int) -> [Observation] {
    pools.evidence.observations(of: flows[row].evidence)
  }

  @discardableResult
  private mutating func finish(
    _ flow: Flow, _ annex: FlowAnnex?, _ evidence: [Observation], written: FlowRecord.Written
  ) -> FlowRecord {
    let record = record(of: flow, annex, evidence, written: written, isFinal: true)
    finished.append(record)
    counts.impossibleFlags += Int(flow.impossible)
    counts.evidenceOverflow += Int(flow.overflow)
    counts.duplicates += Int(flow.duplicates)
    return record
  }

  func record(
    of flow: Flow, _ annex: FlowAnnex?, _ evidence: [Observation], written: FlowRecord.Written,
    isFinal: Bool
  ) -> FlowRecord {
    let facts = FlowFacts(flow, annex, evidence: evidence, until: clock.end)
    return FlowRecord(
      flow, facts, written: written, isFinal: isFinal,
      teardown: reconstruct(facts, options: options))
  }

  /// A flow that is live at the end of the capture.
  struct LiveFlow: Sendable {
    let stream: Int
    /// Its row, or its slot if it is settled.
    let place: Int
    let isSettled: Bool
  }

  /// Every live flow, the last stream first.
  func liveRows() -> [LiveFlow] {
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
