internal import PacketDecoding

/// Where the capture was taken: the one-way delay between it and either side.
///
/// From the handshake: SYN to SYN-ACK is the round trip to the server, SYN-ACK to ACK the one to
/// the client. What the close shows can only lower it, for every answer takes at least that long.
package struct Vantage: Equatable, Sendable {
  /// Nanoseconds; 0 where nothing tells.
  package var delay = PerSide(both: Int64(0))
  package var isKnown = PerSide(both: false)

  /// Nanoseconds from side to side and back; 0 where nothing tells.
  package var roundTrip: Int64 { 2 * (delay.client + delay.server) }

  /// Whether the capture was taken so close to `side` that nothing it sends is lost before it.
  @inline(__always)
  package func isNear(_ side: Side) -> Bool {
    isKnown[side] && delay[side] <= .nanosecondsPerMillisecond
  }

  /// What a time may be off without meaning anything: a host under load answers late.
  @inline(__always)
  var jitter: Int64 { max(roundTrip, 2 * .nanosecondsPerMillisecond) }

  /// How far behind what it brought about at `side` a segment may seem to arrive there, in
  /// nanoseconds: a delay is halved from whole ones, and stamps are mostly of microseconds.
  @inline(__always)
  func slack(of side: Side) -> Int64 { delay[side.peer] == 0 ? 0 : 1000 }

  /// No segment lives longer than 2 minutes (RFC 9293 §3.4.2): an answer after that answers
  /// something else, or the stamps are wrong.
  private static let longestRoundTrip = 240 * Int64.nanosecondsPerSecond

  init() {}

  init(_ handshake: borrowing Handshake, evidence: borrowing Span<Observation>) {
    if handshake.syn.isKnown, handshake.synAck.isKnown {
      let syn = Self.latest(
        of: handshake.syn, handshake.lastSYN, in: evidence, from: .client,
        before: handshake.synAck.time)
      learn(.server, roundTrip: handshake.synAck.time - syn)
    }
    if handshake.crossedSYN.isKnown {
      // Each side's SYN-ACK answers the other's SYN; the client's ACK answers nothing.
      for place in evidence.indices
      where evidence[place].side == .client && evidence[place].flags.isSYNAck {
        learn(.client, roundTrip: evidence[place].time - handshake.crossedSYN.time)
        break
      }
    } else if handshake.synAck.isKnown, handshake.ack.isKnown {
      let synAck = Self.latest(
        of: handshake.synAck, handshake.lastSYNAck, in: evidence, from: .server,
        before: handshake.ack.time)
      learn(.client, roundTrip: handshake.ack.time - synAck)
    }
  }

  /// A question of one side and the other's answer took `roundTrip` nanoseconds at the capture.
  @inline(__always)
  mutating func learn(_ side: Side, roundTrip: Int64) {
    guard (0...Self.longestRoundTrip).contains(roundTrip) else { return }
    let oneWay = roundTrip / 2
    delay[side] = isKnown[side] ? min(delay[side], oneWay) : oneWay
    isKnown[side] = true
  }

  /// The last copy of a SYN or SYN-ACK that stands before its answer: the one it may answer.
  private static func latest(
    of first: Mark, _ last: Mark, in evidence: borrowing Span<Observation>, from side: Side,
    before time: Int64
  ) -> Int64 {
    if last.time <= time { return last.time }
    var found = first.time
    for place in evidence.indices
    where evidence[place].side == side && evidence[place].flags.contains(.syn)
      && !evidence[place].isOfNextIncarnation && evidence[place].time <= time
    {
      found = max(found, evidence[place].time)
    }
    return found
  }
}
