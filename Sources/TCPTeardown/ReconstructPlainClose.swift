internal import PacketDecoding

/// A flow that was opened and closed as by the book: FIN, its ACK, FIN, its ACK, each once, or the
/// same with the second FIN as the first one's ACK.
///
/// This is the one place that says what counts as plain: nothing was missing, repeated or out of
/// place. All that a rule could look for besides is ruled out by it.
struct PlainClose {
  /// Who closed first.
  let first: Side
  /// The first FIN, what acknowledges it first, the other FIN (mostly another one), and its ACK.
  let fin: Mark
  let answer: Mark
  let otherFIN: Mark
  let lastACK: Mark
  /// Octets of payload in the first FIN.
  let payloadLength: UInt32
  /// Whether payload of its peer was on the way when the first FIN was sent.
  let isCrossed: Bool
  /// The one-way delays that the handshake and the close show.
  var vantage: Vantage

  /// Nil where an undisturbed flow (see `DueFlows`), with its evidence in `record`, is anything else.
  // Inlined, for a call would be handed a copy.
  @inline(__always)
  init?(_ record: borrowing FlowRecord) {
    let count = record.evidence.count
    guard count == 3 || count == 4, record.handshake.isWhole, record.packets.client > 0,
      record.packets.server > 0
    else { return nil }
    let (other, last) = (count - 2, count - 1)
    let side = record.evidence[0].side
    let end = record.evidence[0].end
    let otherEnd = record.evidence[other].end
    guard record.evidence[0].isLone(.fin, of: side),
      record.evidence[other].isLone(.fin, of: side.peer),
      record.evidence[last].isLone(.ack, of: side),
      record.evidence[other].acknowledgmentNumber == end,
      record.evidence[last].acknowledgmentNumber == otherEnd,
      // Numbers of another order, as a file out of order has them.
      record.evidence[0].acknowledgmentNumber != otherEnd,
      record.evidence[last].sequenceNumber != end - 1,
      record.evidence[other].payloadLength == 0, record.evidence[last].payloadLength == 0
    else { return nil }
    first = side
    fin = record.evidence[0].mark
    answer = record.evidence[1].mark
    otherFIN = record.evidence[other].mark
    lastACK = record.evidence[last].mark
    if count == 4 {
      guard record.evidence[1].isLone(.ack, of: side.peer),
        record.evidence[1].acknowledgmentNumber == end,
        record.evidence[1].sequenceNumber == otherEnd - 1,
        record.evidence[1].payloadLength == 0, answer.isBefore(otherFIN)
      else { return nil }
    }
    guard fin.isBefore(answer), otherFIN.isBefore(lastACK) else { return nil }
    payloadLength = record.evidence[0].payloadLength
    isCrossed = side == .server && record.evidence[0].isCrossedByPayload
    vantage = Vantage()
    learnDelays(record.handshake)
  }

  /// Learns the one-way delays, once all else is known.
  @inline(__always)
  mutating func learnDelays(_ handshake: borrowing Handshake) {
    vantage.learn(.server, roundTrip: handshake.synAck.time - handshake.syn.time)
    vantage.learn(.client, roundTrip: handshake.ack.time - handshake.synAck.time)
    vantage.learn(first.peer, roundTrip: answer.time - fin.time)
    vantage.learn(first, roundTrip: lastACK.time - otherFIN.time)
  }
}

extension DueFlows {
  /// Whether the flow at `place` was nothing but segments, one after the other from its beginning on:
  /// else its row or its annex tells.
  // Inlined, for a call would be handed copies.
  @inline(__always)
  func isUndisturbed(_ place: Int) -> Bool {
    let row = flows[place].place
    if flows[place].isPacked { return !packed[row].marks.contains(.midstream) }
    return rows[row].duplicates == 0 && rows[row].overflow == 0
      && !rows[row].marks.contains(.midstream)
      && (flows[place].annex.map { annexes[$0].tellsOfHintsAlone } ?? true)
  }
}

extension FlowAnnex {
  /// It keeps nothing of a flow but what payload said about the close.
  @inline(__always)
  fileprivate var tellsOfHintsAlone: Bool {
    !syn.isKnown && !lastSYN.isKnown && !lastSYNAck.isKnown && synRepeats == 0
      && synAckRepeats == 0 && !crossedSYN.isKnown && payloadInSYN == 0 && firstNumber == nil
      && closing == nil && holes.client == nil && holes.server == nil && gaps == 0
      && reordered == 0 && successor < 0
  }
}

