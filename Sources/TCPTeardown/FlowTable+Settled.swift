/// How a flow settles, and waits until it is final.
extension FlowTable {
  /// Lets a settled flow wait until it is final, and in a live view until it is shown.
  @inline(never)
  mutating func settle(_ row: Int) {
    let marks = flows[row].marks
    if !marks.contains(.queued) {
      flows[row].marks.insert(.queued)
      var entry = entry(row, due: hold)
      if count >= packsFrom {
        let place = pack(row)
        if place >= 0 { entry.row = Int32(ClosedFlows.reference(to: place)) }
      }
      settled.append(entry)
      settled.rotate(latest: Self.time(hold, after: clock.now))
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
      row: row, stream: flows[row].stream, deadline: deadline(delay, after: flows[row].lastTime))
  }

  @inline(__always)
  private func deadline(_ delay: Int64, after lastTime: Int64) -> Int64 {
    Self.time(delay, after: min(lastTime, clock.now))
  }

  private static func time(_ delay: Int64, after time: Int64) -> Int64 {
    let (sum, isOverflow) = time.addingReportingOverflow(delay)
    return isOverflow ? .max : sum
  }

  /// When something may next be due; the end of time where nothing waits.
  var nextDeadline: Int64 { min(settled.nextDeadline, announcements.nextDeadline) }

  /// The shortest time that anything waits, in nanoseconds.
  var shortestWait: Int64 { min(hold, announceAfter ?? .max) }

  /// Makes final what is due by the clock.
  @inline(__always)
  mutating func expire() {
    while let entry = settled.next(due: clock.now) { expire(entry) }
    if announceAfter != nil {
      while let entry = announcements.next(due: clock.now) { announce(entry) }
    }
  }

  @inline(never)
  private mutating func expire(_ old: FlowQueue.Entry) {
    guard old.row < 0 else { return expire(old, row: Int(old.row)) }
    let place = ClosedFlows.reference(to: Int(old.row))
    guard old.isStill(closed.stream(place)) else { return }
    if let row = closed.row(ofFlowMovedFrom: place) {
      closed.free(place)
      return expire(old, row: row)
    }
    guard closed.holds(place) else { return }
    var new = old
    new.deadline = deadline(hold, after: closed[place].lastTime)
    if mustWait(until: new.deadline, closed[place].lastTime) {
      settled.append(new)
    } else {
      finalizeClosed(place, written: .closed)
    }
  }

  private mutating func expire(_ old: FlowQueue.Entry, row: Int) {
    guard old.isStill(flows[row].stream) else { return }
    let new = entry(row, due: hold)
    if mustWait(until: new.deadline, flows[row].lastTime) {
      settled.append(new)
    } else {
      finalize(row, written: .closed)
    }
  }

  /// A flow whose last stamp the clock has not come near meanwhile would wait for ever.
  private func mustWait(until deadline: Int64, _ lastTime: Int64) -> Bool {
    deadline > clock.now && !clock.isFarAhead(lastTime)
  }
}
