internal import PacketDecoding

/// R9 to R11, R17 to R19: the ledger of TIME-WAIT.
extension Reconstruction {
  /// One TIME-WAIT as the ledger follows it, at the side that holds it.
  private struct Entry {
    let side: Side
    let enteredAt: Int64
    var grade: Grade
    var lastStart: Int64
    var restarts = 0
    /// Segments that restarted it.
    var frames = Frames()
    var end: (time: Int64, by: TimeWait.End, grade: Grade, rule: Rule, frame: Int)?
  }

  mutating func keepTimeWaits() {
    keepTimeWait(of: .client)
    keepTimeWait(of: .server)
  }

  /// The TIME-WAIT of the side that closed first in a plain close, entered at `time` (R9).
  ///
  /// Only its last ACK can mean anything to it, and no piece of evidence is a copy of that.
  mutating func keepPlainTimeWait(of side: Side, from time: Int64, lastACK: Mark) {
    var entry = Entry(side: side, enteredAt: time, grade: .observed, lastStart: time)
    let left = sent(lastACK.time, by: side)
    if left > time + vantage.jitter, left < latestEnd(of: entry) {
      entry.restarts = 1
      entry.lastStart = left
      entry.frames = Frames(lastACK.frame)
    }
    conclude(entry)
  }

  private mutating func keepTimeWait(of side: Side) {
    guard let last = record.teardown.states[side].indices.last,
      record.teardown.states[side][last].state == .timeWait
    else { return }
    let enteredAt = record.teardown.states[side][last].enteredAt
    var entry = Entry(
      side: side, enteredAt: enteredAt, grade: record.teardown.states[side][last].grade,
      lastStart: enteredAt)
    for place in Places(count: evidence.count) where entry.end == nil {
      take(place, into: &entry)
    }
    record.teardown.states[side][last].grade = entry.grade
    conclude(entry)
  }

  /// What one piece of evidence means to a TIME-WAIT.
  @inline(__always)
  private mutating func take(_ place: Int, into entry: inout Entry) {
    guard !kinds.icmpErrors.contains(place) else { return }
    if kinds.by[entry.side].contains(place) {
      takeOwn(place, into: &entry)
    } else if kinds.syns.contains(place) {
      if kinds.ofNext.contains(place) { takeSYN(place, into: &entry) }
    } else if kinds.resets.contains(place) {
      takeReset(place, into: &entry)
    } else if (kinds.acks - kinds.ofNext).contains(place) {
      takeLate(place, into: &entry)
    }
  }

  /// What the side itself sends: a SYN shows it has let go, a RST without ACK that it had.
  @inline(__always)
  private func takeOwn(_ place: Int, into entry: inout Entry) {
    let time = sent(evidence[place].time, by: entry.side)
    guard time > entry.enteredAt else { return }
    if kinds.nextSYNs.contains(place) {
      let isEarly = time < nominalEnd(of: entry)
      entry.end = (
        isEarly ? time : nominalEnd(of: entry), isEarly ? .reuse : .twoMSL,
        isEarly ? .observed : .assumed, isEarly ? .newIncarnation : .nominalEnd,
        evidence[place].frame
      )
    } else if (kinds.plainACKs - kinds.ofNext).contains(place), !isOldCopy(place),
      time > entry.lastStart + vantage.jitter, time < latestEnd(of: entry)
    {
      // It answers something that this capture lacks, and what it answers restarted the timer (R9).
      entry.restarts += 1
      entry.lastStart = time
      entry.frames.add(evidence[place].frame)
    }
  }

  /// Whether the network, and not its sender, sent a segment again: as an earlier one by IP-ID and
  /// TSval, or by either where that is all there is.
  private func isOldCopy(_ place: Int) -> Bool {
    let copy = evidence[place]
    guard copy.identification != 0 || copy.marks.contains(.timestamps) else { return false }
    return evidence[..<place].contains {
      $0.repeats(copy) && $0.identification == copy.identification
        && $0.timestampValue == copy.timestampValue
    }
  }

