internal import PacketDecoding

/// When something that a side sent got to the other, as far as the evidence tells.
struct Receipt {
  /// Best guess, at the receiver.
  var time: Int64
  var grade: Grade
  var frames: Frames
  var earliest: Int64?
  var latest: Int64?
  /// The place in the evidence of the copy that got through, where there is one.
  var copy: Int?
}

/// R1, R3 to R5: what is known of one side's FIN, and of its acknowledgment.
extension Reconstruction {
  /// The FIN's own sequence number; of several, the first that was acknowledged.
  private func finNumber(of side: Side) -> SequenceNumber? {
    var first: SequenceNumber?
    for copy in kinds.segments[side] & kinds.fins {
      let number = evidence[copy].end - 1
      if !acknowledgments(of: number, from: side).isEmpty { return number }
      if first == nil { first = number }
    }
    return first
  }

  /// What acknowledges the FIN of `side` with that number: exactly, for nothing follows a FIN.
  private func acknowledgments(of number: SequenceNumber, from side: Side) -> Places {
    (kinds.segments[side.peer] & kinds.acks - kinds.syns).filter {
      evidence[$0].acknowledgmentNumber == number + 1
    }
  }

  /// Whether the evidence at `place` acknowledges the FIN of `side`.
  @inline(__always)
  func covers(_ place: Int, finOf side: Side) -> Bool { kinds.covers[side].contains(place) }

  @inline(__always)
  func firstCopy(ofFINOf side: Side) -> Int? { kinds.copies[side].first }

  @inline(__always)
  func firstCover(ofFINOf side: Side) -> Int? { kinds.covers[side].first }

  /// Finds either FIN, its copies and what acknowledges it: nearly every rule asks for them.
  mutating func findFINs() {
    findFIN(of: .client)
    findFIN(of: .server)
  }

  private mutating func findFIN(of side: Side) {
    guard let number = finNumber(of: side) else { return }
    fin[side] = number
    kinds.copies[side] = (kinds.segments[side] & kinds.fins).filter {
      evidence[$0].end - 1 == number
    }
    kinds.covers[side] = acknowledgments(of: number, from: side)
    guard let first = firstCopy(ofFINOf: side) else { return }
    kinds.behindFIN[side] = (kinds.segments[side] - kinds.resets).before(first).filter {
      evidence[$0].sequenceNumber == number + 1
    }
  }

  /// A segment behind the FIN of `side` that stands before its first captured copy (R2).
  ///
  /// It proves that the FIN had been sent by then: a copy was lost before the capture, or the file
  /// is out of order.
  @inline(__always)
  func segmentBehindFIN(of side: Side) -> Int? { kinds.behindFIN[side].first }

  /// When the FIN of `side` had left it, at the latest.
  func finSent(by side: Side) -> Int64? {
    guard let first = firstCopy(ofFINOf: side) else { return nil }
    let proof = segmentBehindFIN(of: side) ?? first
    return sent(min(evidence[proof].time, evidence[first].time), by: side)
  }

  /// A FIN and its acknowledgment bound the way between capture and peer from above.
  mutating func learnDelaysFromClose() {
    learnDelay(fromFINOf: .client)
    learnDelay(fromFINOf: .server)
  }

  private mutating func learnDelay(fromFINOf side: Side) {
    guard let answer = firstCover(ofFINOf: side) else { return }
    let copies = kinds.copies[side].before(answer)
    // Of several copies only an echoed timestamp tells which one was answered.
    let answered = copies.count == 1 ? copies.first : copies.first { echoes(answer, $0) }
    if let answered, evidence[answered].count == 1 {
      vantage.learn(side.peer, roundTrip: evidence[answer].time - evidence[answered].time)
    }
  }

  /// Whether `answer` carries the timestamp of `segment` back (RFC 7323 §4.3).
  private func echoes(_ answer: Int, _ segment: Int) -> Bool {
    evidence[segment].marks.contains(.timestamps) && evidence[answer].marks.contains(.timestamps)
      && evidence[segment].timestampValue == evidence[answer].timestampEcho
  }