extension Reconstruction {
  /// Tells the close of the undisturbed flow in `record` as `run()` would, if it is plain; false,
  /// with nothing told, if it is not.
  ///
  /// Most flows are plain, and this takes a fifth of the work: each rule that could apply comes down
  /// to a line, in the order of the states. Of the facts it uses no more than `until`.
  mutating func tellPlainClose() -> Bool {
    guard let close = PlainClose(record) else { return false }
    return tell(close, until: facts.until)
  }

  @inline(__always)
  mutating func tell(_ close: PlainClose, until: Int64) -> Bool {
    vantage = close.vantage
    let (side, peer) = (close.first, close.first.peer)
    let opening = plainOpening()

    // The side that closes first (R1, R4, R6). What got through came, at the latest, before its
    // answer left.
    let ownFIN = sent(close.fin.time, by: side)
    let peerFIN = max(
      min(received(close.otherFIN.time, by: side), sent(close.lastACK.time, by: side)), ownFIN)
    var ackOfFIN = max(received(close.answer.time, by: side), ownFIN)
    var shownACK = close.answer.frame
    if peerFIN < ackOfFIN {
      // The FIN that got through carried the acknowledgment too.
      ackOfFIN = peerFIN
      shownACK = close.otherFIN.frame
    }
    let finWait1 = max(ownFIN, opening[side])
    let finWait2 = max(ackOfFIN, finWait1)
    let timeWait = max(peerFIN, finWait2)

    // The other side (R3, R1, R8).
    let otherFIN = sent(close.otherFIN.time, by: peer)
    let arrival = min(received(close.fin.time, by: peer), sent(close.answer.time, by: peer))
    let closeWait = max(min(arrival, otherFIN), opening[peer])
    let lastAck = max(otherFIN, closeWait)
    let ackArrival = received(close.lastACK.time, by: peer)
    let ackOfOther = max(ackArrival, otherFIN)
    let closed = max(ackOfOther, lastAck)

    // Estimates behind the end of the capture, and evidence that TIME-WAIT would look at: `run()`.
    guard timeWait <= until, closed <= until,
      received(close.otherFIN.time, by: side) <= timeWait + vantage.slack(of: side)
    else { return false }

    let isSure = PerSide(
      side, vantage.isNear(side) && close.payloadLength == 0, peer: vantage.isNear(peer))
    let isRepeatOverdue =
      until - close.otherFIN.time > max(.nanosecondsPerSecond, 3 * vantage.roundTrip)
    let isGone = isRepeatOverdue && until - ackOfOther >= 120 * .nanosecondsPerSecond
    record.teardown.states[side].put(
      StateInterval(
        .finWait1,
        Estimate(
          time: finWait1, isObserved: isSure[side], frames: Frames(close.fin.frame),
          earliest: opening[side], latest: finWait1), .fin, leftAt: finWait2),
      StateInterval(
        .finWait2,
        Estimate(time: finWait2, grade: .observed, frames: Frames(shownACK)), .finAcknowledged,
        leftAt: timeWait),
      StateInterval(
        .timeWait,
        Estimate(time: timeWait, grade: .observed, frames: Frames(close.lastACK.frame)),
        .finInOrder))
    record.teardown.states[peer].put(
      StateInterval(
        .closeWait,
        Estimate(time: closeWait, grade: .observed, frames: Frames(close.answer.frame)),
        .finReceived, leftAt: lastAck),
      StateInterval(
        .lastAck,
        Estimate(
          time: lastAck, isObserved: isSure[peer], frames: Frames(close.otherFIN.frame),
          earliest: closeWait, latest: lastAck), .passiveClose, leftAt: closed),
      StateInterval(
        .closed,
        Estimate(
          time: closed, isObserved: isGone, frames: Frames(close.lastACK.frame),
          earliest: min(ackArrival, closed), latest: nil), .passiveClose))
    putPlainOpening(opening, leftAt: PerSide(side, finWait1, peer: closeWait))

    record.teardown.outcome = .orderly
    record.teardown.closedBy = Closer(
      sides: Closer.Sides(side), grade: .observed,
      frames: Frames(close.fin.frame, before: close.answer.frame))
    record.teardown.vantage = vantage
    record.teardown.forgetWhatIsRare()
    keepPlainTimeWait(of: side, from: timeWait, lastACK: close.lastACK)
    if record.teardown.states[side].count > 5 { record.teardown.states[side].conclude() }
    if lastAck - closeWait >= options.closeWaitLimit { addCloseWaitLeak(of: peer) }
    if close.payloadLength == 0 {
      addIdleClose(
        by: side,
        idle: record.closing.idleTime(
          until: close.fin.time, since: record.handshake.ack.time, isCrossed: close.isCrossed),
        frame: close.fin.frame)
    }
    return true
  }

