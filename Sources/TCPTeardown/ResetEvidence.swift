internal import PacketDecoding

/// What the evidence says about a RST: what it answers, whether it counts, what came of it.
extension Reconstruction {
  /// Whether a RST without ACK answers a FIN that carried no payload.
  func answersFIN(_ place: Int) -> Bool {
    let offender = offendingSegment(of: place)
    return offender.map { evidence[$0].isFIN && evidence[$0].payloadLength == 0 } ?? false
  }

  /// The segment of the other side that a RST without ACK answers: it acknowledged just the RST's
  /// sequence number (RFC 9293 §3.5.2).
  func offendingSegment(of place: Int) -> Int? {
    let reset = evidence[place]
    guard !reset.flags.contains(.ack) else { return nil }
    let candidates = evidence[..<place].indices.filter {
      evidence[$0].side == reset.side.peer && evidence[$0].flags.contains(.ack)
        && !evidence[$0].isReset && !evidence[$0].isICMPError
        && evidence[$0].acknowledgmentNumber == reset.sequenceNumber
    }
    // Of several with the same acknowledgment each draws its RST: those are in the same order.
    let asking = candidates.filter {
      evidence[$0].end != evidence[$0].sequenceNumber
        && reset.lastAcks[reset.side].precedes(evidence[$0].end)
    }
    guard let first = asking.first else { return candidates.last }
    let earlier = evidence[first..<place].filter {
      $0.isReset && $0.side == reset.side && $0.sequenceNumber == reset.sequenceNumber
        && !$0.flags.contains(.ack)
    }.count
    return asking[min(earlier, asking.count - 1)]
  }

  /// When `side` is last known to have been there before a RST came: at the side.
  func lastProofOfLife(of side: Side, before place: Int) -> Int64 {
    let reset = evidence[place]
    var last = result.states[side].last { $0.enteredAt <= reset.time }?.enteredAt ?? facts.start
    let payload = facts.closing.lastPayloads[side]
    if payload.isKnown { last = max(last, sent(min(payload.time, reset.time), by: side)) }
    for segment in evidence[..<place]
    where segment.side == side && !segment.isReset && !segment.isICMPError
      && !segment.isOfNextIncarnation
    {
      last = max(last, sent(segment.time, by: side))
    }
    return last
  }

  /// R12: whether the RST has the number that its receiver expects.
  func isAcceptable(_ reset: Observation) -> Bool {
    let sender = reset.side
    let number = reset.sequenceNumber
    guard reset.knowsNumbers(of: sender) else { return true }
    if number == reset.nextNumbers[sender] || number == facts.next[sender]
      || number == reset.lastAcks[sender.peer] || number == fin[sender]
    {
      return true
    }
    return evidence.contains {
      $0.side == sender.peer && $0.flags.contains(.ack) && !$0.isReset && !$0.isICMPError
        && $0.time <= reset.time && $0.acknowledgmentNumber == number
    }
  }

  /// R13: a side that has sent a RST of its own sends nothing else afterwards.
  func goesOnSending(_ side: Side, after place: Int) -> Bool {
    evidence[(place + 1)...].contains {
      $0.side == side && !$0.isReset && !$0.isICMPError && !$0.isOfNextIncarnation
        && $0.time > evidence[place].time
    }
  }

  /// R12: data or a FIN that leaves `side` when the RST should long have come shows it lost.
  ///
  /// So does a RST with ACK: an abort by a socket that is still there.
  func goesOnSendingData(_ side: Side, after arrival: Int64) -> Bool {
    evidence.contains {
      $0.side == side && !$0.isICMPError && !$0.isOfNextIncarnation
        && ($0.isReset ? $0.flags.contains(.ack) : $0.payloadLength > 0 || $0.isFIN)
        && sent(max($0.time, $0.lastTime), by: side) > arrival + vantage.jitter
    }
  }

  /// Whether either FIN was acknowledged by a segment that is no RST, up to `time`.
  func bothFINsAcknowledged(before time: Int64) -> Bool {
    Side.allCases.allSatisfy { side in
      evidence.contains { covers($0, finOf: side) && !$0.isReset && $0.time <= time }
    }
  }
}
