/// How a flow settles, and waits until it is final.
extension FlowTable {
  /// Lets a settled flow wait until it is final, and in a live view until it is shown.
  @inline(never)
  mutating func settle(_ row: Int) {
    guard !isLive, flows[row].mayLeaveItsRow else {
      waitInRow(row)
      return
    }
    flows[row].marks.remove(.queued)
    let hash = flows[row].key.hash
    if flows[row].slot >= 0 {
      settled.putBack(flows[row], pool: &pools.evidence)
    } else {
      settled.add(
        flows[row], hash: hash, deadline: deadline(of: flows[row], after: hold),
        latest: Self.time(hold, after: clock.now), pool: &pools.evidence)
    }
    index.remove(row, hash: FlowIndex.indexed(hash))
    free(row)
  }

  /// A live view asks for rows again, and what waits for a handshake to tell of its end is known
  /// to another row.
  private mutating func waitInRow(_ row: Int) {
    if !flows[row].marks.contains(.queued) {
      flows[row].marks.insert(.queued)
      waiting.append(entry(row, due: hold))
      waiting.rotate(latest: Self.time(hold, after: clock.now))
    }
    if let announceAfter, !flows[row].marks.contains(.announced) {
      flows[row].marks.insert(.announced)
      announcements.append(entry(row, due: announceAfter))
    }
  }

  // Inlined, for a call would be handed a copy of the table.
  @inline(__always)
  private func entry(_ row: Int, due delay: Int64) -> FlowQueue.Entry {
    FlowQueue.Entry(
      row: row, stream: flows[row].stream, deadline: deadline(of: flows[row], after: delay))
  }

  /// The time `delay` nanoseconds after a flow's last segment.
  ///
  /// A stamp ahead of the clock may be corrupt: in the queue it would hold up all behind it.
  // Inlined, for a call would be handed a copy of the table.
  @inline(__always)
  private func deadline(of flow: Flow, after delay: Int64) -> Int64 {
    Self.time(delay, after: min(flow.lastTime, clock.now))
  }

  private static func time(_ delay: Int64, after time: Int64) -> Int64 {
    let (sum, isOverflow) = time.addingReportingOverflow(delay)
    return isOverflow ? .max : sum
  }

  /// When something may next be due; the end of time where nothing waits.
  var nextDeadline: Int64 {
    min(settled.nextDeadline, waiting.nextDeadline, announcements.nextDeadline)
  }

  /// The shortest time that anything waits, in nanoseconds.
  var shortestWait: Int64 { min(hold, announceAfter ?? .max) }

  /// Makes final what is due by the clock.
  @inline(__always)
  mutating func expire() {
    while let slot = settled.next(due: clock.now) { expire(slot: slot) }
    while let entry = waiting.next(due: clock.now) { expire(entry) }
    if announceAfter != nil {
      while let entry = announcements.next(due: clock.now) { announce(entry) }
    }
  }

  @inline(never)
  private mutating func expire(slot: Int) {
    if let deadline = laterDeadline(of: settled[slot]) {
      settled.wait(slot, until: deadline)
    } else {
      finalize(slot: slot, written: .closed)
    }
  }

  @inline(never)
  private mutating func expire(_ old: FlowQueue.Entry) {
    let row = Int(old.row)
    guard old.isStill(flows[row].stream) else { return }
    if let deadline = laterDeadline(of: flows[row]) {
      waiting.append(
        FlowQueue.Entry(row: row, stream: flows[row].stream, deadline: deadline))
    } else {
      finalize(row, written: .closed)
    }
  }

  /// Until when a flow must wait that segments came for meanwhile; nil if it is final.
  // Inlined, for a call would be handed a copy of the table.
  @inline(__always)
  private func laterDeadline(of flow: Flow) -> Int64? {
    let deadline = deadline(of: flow, after: hold)
    // A flow whose last stamp the clock has not come near meanwhile would wait for ever.
    return deadline > clock.now && !clock.isFarAhead(flow.lastTime) ? deadline : nil
  }

  /// Frees the place among settled flows that a row has kept.
  mutating func releaseSlot(of row: Int) {
    guard flows[row].slot >= 0 else { return }
    settled.remove(Int(flows[row].slot), hash: flows[row].key.hash)
    flows[row].slot = -1
  }
}

extension Flow {
  /// Whether no other row knows where this one is.
  fileprivate var mayLeaveItsRow: Bool {
    marks.isDisjoint(with: [.hasPredecessor, .superseded])
  }
}
