internal import PacketDecoding

/// When something that a side sent got to the other: `Estimate.none` where it is not known to have.
struct Receipt {
  var arrival: Estimate
  private var place: Int32

  static let none = Receipt(.none, copy: nil)

  var isKnown: Bool { arrival.isKnown }

  /// The place in the evidence of the copy that got through, where there is one.
  var copy: Int? { place < 0 ? nil : Int(place) }

  @inline(__always)
  init(_ arrival: Estimate, copy: Int?) {
    self.arrival = arrival
    place = Int32(copy ?? -1)
  }
}

/// R1, R3: what is known of one side's FIN, and when its peer got it.
extension Reconstruction {
  /// The FIN's own sequence number; of several, the first that was acknowledged.
  @inline(__always)
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
  @inline(__always)
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

  @inline(__always)
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
  @inline(__always)
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

  @inline(__always)
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
  @inline(__always)
  func receipt(ofFINOf side: Side) -> Receipt {
    let peer = side.peer
    guard let cover = firstCover(ofFINOf: side) else { return receiptAtCaptureEnd(ofFINOf: side) }
    let answered = evidence[cover].time
    let latest = sent(answered, by: peer)
    guard let first = firstCopy(ofFINOf: side), first < cover else {
      // The answer stands before the FIN: only that it had come by then is known.
      return Receipt(
        Estimate(
          time: latest, grade: .inferred, frames: Frames(evidence[cover].frame), latest: latest),
        copy: firstCopy(ofFINOf: side))
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
      Estimate(
        time: time, grade: isSure ? .observed : .inferred, frames: Frames(evidence[cover].frame),
        earliest: min(received(evidence[first].time, by: peer), time), latest: latest),
      copy: copy)
  }

  /// The capture time of the last payload that a FIN overtook; nil where it overtook none.
  @inline(__always)
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
  @inline(__always)
  private func copyThatGotThrough(
    ofFINOf side: Side, first: Int, answer: Int
  ) -> (copy: Int, isSure: Bool) {
    // A duplicate report proves that an earlier copy had come (RFC 2883 §4).
    let isDuplicateReport = evidence[answer].marks.contains(.duplicateReport)
    let earlier = kinds.copies[side].before(answer)
    if earlier.count == 1, evidence[first].count == 1 { return (first, !isDuplicateReport) }
    var last = first
    var copies = 0
    for copy in earlier {
      copies += Int(evidence[copy].count)
      if echoes(answer, copy), !isDuplicateReport { return (copy, true) }
      // An answer cannot come much sooner than the way there and back takes.
      let soonest = evidence[copy].time + 2 * vantage.delay[side.peer] - vantage.jitter / 2
      if soonest <= evidence[answer].time { last = copy }
    }
    return isDuplicateReport ? (first, copies == 2) : (last, copies == 1)
  }

  /// The capture ends at the FIN: nothing speaks against its having arrived (R6).
  private func receiptAtCaptureEnd(ofFINOf side: Side) -> Receipt {
    // A FIN that had to be repeated has no claim to have arrived.
    guard let copy = firstCopy(ofFINOf: side), evidence[copy].count == 1,
      kinds.copies[side].count == 1
    else { return .none }
    let time = received(evidence[copy].time, by: side.peer)
    let isAnswered = kinds.by[side.peer].after(copy).contains { evidence[$0].time >= time }
    guard endsAt(evidence[copy].time), time <= facts.until, !isAnswered else { return .none }
    return Receipt(
      Estimate(
        time: time, grade: .inferred, frames: Frames(evidence[copy].frame), earliest: time),
      copy: copy)
  }
}