  /// When the FIN of `side` got to its peer (R3, R6).
  func receipt(ofFINOf side: Side) -> Receipt? {
    let peer = side.peer
    guard let cover = firstCover(ofFINOf: side) else { return receiptAtCaptureEnd(ofFINOf: side) }
    let answered = evidence[cover].time
    let latest = sent(answered, by: peer)
    guard let first = firstCopy(ofFINOf: side), first < cover else {
      // The answer stands before the FIN: only that it had come by then is known.
      return Receipt(
        time: latest, grade: .inferred, frames: Frames(evidence[cover].frame), earliest: nil,
        latest: latest, copy: firstCopy(ofFINOf: side))
    }
    var (copy, isSure) = copyThatGotThrough(ofFINOf: side, first: first, answer: cover)
    var arrival = evidence[copy].time
    if let filler = dataOvertaken(byFIN: copy, before: answered) {
      // Segments are taken in sequence: a FIN that overtook data waits for it.
      arrival = filler
      isSure = false
    }
    let time = min(received(arrival, by: peer), latest)
    return Receipt(
      time: time, grade: isSure ? .observed : .inferred, frames: Frames(evidence[cover].frame),
      earliest: min(received(evidence[first].time, by: peer), time), latest: latest, copy: copy)
  }

  /// The capture time of the last payload that a FIN overtook; nil where it overtook none.
  private func dataOvertaken(byFIN copy: Int, before time: Int64) -> Int64? {
    let side = evidence[copy].side
    guard evidence[copy].knowsNumbers(of: side),
      evidence[copy].nextNumbers[side].precedes(evidence[copy].sequenceNumber)
    else { return nil }
    let data = kinds.segments[side] & kinds.payloads - kinds.resets - kinds.fins
    let last = data.last {
      evidence[$0].time > evidence[copy].time && evidence[$0].time <= time
    }
    return last.map { evidence[$0].time }
  }

  /// Which copy of a FIN brought about the first acknowledgment of it, and whether that is sure.
  private func copyThatGotThrough(
    ofFINOf side: Side, first: Int, answer: Int
  ) -> (copy: Int, isSure: Bool) {
    // A duplicate report proves that an earlier copy had come (RFC 2883 §4).
    let isDuplicateReport = evidence[answer].marks.contains(.duplicateReport)
    var last = first
    var copies = 0
    for copy in kinds.copies[side].before(answer) {
      copies += Int(evidence[copy].count)
      if echoes(answer, copy), !isDuplicateReport { return (copy, true) }
      // An answer cannot come much sooner than the way there and back takes.
      let soonest = evidence[copy].time + 2 * vantage.delay[side.peer] - vantage.jitter / 2
      if soonest <= evidence[answer].time { last = copy }
    }
    return isDuplicateReport ? (first, copies == 2) : (last, copies == 1)
  }

  /// The capture ends at the FIN: nothing speaks against its having arrived (R6).
  private func receiptAtCaptureEnd(ofFINOf side: Side) -> Receipt? {
    // A FIN that had to be repeated has no claim to have arrived.
    guard let copy = firstCopy(ofFINOf: side), evidence[copy].count == 1,
      kinds.copies[side].count == 1
    else { return nil }
    let time = received(evidence[copy].time, by: side.peer)
    let isAnswered = kinds.by[side.peer].after(copy).contains { evidence[$0].time >= time }
    guard endsAt(evidence[copy].time), time <= facts.until, !isAnswered else { return nil }
    return Receipt(
      time: time, grade: .inferred, frames: Frames(evidence[copy].frame), earliest: time,
      latest: nil, copy: copy)
  }

  /// When `side` got the acknowledgment of its FIN (R4, R5, R8).
  ///
  /// A repeat of the FIN that left after an acknowledgment should have come takes that back.
  func receipt(ofAckOfFINOf side: Side) -> Receipt? {
    var lost = 0
    var lastLost = Int64.min
    for cover in kinds.covers[side] - kinds.resets {
      let (time, lastTime) = (evidence[cover].time, evidence[cover].lastTime)
      if !isWithdrawn(cover, finOf: side, at: time) {
        return receipt(
          of: cover, at: time, frame: evidence[cover].frame, by: side, afterLosses: lost)
      }
      // Frames that stand twice are one loss.
      if time > lastLost || lost == 0 { lost += 1 }
      lastLost = time + vantage.jitter
      if evidence[cover].count > 1, !isWithdrawn(cover, finOf: side, at: lastTime) {
        return receipt(
          of: cover, at: lastTime, frame: evidence[cover].lastFrame, by: side, afterLosses: lost)
      }
    }
    return nil
  }