  /// When either side came to ESTABLISHED, the handshake being whole (R0).
  @inline(__always)
  private func plainOpening() -> PerSide<Int64> {
    let client = max(
      sent(record.handshake.ack.time, by: .client), sent(record.handshake.syn.time, by: .client))
    var arrival = received(record.handshake.ack.time, by: .server)
    if record.handshake.serverSpoke.isKnown {
      arrival = min(arrival, sent(record.handshake.serverSpoke.time, by: .server))
    }
    return PerSide(
      client: client, server: max(arrival, sent(record.handshake.synAck.time, by: .server)))
  }

  /// The states until ESTABLISHED, entered then by `opening`.
  @inline(__always)
  private mutating func putPlainOpening(_ opening: PerSide<Int64>, leftAt: PerSide<Int64>) {
    let synSent = sent(record.handshake.syn.time, by: .client)
    // Far from the client, what looks like the first SYN may be a repeat.
    let isFirst = vantage.isNear(.client) || !vantage.isKnown.client
    record.teardown.states.client.put(
      StateInterval(
        .synSent,
        Estimate(
          time: synSent, isObserved: isFirst, frames: Frames(record.handshake.syn.frame),
          earliest: nil, latest: synSent), .handshake, leftAt: opening.client),
      StateInterval(
        .established,
        Estimate(
          time: opening.client, grade: .observed, frames: Frames(record.handshake.ack.frame)),
        .handshake, leftAt: leftAt.client))
    record.teardown.states.server.put(
      StateInterval(
        .synReceived,
        Estimate(
          time: sent(record.handshake.synAck.time, by: .server), grade: .observed,
          frames: Frames(record.handshake.synAck.frame)), .handshake, leftAt: opening.server),
      StateInterval(
        .established,
        Estimate(
          time: opening.server,
          grade: record.handshake.serverSpoke.isKnown ? .observed : .inferred,
          frames: Frames(record.handshake.ack.frame)), .handshake, leftAt: leftAt.server))
  }
}

extension [StateInterval] {
  /// Puts a plain close behind two states, whatever was there: five in all.
  // Written over those of the flow before: emptying and filling an array is dear.
  @inline(__always)
  fileprivate mutating func put(_ a: StateInterval, _ b: StateInterval, _ c: StateInterval) {
    while count > 5 { removeLast() }
    while count < 5 { append(c) }
    var states = mutableSpan
    (states[2], states[3], states[4]) = (a, b, c)
  }

  /// Puts the two before it.
  @inline(__always)
  fileprivate mutating func put(_ a: StateInterval, _ b: StateInterval) {
    var states = mutableSpan
    (states[0], states[1]) = (a, b)
  }
}

extension Handshake {
  /// SYN, SYN-ACK and ACK were captured, and are all that there is.
  @inline(__always)
  var isWhole: Bool {
    syn.isKnown && synAck.isKnown && ack.isKnown && synCount == 1 && synAckCount == 1
      && payloadInSYN == 0 && !crossedSYN.isKnown
  }
}

extension Mark {
  /// Captured before `other`, by frame, and no later by its stamp.
  @inline(__always)
  fileprivate func isBefore(_ other: Mark) -> Bool { frame < other.frame && time <= other.time }
}

extension Observation {
  /// When and in which frame it was captured.
  @inline(__always)
  fileprivate var mark: Mark { Mark(time: time, frame: frame) }

  /// Of that kind, sent by `sender`, and there is nothing more to it: no repeat, no report.
  @inline(__always)
  fileprivate func isLone(_ kind: TCPFlags.Kind, of sender: Side) -> Bool {
    flags.kind == kind && side == sender && count == 1 && lastTime == time
      && marks.isSubset(of: [.timestamps, .clientNumbers, .serverNumbers])
  }
}
