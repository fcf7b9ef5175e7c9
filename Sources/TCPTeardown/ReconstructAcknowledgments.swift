internal import PacketDecoding

/// R4, R5, R8: when a side got the acknowledgment of its FIN.
extension Reconstruction {
  /// When `side` got the acknowledgment of its FIN (R4, R5, R8).
  ///
  /// A repeat of the FIN that left after an acknowledgment should have come takes that back.
  func receipt(ofAckOfFINOf side: Side) -> Receipt {
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
    return .none
  }

  /// The receipt of an acknowledgment of the FIN of `side` that nothing takes back.
  ///
  /// Where one after another was lost, the next has no better chance until something shows it.
  @inline(__always)
  private func receipt(
    of cover: Int, at time: Int64, frame: Int, by side: Side, afterLosses lost: Int
  ) -> Receipt {
    let isProven =
      isArrivalProven(of: cover, at: side) || isNextRepeatOverdue(of: side, after: time)
    guard lost < 3 || isProven else { return .none }
    let arrival = received(time, by: side)
    return Receipt(
      Estimate(
        time: arrival, grade: isProven ? .observed : .inferred, frames: Frames(frame),
        earliest: arrival), copy: nil)
  }

  /// Whether `side` repeated its FIN although that acknowledgment should have come before.
  @inline(__always)
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
    return isOnly && acknowledged(by: side, after: segment) { $0 - end >= 0 }
  }

  /// `side` acknowledged something that was sent with the segment or after it (R4).
  @inline(__always)
  private func isArrivalProven(of segment: Int, at side: Side) -> Bool {
    let start = evidence[segment].sequenceNumber
    return acknowledged(by: side, after: segment) { $0 - start > 0 }
  }

  /// Whether `side` acknowledged such a number after `segment` was captured; RSTs do not count.
  @inline(__always)
  private func acknowledged(
    by side: Side, after segment: Int, _ isEnough: (SequenceNumber) -> Bool
  ) -> Bool {
    (kinds.segments[side] & kinds.acks - kinds.resets).contains {
      isEnough(evidence[$0].acknowledgmentNumber) && evidence[$0].isLater(than: evidence[segment])
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