  /// The receipt of an acknowledgment of the FIN of `side` that nothing takes back.
  ///
  /// Where one after another was lost, the next has no better chance until something shows it.
  private func receipt(
    of cover: Int, at time: Int64, frame: Int, by side: Side, afterLosses lost: Int
  ) -> Receipt? {
    let isProven =
      isArrivalProven(of: cover, at: side) || isNextRepeatOverdue(of: side, after: time)
    guard lost < 3 || isProven else { return nil }
    let arrival = received(time, by: side)
    return Receipt(
      time: arrival, grade: isProven ? .observed : .inferred, frames: Frames(frame),
      earliest: arrival, latest: nil, copy: nil)
  }

  /// Whether `side` repeated its FIN although that acknowledgment should have come before.
  private func isWithdrawn(_ cover: Int, finOf side: Side, at time: Int64) -> Bool {
    var later = kinds.copies[side].filter {
      max(evidence[$0].time, evidence[$0].lastTime) > time
    }
    guard !later.isEmpty, !isArrivalProvenByNumbers(of: cover, at: side) else { return false }
    later = later.filter { !isNetworkDuplicate($0, ofFINOf: side) }
    for copy in later {
      if evidence[copy].time > time, evidence[copy].marks.contains(.timestamps),
        evidence[cover].marks.contains(.timestamps)
      {
        let behind = Int32(
          bitPattern: evidence[copy].timestampEcho &- evidence[cover].timestampValue)
        if behind < 0 { return true }
        if behind >= 0, evidence[copy].count == 1 { continue }
      }
      let left = sent(max(evidence[copy].time, evidence[copy].lastTime), by: side)
      if left > received(time, by: side) + vantage.jitter { return true }
    }
    return false
  }

  /// The same IP-ID and TSval as an earlier copy: the network's doing, not the sender's (R5).
  func isNetworkDuplicate(_ copy: Int, ofFINOf side: Side) -> Bool {
    guard evidence[copy].identification != 0 else { return false }
    return kinds.copies[side].before(copy).contains {
      evidence[$0].identification == evidence[copy].identification
        && evidence[$0].timestampValue == evidence[copy].timestampValue
    }
  }

  /// `side` acknowledged payload or a FIN that came in that very segment, which was sent once.
  private func isArrivalProvenByNumbers(of segment: Int, at side: Side) -> Bool {
    let end = evidence[segment].end
    guard end != evidence[segment].sequenceNumber, evidence[segment].count == 1 else {
      return false
    }
    let others = kinds.by[evidence[segment].side] - kinds.resets - kinds.ofNext
    let isOnly = !others.contains {
      evidence[$0].frame != evidence[segment].frame && evidence[$0].end == end
        && end != evidence[$0].sequenceNumber
    }
    return isOnly
      && acknowledgments(by: side, after: segment).contains {
        evidence[$0].acknowledgmentNumber - end >= 0
      }
  }

  /// `side` acknowledged something that was sent with the segment or after it (R4).
  private func isArrivalProven(of segment: Int, at side: Side) -> Bool {
    acknowledgments(by: side, after: segment).contains {
      evidence[$0].acknowledgmentNumber - evidence[segment].sequenceNumber > 0
    }
  }

  /// What `side` sent after that segment was captured and acknowledges something, resets left out.
  private func acknowledgments(by side: Side, after segment: Int) -> Places {
    (kinds.segments[side] & kinds.acks - kinds.resets).filter {
      evidence[$0].isLater(than: evidence[segment])
    }
  }

  /// Whether `side`, had it not got the acknowledgment, would have repeated its FIN by now (R4, R8).
  func isNextRepeatOverdue(of side: Side, after time: Int64) -> Bool {
    var last: Int64?
    var gap: Int64 = 0
    for copy in kinds.copies[side] {
      if let previous = last { gap = evidence[copy].time - previous }
      last = max(evidence[copy].time, evidence[copy].lastTime)
    }
    guard let last, last <= time || time == last else { return false }
    // The first repeat comes after a retransmission timeout, at most 1 s before it is measured
    // (RFC 6298 §2); each further one after twice the time.
    let wait = max(.nanosecondsPerSecond, 3 * vantage.roundTrip, 5 * min(gap, Self.longestGap) / 2)
    return facts.until - last > wait
  }
}

extension Observation {
  /// Whether it was captured after `other`, by its stamp, or by its frame where those are the same.
  fileprivate func isLater(than other: Observation) -> Bool {
    (time, frame) > (other.time, other.frame)
  }
}
