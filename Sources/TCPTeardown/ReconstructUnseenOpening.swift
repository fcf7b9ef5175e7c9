internal import PacketDecoding

/// R28: how a connection opened, by the segments of one side alone.
extension Reconstruction {
  /// The server went on behind its SYN-ACK: the client's ACK had come, and so had the SYN-ACK.
  mutating func openClientByNumbers() {
    let (synAck, spoke) = (facts.handshake.synAck, facts.handshake.serverSpoke)
    guard synAck.isKnown, spoke.isKnown else { return }
    move(
      .client, .receiveSYNAck, at: min(synAck.time, spoke.time), grade: .inferred,
      rule: .oneDirection, frames: Frames(spoke.frame), earliest: min(synAck.time, spoke.time),
      latest: spoke.time)
  }

  mutating func openServerByNumbers() {
    let (synAck, spoke) = (facts.handshake.synAck, facts.handshake.serverSpoke)
    guard synAck.isKnown, spoke.isKnown else { return }
    move(
      .server, .receiveAckOfSYN, at: spoke.time, grade: .inferred, rule: .oneDirection,
      frames: Frames(spoke.frame), earliest: min(synAck.time, spoke.time), latest: spoke.time)
  }

  /// A client that sends a SYN-ACK answers a SYN of the server's: both opened at once.
  var answerToUnseenSYN: Int? {
    guard facts.handshake.syn.isKnown, silentSide == .server else { return nil }
    return (kinds.segments.client & kinds.syns & kinds.acks).first
  }

  mutating func beginSimultaneousOpen(byNumbersAt place: Int) {
    let syn = facts.handshake.syn
    let answer = Mark(time: evidence[place].time, frame: evidence[place].frame)
    record.teardown.states.client.append(
      StateInterval(
        state: .synSent, enteredAt: syn.time, grade: .observed, rule: .handshake,
        frames: Frames(syn.frame)))
    record.teardown.states.server.append(
      StateInterval(
        state: .synSent, enteredAt: answer.time, grade: .inferred, rule: .oneDirection,
        frames: Frames(answer.frame), latest: answer.time))
    let span = (min(syn.time, answer.time), answer.time)
    for side in Side.allCases {
      move(
        side, .receiveSYN, at: answer.time, grade: .inferred, rule: .oneDirection,
        frames: Frames(answer.frame), earliest: span.0, latest: side == .client ? span.1 : nil)
    }
    guard facts.handshake.ack.isKnown else { return }
    for side in Side.allCases {
      move(
        side, .receiveAckOfSYN, at: facts.handshake.ack.time, grade: .inferred,
        rule: .oneDirection, frames: Frames(facts.handshake.ack.frame), earliest: span.0)
    }
  }

  /// A RST with ACK and the number 0, and nothing before it: that answers a SYN (RFC 9293 §3.5.2).
  var refusalOfUnseenSYN: Int? {
    guard let silentSide, facts.isMidstream, let first = kinds.segments[silentSide.peer].first,
      kinds.segments[silentSide.peer] == kinds.resets & kinds.acks - kinds.ofNext,
      kinds.segments[silentSide.peer].count == facts.packets[silentSide.peer],
      evidence[first].sequenceNumber.rawValue == 0
    else { return nil }
    return first
  }

  mutating func beginRefusal(byNumbersAt place: Int) {
    let reset = evidence[place]
    record.teardown.states[reset.side.peer].append(
      StateInterval(
        state: .synSent, enteredAt: reset.time, grade: .inferred, rule: .oneDirection,
        frames: Frames(reset.frame), latest: reset.time))
  }

  mutating func applyRefusalOfUnseenSYN(_ place: Int) {
    let reset = evidence[place]
    close(
      reset.side.peer, on: .reset, at: reset.time, grade: .inferred, rule: .resetReceived,
      frames: Frames(reset.frame), earliest: reset.time)
    note(place, by: reset.side, cause: .refused, grade: .inferred)
  }
}
