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
    let candidates = (kinds.by[reset.side.peer] & kinds.acks - kinds.resets).before(place).filter {
      evidence[$0].acknowledgmentNumber == reset.sequenceNumber
    }
    // Of several with the same acknowledgment each draws its RST: those are in the same order.
    let asking = candidates.filter {
      evidence[$0].end != evidence[$0].sequenceNumber
        && reset.lastAcks[reset.side].precedes(evidence[$0].end)
    }
    guard let first = asking.first else { return candidates.last }
    let resets = (kinds.by[reset.side] & kinds.resets - kinds.acks).before(place).after(first)
    let earlier = resets.filter { evidence[$0].sequenceNumber == reset.sequenceNumber }.count
    return Array(asking)[min(earlier, asking.count - 1)]
  }

  /// When `side` is last known to have been there before a RST came: at the side.
  func lastProofOfLife(of side: Side, before place: Int) -> Int64 {
    let reset = evidence[place]
    var last =
      record.teardown.states[side].last { $0.enteredAt <= reset.time }?.enteredAt ?? facts.start
    let payload = facts.closing.lastPayloads[side]
    if payload.isKnown { last = max(last, sent(min(payload.time, reset.time), by: side)) }
    for segment in (kinds.segments[side] - kinds.resets).before(place) {
      last = max(last, sent(evidence[segment].time, by: side))
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
    return (kinds.by[sender.peer] & kinds.acks - kinds.resets).contains {
      evidence[$0].time <= reset.time && evidence[$0].acknowledgmentNumber == number
    }
  }

  /// R13: a side that has sent a RST of its own sends nothing else afterwards.
  func goesOnSending(_ side: Side, after place: Int) -> Bool {
    (kinds.segments[side] - kinds.resets).after(place).contains {
      evidence[$0].time > evidence[place].time
    }
  }

  /// R12: data or a FIN that leaves `side` when the RST should long have come shows it lost.
  ///
  /// So does a RST with ACK: an abort by a socket that is still there.
  func goesOnSendingData(_ side: Side, after arrival: Int64) -> Bool {
    let aborts = kinds.resets & kinds.acks
    let signs = (kinds.payloads | kinds.fins) - kinds.resets | aborts
    return (kinds.segments[side] & signs).contains {
      sent(max(evidence[$0].time, evidence[$0].lastTime), by: side) > arrival + vantage.jitter
    }
  }

  /// Whether either FIN was acknowledged by a segment that is no RST, up to `time`.
  func bothFINsAcknowledged(before time: Int64) -> Bool {
    if let done = oneDirection?.doneAt { return done <= time }
    let (client, server) = (kinds.covers.client - kinds.resets, kinds.covers.server - kinds.resets)
    return client.contains { evidence[$0].time <= time }
      && server.contains { evidence[$0].time <= time }
  }
}
