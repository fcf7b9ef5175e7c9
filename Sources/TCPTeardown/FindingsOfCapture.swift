internal import PacketDecoding

/// What a person should know of what the capture shows of a flow, and what it lacks.
extension Reconstruction {
  mutating func addCaptureFindings() {
    addBlackHole()
    if facts.isSuperseded,
      [.open, .closing, .partial, .unanswered].contains(record.teardown.outcome)
    {
      let next = kinds.nextSYNs.first
      report(Finding(.superseded, frames: Frames(next.map { evidence[$0].frame } ?? 0)))
    }
    if facts.isMidstream {
      report(Finding(.midstream, frames: Frames(facts.firstFrame)))
    }
    if let silent = silentSide, record.teardown.outcome != .unanswered,
      record.teardown.outcome != .unreachable
    {
      report(Finding(.oneSided, side: silent, frames: Frames(facts.firstFrame)))
    }
    if facts.gaps > 0 {
      report(Finding(.gap, frames: Frames(facts.firstGap.frame), count: facts.gaps))
    }
    if facts.reordered > 0 {
      report(
        Finding(
          .reordered, frames: Frames(facts.firstReordered.frame), count: facts.reordered))
    }
    if facts.duplicates > 0 {
      report(
        Finding(
          .duplicateFrames, frames: Frames(facts.firstDuplicate.frame), count: facts.duplicates))
    }
    if facts.overflow > 0 {
      report(
        Finding(
          .evidenceOverflow, frames: Frames(facts.firstOverflow.frame), count: facts.overflow))
    }
  }

  /// A router asked for smaller segments, and its sender went on repeating large ones.
  private mutating func addBlackHole() {
    for place in kinds.icmpErrors {
      let error = evidence[place]
      let number = error.acknowledgmentNumber.rawValue
      guard facts.isIPv6 ? number >> 8 == 2 : number == 3 << 8 | 4 else { continue }
      let repeats = (kinds.by[error.side] & kinds.repeats).map { evidence[$0] }
      let repeated = repeats.first {
        !$0.isProbe && $0.count >= 2 && $0.lastTime > error.time
      }
      guard let repeated else { continue }
      report(
        Finding(
          .mtuBlackHole, side: error.side, grade: .inferred,
          frames: Frames(error.frame, repeated.frame, repeated.lastFrame), count: 1,
          values: [
            NamedValue("attempts", .count(Int(repeated.count))),
            NamedValue("octets", .count(Int(repeated.payloadLength))),
          ]))
      return
    }
  }

  /// R27: behind a gap in the capture what seemed proved is only likely; R26: so is what lies behind
  /// its end, where an estimate of the way puts it.
  mutating func lowerGradesBehindGapAndEnd() {
    for side in Side.allCases {
      if let last = record.teardown.states[side].last, last.enteredAt > facts.until {
        lowerGrades(of: side, from: facts.until + 1)
      }
      if facts.gaps > 0 { lowerGrades(of: side, from: facts.firstGap.time) }
    }
    guard facts.gaps > 0 else { return }
    if let closer = record.teardown.closedBy,
      closer.frames.array.allSatisfy({ $0 >= facts.firstGap.frame })
    {
      record.teardown.closedBy?.grade = min(closer.grade, .inferred)
    }
  }

  private mutating func lowerGrades(of side: Side, from time: Int64) {
    for place in record.teardown.states[side].indices
    where record.teardown.states[side][place].enteredAt >= time {
      record.teardown.states[side][place].grade = min(
        record.teardown.states[side][place].grade, .inferred)
    }
    for place in record.teardown.timeWait.indices
    where record.teardown.timeWait[place].side == side
      && record.teardown.timeWait[place].enteredAt >= time
    {
      record.teardown.timeWait[place].grade = min(record.teardown.timeWait[place].grade, .inferred)
    }
  }
}
