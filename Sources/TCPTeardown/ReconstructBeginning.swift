internal import PacketDecoding

/// R0, R20, R25: how either side came to ESTABLISHED.
extension Reconstruction {
  mutating func beginStates() {
    let handshake = facts.handshake
    if handshake.crossedSYN.isKnown, handshake.syn.isKnown {
      beginSimultaneousOpen()
    } else if let place = answerToUnseenSYN {
      beginSimultaneousOpen(byNumbersAt: place)
    } else if let place = refusalOfUnseenSYN {
      beginRefusal(byNumbersAt: place)
      return
    } else {
      beginClient()
      beginServer()
    }
    beginMidstream(.client)
    beginMidstream(.server)
  }

  /// R25: the first state of a side whose beginning was not captured.
  @inline(__always)
  private mutating func beginMidstream(_ side: Side) {
    guard record.teardown.states[side].isEmpty, isKnownToBeOpen(side) else { return }
    record.teardown.states[side].append(
      StateInterval(
        state: .established, enteredAt: facts.start, grade: .assumed, rule: .midstream,
        frames: Frames()))
  }

  /// A side without a beginning is taken as open when the flow is: someone answers for it.
  private func isKnownToBeOpen(_ side: Side) -> Bool {
    let handshake = facts.handshake
    if !handshake.syn.isKnown, !handshake.synAck.isKnown { return true }
    return handshake.ack.isKnown || (side == .server && fin.server != nil)
  }

  @inline(__always)
  private mutating func beginClient() {
    let handshake = facts.handshake
    if handshake.syn.isKnown {
      record.teardown.states.client.append(
        StateInterval(
          state: .synSent, enteredAt: sent(handshake.syn.time, by: .client),
          // Far from the client, what looks like the first SYN may be a repeat.
          grade: isFirstSYNSure ? .observed : .inferred, rule: .handshake,
          frames: Frames(handshake.syn.frame),
          latest: isFirstSYNSure ? nil : sent(handshake.syn.time, by: .client)))
    } else if handshake.synAck.isKnown {
      // The SYN crossed the wire before the capture began: a round trip before its answer.
      let answered = sent(handshake.synAck.time, by: .server)
      record.teardown.states.client.append(
        StateInterval(
          state: .synSent, enteredAt: answered - vantage.roundTrip / 2, grade: .inferred,
          rule: .handshake, frames: Frames(handshake.synAck.frame), latest: answered))
    }
    if handshake.ack.isKnown {
      // After a repeat of the SYN-ACK, the ACK seen may be a repeat too, of one that was lost.
      let isFirst =
        handshake.synAck.time == handshake.lastSYNAck.time
        || handshake.lastSYNAck.time > handshake.ack.time
      let time = sent(handshake.ack.time, by: .client)
      move(
        .client, .receiveSYNAck, at: time,
        grade: isFirst || vantage.isNear(.client) ? .observed : .inferred, rule: .handshake,
        frames: Frames(handshake.ack.frame),
        earliest: received(handshake.synAck.time, by: .client), latest: time)
    } else if silentSide == .client {
      openClientByNumbers()
    } else if handshake.synAck.isKnown, endsAt(handshake.lastSYNAck.time), !isSYNAckLost {
      move(
        .client, .receiveSYNAck, at: received(handshake.synAck.time, by: .client),
        grade: .inferred, rule: .handshake, frames: Frames(handshake.synAck.frame))
    }
  }

  /// A SYN that was repeated after the SYN-ACK should have come shows that it did not.
  var isSYNAckLost: Bool {
    let handshake = facts.handshake
    return handshake.synAck.isKnown
      && sent(handshake.lastSYN.time, by: .client)
        > received(handshake.synAck.time, by: .client) + vantage.jitter
  }

  private var isFirstSYNSure: Bool {
    vantage.isNear(.client) || !vantage.isKnown.client
  }