  /// R17, R18: a new SYN comes to the side that is in TIME-WAIT.
  private func takeSYN(_ place: Int, into entry: inout Entry) {
    let syn = evidence[place]
    guard received(syn.lastTime, by: entry.side) > entry.enteredAt,
      let answer = decisiveAnswer(toSYNsAfter: syn.time, by: entry.side),
      let asked = lastSYN(before: answer), asked == syn.time || asked == syn.lastTime
    else { return }
    let arrival = received(asked, by: entry.side)
    // A SYN-ACK took the SYN; a RST with ACK tells of no listener and no TIME-WAIT in the way (R18).
    let isTaken = answer.flags.contains(.syn)
    let isEarly = arrival < nominalEnd(of: entry)
    entry.end = (
      isEarly ? arrival : nominalEnd(of: entry),
      isEarly ? (isTaken ? .reuse : .gone) : .twoMSL, isEarly ? .observed : .assumed,
      isEarly ? (isTaken ? .newIncarnation : .noSocket) : .nominalEnd, answer.frame
    )
  }

  /// The SYN-ACK, or RST with ACK, that came of the next connection's SYNs.
  ///
  /// Bare ACKs of old numbers come before it and decide nothing.
  func decisiveAnswer(toSYNsAfter time: Int64, by side: Side) -> Observation? {
    let answers = kinds.by[side] & kinds.ofNext & kinds.acks & (kinds.syns | kinds.resets)
    return answers.first { evidence[$0].time >= time }.map { evidence[$0] }
  }

  /// When the last SYN of the next connection was captured that `answer` can have answered.
  private func lastSYN(before answer: Observation) -> Int64? {
    var last: Int64?
    for syn in kinds.nextSYNs & kinds.by[answer.side.peer] {
      for time in [evidence[syn].time, evidence[syn].lastTime] where time <= answer.time {
        last = max(last ?? time, time)
      }
    }
    return last
  }

  /// R11: a RST with exactly the number that the side expects ends TIME-WAIT on most hosts.
  private mutating func takeReset(_ place: Int, into entry: inout Entry) {
    let reset = evidence[place]
    let arrival = received(reset.time, by: entry.side)
    guard arrival > entry.enteredAt, let number = fin[entry.side.peer],
      reset.sequenceNumber == number + 1, arrival < nominalEnd(of: entry)
    else { return }
    guard !ignoresResets(entry.side, number: number + 1, enteredAt: entry.enteredAt) else {
      noteIgnored(reset, by: entry.side)
      return
    }
    // A host that ignores it would answer something later: not to be seen where it is not captured.
    let grade: Grade = oneDirection?.side == reset.side ? .unknown : .inferred
    entry.end = (arrival, .reset, grade, .resetInTimeWait, reset.frame)
    noteRefusal(reset)
  }

  /// The RST that ended TIME-WAIT answered what the next connection's SYN drew (R18).
  private mutating func noteRefusal(_ reset: Observation) {
    guard reset.isOfNextIncarnation, record.teardown.reset == nil,
      let answer = oldAcknowledgment(answeredBy: reset)
    else { return }
    record.teardown.reset = ResetVerdict(
      by: reset.side, cause: .timeWaitRefusal, grade: .observed,
      frames: Frames(answer.frame, reset.frame), values: [])
  }

  /// A host that ignores RST in TIME-WAIT (RFC 1337) is told of by a finding, and by no cause.
  private mutating func noteIgnored(_ reset: Observation, by side: Side) {
    if record.teardown.reset?.cause == .timeWaitAssassination,
      record.teardown.reset?.by == reset.side
    {
      record.teardown.reset = nil
    }
    report(
      Finding(
        .resetIgnored, side: side, frames: Frames(reset.frame), count: Int(reset.count),
        values: [NamedValue("reason", .word("its host ignores RST in TIME-WAIT"))]))
  }

  /// A side that answered anything but by RST after such a RST ignores them all (RFC 1337).
  private func ignoresResets(
    _ side: Side, number: SequenceNumber, enteredAt: Int64
  ) -> Bool {
    let first = (kinds.by[side.peer] & kinds.resets).first {
      evidence[$0].sequenceNumber == number && received(evidence[$0].time, by: side) > enteredAt
    }
    guard let first else { return false }
    let arrival = received(evidence[first].time, by: side)
    return (kinds.by[side] & kinds.plainACKs).contains {
      sent(max(evidence[$0].time, evidence[$0].lastTime), by: side) > arrival
    }
  }

