/// How a flow settles, and waits until it is final.
extension FlowTable {
  /// Lets a settled flow wait until it is final, and in a live view until it is shown.
  @inline(never)
  mutating func settle(_ row: Int) {
    let marks = flows[row].marks
    if !marks.contains(.queued) {
      flows[row].marks.insert(.queued)
      settled.append(entry(row, due: hold))
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
      row: row, stream: flows[row].stream,
      deadline: Self.time(delay, after: min(flows[row].lastTime, clock.now)))
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
}