  @inline(__always)
  private mutating func beginServer() {
    let handshake = facts.handshake
    if handshake.synAck.isKnown {
      record.teardown.states.server.append(
        StateInterval(
          state: .synReceived, enteredAt: sent(handshake.synAck.time, by: .server),
          grade: .observed, rule: .handshake, frames: Frames(handshake.synAck.frame)))
    } else if handshake.syn.isKnown, handshake.ack.isKnown {
      record.teardown.states.server.append(
        StateInterval(
          state: .synReceived,
          enteredAt: min(received(handshake.syn.time, by: .server), handshake.ack.time),
          grade: .inferred, rule: .handshake, frames: Frames(handshake.syn.frame),
          latest: handshake.ack.time))
    }
    guard handshake.ack.isKnown else {
      if silentSide == .client { openServerByNumbers() }
      return
    }
    var arrival = received(handshake.ack.time, by: .server)
    let spoke = serverActed
    // Data in the SYN is answered before the handshake is done (RFC 7413 §4.2).
    if spoke.isKnown, handshake.payloadInSYN == 0 {
      arrival = min(arrival, sent(spoke.time, by: .server))
    }
    let repeated = handshake.lastSYNAck
    // Once the server has spoken, a SYN-ACK is a late copy and no repeat.
    let isRepeat = !spoke.isKnown || spoke.time >= repeated.time
    let isLost =
      handshake.synAckCount > 1 && isRepeat
      && sent(repeated.time, by: .server) > arrival + vantage.jitter
    if isLost {
      // The ACK did not arrive: the client answers the repeated SYN-ACK with another.
      let answered = repeated.time + 2 * vantage.delay.client
      arrival = received(answered, by: .server)
    }
    let isProven =
      spoke.isKnown && !isLost
      && (handshake.payloadInSYN == 0 || sent(spoke.time, by: .server) >= arrival)
    move(
      .server, .receiveAckOfSYN, at: arrival,
      grade: isProven ? .observed : .inferred, rule: .handshake,
      frames: Frames(handshake.ack.frame))
  }

  /// The first that the server sent and that is no SYN-ACK.
  ///
  /// An abort is a socket's doing too, and one that is still being opened sends none. A RST without
  /// ACK answers for a socket that is not there.
  private var serverActed: Mark {
    let spoke = facts.handshake.serverSpoke
    let abort = (kinds.segments.server & kinds.resets & kinds.acks).first {
      evidence[$0].time >= facts.handshake.ack.time && !isFromElsewhere(evidence[$0])
    }
    guard let abort, !spoke.isKnown || evidence[abort].time < spoke.time else { return spoke }
    return Mark(time: evidence[abort].time, frame: evidence[abort].frame)
  }

  /// Both sides sent a SYN (RFC 9293 Figure 7).
  private mutating func beginSimultaneousOpen() {
    let handshake = facts.handshake
    let syn = PerSide(client: handshake.syn, server: handshake.crossedSYN)
    let clients = (kinds.by.client & kinds.syns & kinds.acks).first
      .map { Mark(time: evidence[$0].time, frame: evidence[$0].frame) }
    let answer = PerSide(client: clients ?? handshake.ack, server: handshake.synAck)
    for side in Side.allCases {
      record.teardown.states[side].append(
        StateInterval(
          state: .synSent, enteredAt: sent(syn[side].time, by: side), grade: .observed,
          rule: .handshake, frames: Frames(syn[side].frame)))
      let peer = side.peer
      // What a side did itself proves what had come to it.
      arrive(.receiveSYN, of: syn[peer], at: side, shownBy: answer[side])
      guard answer[peer].isKnown else { continue }
      let acted = side == .client ? handshake.ack : handshake.serverSpoke
      arrive(.receiveAckOfSYN, of: answer[peer], at: side, shownBy: acted)
    }
  }

  private mutating func arrive(
    _ event: Event, of mark: Mark, at side: Side, shownBy proof: Mark
  ) {
    let isProven = proof.isKnown && proof.time >= mark.time
    let arrival = received(mark.time, by: side)
    move(
      side, event, at: isProven ? min(arrival, sent(proof.time, by: side)) : arrival,
      grade: isProven ? .observed : .inferred, rule: .handshake,
      frames: isProven ? Frames(mark.frame, proof.frame) : Frames(mark.frame))
  }

  /// Whether the capture ends too soon after `time` for an answer to have come.
  func endsAt(_ time: Int64) -> Bool {
    facts.until - time <= vantage.roundTrip + 40 * .nanosecondsPerMillisecond
  }
}