  /// R9, R10: something late comes from the peer; it restarts TIME-WAIT, or meets no socket.
  @inline(__always)
  private mutating func takeLate(_ place: Int, into entry: inout Entry) {
    let arrival = received(evidence[place].lastTime, by: entry.side)
    guard arrival > entry.enteredAt, !broughtTimeWait(place, entry) else { return }
    if let reset = answeringReset(to: place, from: entry.side) {
      let isEarly = arrival < nominalEnd(of: entry)
      entry.end = (
        isEarly ? arrival : nominalEnd(of: entry), isEarly ? .gone : .twoMSL,
        isEarly ? .observed : .assumed, isEarly ? .noSocket : .nominalEnd,
        evidence[reset].frame
      )
      if isEarly, arrival - entry.enteredAt < .nanosecondsPerSecond {
        // At its bucket limit a kernel sends the last ACK all the same: what looked like TIME-WAIT
        // most likely never was.
        entry.grade = .inferred
        entry.end?.grade = .inferred
        report(
          Finding(
            .timeWaitSkipped, side: entry.side,
            frames: Frames(evidence[place].frame, evidence[reset].frame),
            values: [NamedValue("age", .duration(arrival - entry.enteredAt))]))
      }
      return
    }
    guard arrival < latestEnd(of: entry) else { return }
    entry.restarts += Int(evidence[place].count)
    entry.lastStart = max(entry.lastStart, arrival)
    entry.frames.add(evidence[place].frame)
  }

  /// Whether the segment is what brought the side into TIME-WAIT, or was sent before that.
  private func broughtTimeWait(_ place: Int, _ entry: Entry) -> Bool {
    evidence[place].count == 1
      && received(evidence[place].time, by: entry.side)
        <= entry.enteredAt + vantage.slack(of: entry.side)
  }

  private func answeringReset(to place: Int, from side: Side) -> Int? {
    (kinds.segments[side] & kinds.resets - kinds.acks).after(place).first {
      evidence[$0].sequenceNumber == evidence[place].acknowledgmentNumber
    }
  }

  /// Ends the state TIME-WAIT where something proves that it is over.
  private mutating func leave(
    _ side: Side, at end: Int64, by cause: TimeWait.End, _ rule: Rule, _ frame: Int, _ grade: Grade
  ) {
    close(
      side, on: cause == .reset ? .reset : .timeout2MSL, at: end, grade: grade, rule: rule,
      frames: cause == .twoMSL ? Frames() : Frames(frame))
  }

  private func nominalEnd(of entry: Entry) -> Int64 {
    entry.lastStart + options.profile.timeWait
  }

  /// Linux lets a 60 s timer run up to 5 s late, by the granularity of its timer wheel.
  private func latestEnd(of entry: Entry) -> Int64 {
    nominalEnd(of: entry) + 5 * .nanosecondsPerSecond
  }

  private mutating func conclude(_ entry: Entry) {
    let nominal = nominalEnd(of: entry)
    let end: Int64
    let endedBy: TimeWait.End
    let endGrade: Grade
    if let proven = entry.end {
      (end, endedBy, endGrade) = (proven.time, proven.by, proven.grade)
      leave(entry.side, at: end, by: endedBy, proven.rule, proven.frame, endGrade)
    } else if nominal <= facts.until {
      (end, endedBy, endGrade) = (nominal, .twoMSL, .assumed)
      close(
        entry.side, on: .timeout2MSL, at: end, grade: .assumed, rule: .nominalEnd,
        frames: Frames())
    } else {
      (end, endedBy, endGrade) = (nominal, .captureEnd, .assumed)
    }
    record.teardown.timeWait.append(
      TimeWait(
        side: entry.side, enteredAt: entry.enteredAt, grade: entry.grade,
        profile: options.profile.name, duration: end - entry.enteredAt, endedBy: endedBy,
        endGrade: endGrade, observedFor: max(0, min(end, facts.until) - entry.enteredAt),
        restarts: entry.restarts))
    if entry.restarts > 0 {
      report(
        Finding(
          .timeWaitRestarted, side: entry.side, grade: .inferred, frames: entry.frames,
          count: entry.restarts,
          values: [NamedValue("duration", .duration(end - entry.enteredAt))]))
    }
  }
}
