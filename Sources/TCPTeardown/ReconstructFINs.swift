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
    for copy in evidence where copy.isFIN && copy.side == side && !copy.isOfNextIncarnation {
      let number = copy.end - 1
      if evidence.contains(where: { acknowledges($0, number, of: side) }) { return number }
      if first == nil { first = number }
    }
    return first
  }

  private func acknowledges(
    _ observation: Observation, _ number: SequenceNumber, of side: Side
  ) -> Bool {
    observation.side == side.peer && observation.acknowledges(number + 1)
      && !observation.isOfNextIncarnation && !observation.flags.contains(.syn)
  }

  /// Whether `observation` acknowledges the FIN of `side`: exactly, for nothing follows a FIN.
  func covers(_ observation: Observation, finOf side: Side) -> Bool {
    guard let number = fin[side] else { return false }
    return acknowledges(observation, number, of: side)
  }

  /// Whether `observation` is a copy of the FIN of `side`.
  func isCopy(_ observation: Observation, ofFINOf side: Side) -> Bool {
    observation.side == side && observation.isFIN && !observation.isOfNextIncarnation
      && observation.end - 1 == fin[side]
  }

  func firstCopy(ofFINOf side: Side) -> Int? { firstCopies[side] }

  func firstCover(ofFINOf side: Side) -> Int? { firstCovers[side] }

  /// Finds either FIN, its first copy and its first acknowledgment: nearly every rule asks for them.
  mutating func findFINs() {
    for side in Side.allCases {
      fin[side] = finNumber(of: side)
      guard fin[side] != nil else { continue }
      firstCopies[side] = evidence.firstIndex { isCopy($0, ofFINOf: side) }
      firstCovers[side] = evidence.firstIndex { covers($0, finOf: side) }
    }
  }

  /// A segment behind the FIN of `side` that stands before its first captured copy (R2).
  ///
  /// It proves that the FIN had been sent by then: a copy was lost before the capture, or the file
  /// is out of order.
  func segmentBehindFIN(of side: Side) -> Int? {
    guard let number = fin[side], let first = firstCopy(ofFINOf: side) else { return nil }
    return evidence.indices.first { index in
      let segment = evidence[index]
      return index < first && segment.side == side && !segment.isReset && !segment.isICMPError
        && !segment.isOfNextIncarnation && segment.sequenceNumber == number + 1
    }
  }

  /// When the FIN of `side` had left it, at the latest.
  func finSent(by side: Side) -> Int64? {
    guard let first = firstCopy(ofFINOf: side) else { return nil }
    let proof = segmentBehindFIN(of: side) ?? first
    return sent(min(evidence[proof].time, evidence[first].time), by: side)
  }

  /// A FIN and its acknowledgment bound the way between capture and peer from above.
  mutating func learnDelaysFromClose() {
    for side in Side.allCases {
      guard let first = firstCopy(ofFINOf: side), let cover = firstCover(ofFINOf: side),
        first < cover
      else { continue }
      let answer = evidence[cover]
      let copies = evidence[first..<cover].filter { isCopy($0, ofFINOf: side) }
      // Of several copies only an echoed timestamp tells which one was answered.
      let answered =
        copies.count == 1
        ? copies.first
        : copies.first {
          $0.marks.contains(.timestamps) && answer.marks.contains(.timestamps)
            && $0.timestampValue == answer.timestampEcho
        }
      if let answered, answered.count == 1 {
        vantage.learn(side.peer, roundTrip: answer.time - answered.time)
      }
    }
  }

  /// When the FIN of `side` got to its peer (R3, R6).
  func receipt(ofFINOf side: Side) -> Receipt? {
    let peer = side.peer
    guard let cover = firstCover(ofFINOf: side) else { return receiptAtCaptureEnd(ofFINOf: side) }
    let answer = evidence[cover]
    let latest = sent(answer.time, by: peer)
    guard let first = firstCopy(ofFINOf: side), first < cover else {
      // The answer stands before the FIN: only that it had come by then is known.
      return Receipt(
        time: latest, grade: .inferred, frames: Frames(answer.frame), earliest: nil,
        latest: latest, copy: firstCopy(ofFINOf: side))
    }
    var (copy, isSure) = copyThatGotThrough(ofFINOf: side, first: first, answer: cover)
    var arrival = evidence[copy].time
    if let filler = dataOvertaken(byFIN: copy, before: answer.time) {
      // Segments are taken in sequence: a FIN that overtook data waits for it.
      arrival = filler
      isSure = false
    }
    let time = min(received(arrival, by: peer), latest)
    return Receipt(
      time: time, grade: isSure ? .observed : .inferred, frames: Frames(answer.frame),
      earliest: min(received(evidence[first].time, by: peer), time), latest: latest, copy: copy)
  }

  /// The capture time of the last payload that a FIN overtook; nil where it overtook none.
  private func dataOvertaken(byFIN copy: Int, before time: Int64) -> Int64? {
    let fin = evidence[copy]
    guard fin.knowsNumbers(of: fin.side), fin.nextNumbers[fin.side].precedes(fin.sequenceNumber)
    else { return nil }
    return evidence.last {
      $0.side == fin.side && $0.payloadLength > 0 && !$0.isReset && !$0.isFIN
        && $0.time > fin.time && $0.time <= time && !$0.isOfNextIncarnation
    }?.time
  }

  /// Which copy of a FIN brought about the first acknowledgment of it, and whether that is sure.
  private func copyThatGotThrough(
    ofFINOf side: Side, first: Int, answer: Int
  ) -> (copy: Int, isSure: Bool) {
    let cover = evidence[answer]
    // A duplicate report proves that an earlier copy had come (RFC 2883 §4).
    let isDuplicateReport = cover.marks.contains(.duplicateReport)
    var last = first
    var copies = 0
    for index in first..<answer where isCopy(evidence[index], ofFINOf: side) {
      let copy = evidence[index]
      copies += Int(copy.count)
      // A timestamp comes back from the segment that it answers (RFC 7323 §4.3).
      if copy.marks.contains(.timestamps), cover.marks.contains(.timestamps),
        copy.timestampValue == cover.timestampEcho, !isDuplicateReport
      {
        return (index, true)
      }
      // An answer cannot come much sooner than the way there and back takes.
      let soonest = copy.time + 2 * vantage.delay[side.peer] - vantage.jitter / 2
      if soonest <= cover.time { last = index }
    }
    return isDuplicateReport ? (first, copies == 2) : (last, copies == 1)
  }

  /// The capture ends at the FIN: nothing speaks against its having arrived (R6).
  private func receiptAtCaptureEnd(ofFINOf side: Side) -> Receipt? {
    // A FIN that had to be repeated has no claim to have arrived.
    guard let copy = firstCopy(ofFINOf: side), evidence[copy].count == 1,
      !evidence[(copy + 1)...].contains(where: { isCopy($0, ofFINOf: side) })
    else { return nil }
    let time = received(evidence[copy].time, by: side.peer)
    let isAnswered = evidence[copy...].contains { $0.side == side.peer && $0.time >= time }
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
    for index in evidence.indices
    where covers(evidence[index], finOf: side) && !evidence[index].isReset {
      let cover = evidence[index]
      if !isWithdrawn(index, finOf: side, at: cover.time) {
        return arrives(cover, at: cover.time, finOf: side, afterLosses: lost)
          ? receipt(of: cover, at: cover.time, frame: cover.frame, by: side) : nil
      }
      // Frames that stand twice are one loss.
      if cover.time > lastLost || lost == 0 { lost += 1 }
      lastLost = cover.time + vantage.jitter
      if cover.count > 1, !isWithdrawn(index, finOf: side, at: cover.lastTime) {
        return arrives(cover, at: cover.lastTime, finOf: side, afterLosses: lost)
          ? receipt(of: cover, at: cover.lastTime, frame: cover.lastFrame, by: side) : nil
      }
    }
    return nil
  }

  /// Whether an acknowledgment of the FIN of `side` that nothing takes back may count.
  ///
  /// Where one after another was lost, the next has no better chance until something shows it.
  private func arrives(
    _ cover: Observation, at time: Int64, finOf side: Side, afterLosses lost: Int
  ) -> Bool {
    lost < 3 || isArrivalProven(of: cover, at: side) || isNextRepeatOverdue(of: side, after: time)
  }

  private func receipt(
    of cover: Observation, at time: Int64, frame: Int, by side: Side
  ) -> Receipt {
    let arrival = received(time, by: side)
    let proven = isArrivalProven(of: cover, at: side) || isNextRepeatOverdue(of: side, after: time)
    return Receipt(
      time: arrival, grade: proven ? .observed : .inferred, frames: Frames(frame),
      earliest: arrival, latest: nil, copy: nil)
  }

  /// Whether `side` repeated its FIN although that acknowledgment should have come before.
  private func isWithdrawn(_ index: Int, finOf side: Side, at time: Int64) -> Bool {
    let cover = evidence[index]
    if isArrivalProvenByNumbers(of: cover, at: side) { return false }
    for place in evidence.indices where isCopy(evidence[place], ofFINOf: side) {
      let copy = evidence[place]
      guard max(copy.time, copy.lastTime) > time, !isNetworkDuplicate(place, ofFINOf: side) else {
        continue
      }
      if copy.time > time, copy.marks.contains(.timestamps), cover.marks.contains(.timestamps) {
        let behind = Int32(bitPattern: copy.timestampEcho &- cover.timestampValue)
        if behind < 0 { return true }
        if behind >= 0, copy.count == 1 { continue }
      }
      let left = sent(max(copy.time, copy.lastTime), by: side)
      if left > received(time, by: side) + vantage.jitter { return true }
    }
    return false
  }

  /// The same IP-ID and TSval as an earlier copy: the network's doing, not the sender's (R5).
  func isNetworkDuplicate(_ place: Int, ofFINOf side: Side) -> Bool {
    let copy = evidence[place]
    guard copy.identification != 0 else { return false }
    return evidence[..<place].contains {
      isCopy($0, ofFINOf: side) && $0.identification == copy.identification
        && $0.timestampValue == copy.timestampValue
    }
  }

  /// `side` acknowledged payload or a FIN that came in that very segment, which was sent once.
  private func isArrivalProvenByNumbers(of segment: Observation, at side: Side) -> Bool {
    guard segment.end != segment.sequenceNumber, segment.count == 1 else { return false }
    let isOnly = !evidence.contains {
      $0.side == segment.side && $0.frame != segment.frame && !$0.isReset
        && !$0.isOfNextIncarnation && $0.end == segment.end && $0.end != $0.sequenceNumber
    }
    return isOnly
      && evidence.contains {
        $0.side == side && $0.isLater(than: segment) && $0.flags.contains(.ack) && !$0.isReset
          && !$0.isOfNextIncarnation && $0.acknowledgmentNumber - segment.end >= 0
      }
  }

  /// `side` acknowledged something that was sent with the segment or after it (R4).
  private func isArrivalProven(of segment: Observation, at side: Side) -> Bool {
    evidence.contains {
      $0.side == side && $0.isLater(than: segment) && $0.flags.contains(.ack) && !$0.isReset
        && !$0.isOfNextIncarnation && $0.acknowledgmentNumber - segment.sequenceNumber > 0
    }
  }

  /// Whether `side`, had it not got the acknowledgment, would have repeated its FIN by now (R4, R8).
  func isNextRepeatOverdue(of side: Side, after time: Int64) -> Bool {
    var last: Int64?
    var gap: Int64 = 0
    for copy in evidence where isCopy(copy, ofFINOf: side) {
      if let previous = last { gap = copy.time - previous }
      last = max(copy.time, copy.lastTime)
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
