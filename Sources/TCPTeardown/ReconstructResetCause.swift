internal import PacketDecoding

/// Section "reset causes" of docs/inference.md: why a RST was sent, the first cause that fits.
extension Reconstruction {
  /// A pause this long before a close is idleness, and not the time that an answer takes.
  private static let leastIdle: Int64 = 100 * .nanosecondsPerMillisecond

  /// What a RST without ACK answers (RFC 9293 §3.5.2).
  private enum Offender {
    /// A held segment, by its place in the evidence.
    case held(Int)
    /// Payload that came before any FIN or RST, of which only this is known.
    case earlierPayload(Mark)
  }

  /// Makes a RST the flow's verdict, if none came before it.
  mutating func note(
    _ place: Int, by side: Side, cause: ResetVerdict.Cause, grade: Grade?,
    values: [NamedValue] = []
  ) {
    guard record.teardown.reset == nil else { return }
    var frames = Frames()
    switch offender(of: place) {
    case .held(let offender): frames.add(evidence[offender].frame)
    case .earlierPayload(let payload): frames.add(payload.frame)
    case nil: break
    }
    if cause == .keepAliveRace || cause == .readTimeout, let fin = firstCopy(ofFINOf: side) {
      frames.add(evidence[fin].frame)
    }
    frames.add(evidence[place].frame)
    record.teardown.reset = ResetVerdict(
      by: side, cause: cause, grade: grade ?? Self.grade(of: cause), frames: frames,
      values: values + self.values(of: cause, place: place))
    // An orphan that waits in FIN-WAIT-2 may also be gone by a limit shorter than the profile's.
    if cause == .dataAfterClose, waitedInFinWait2(side, until: evidence[place].time) {
      record.teardown.reset?.grade = .inferred
    }
  }

  private func waitedInFinWait2(_ side: Side, until time: Int64) -> Bool {
    record.teardown.states[side].contains {
      $0.state == .finWait2 && time - $0.enteredAt > .nanosecondsPerSecond
    }
  }

  private static func grade(of cause: ResetVerdict.Cause) -> Grade {
    switch cause {
    case .refused, .timeWaitRefusal, .synGaveUp, .dataAfterClose, .orphanGone, .abort: .observed
    case .unknown: .unknown
    default: .inferred
    }
  }

  /// The cause of a RST that answers no SYN and no SYN-ACK.
  func cause(of place: Int, senderState: State?) -> ResetVerdict.Cause {
    let reset = evidence[place]
    let sender = reset.side
    if reset.flags.contains(.ack) { return causeOfAbort(place) }
    guard let offender = offender(of: place) else { return .unknown }
    guard let ownFIN = firstCopy(ofFINOf: sender), ownFIN < place else { return .peerGone }
    guard case .held(let held) = offender else {
      return isKeepAliveRace(sender, request: nil) ? .keepAliveRace : .dataAfterClose
    }
    let segment = evidence[held]
    if senderState == .closed, segment.payloadLength == 0, !segment.isFIN {
      return .timeWaitAssassination
    }
    if segment.payloadLength > 0 {
      if isKeepAliveRace(sender, request: segment) { return .keepAliveRace }
      if readTimeout(of: sender) != nil { return .readTimeout }
      return isOrphanExpired(sender, at: segment.time) ? .orphanGone : .dataAfterClose
    }
    return segment.isFIN ? .orphanGone : .unknown
  }

  private func causeOfAbort(_ place: Int) -> ResetVerdict.Cause {
    guard let stall = stall(before: place) else {
      return isFINUnanswered(before: place) ? .retransmissionTimeout : .abort
    }
    return stall.isProbe ? .keepAliveFailed : .retransmissionTimeout
  }

  /// The sender of a RST had repeated its FIN again and again without an answer.
  private func isFINUnanswered(before place: Int) -> Bool {
    let side = evidence[place].side
    let sent = kinds.copies[side].before(place).reduce(0) { $0 + Int(evidence[$1].count) }
    return sent >= 4 && firstCover(ofFINOf: side) == nil
  }

  /// The run of repeats or keep-alive probes, all unanswered, after which a side sent a RST.
  func stall(before place: Int) -> Observation? {
    guard evidence[place].marks.contains(.afterStall) else { return nil }
    let last = (kinds.by[evidence[place].side] & kinds.repeats).before(place).last {
      evidence[$0].isProbe || evidence[$0].count >= 3
    }
    return last.map { evidence[$0] }
  }

  private func offender(of place: Int) -> Offender? {
    if let held = offendingSegment(of: place) { return .held(held) }
    let reset = evidence[place]
    let receiver = reset.side.peer
    // A side's last acknowledgment tells that its last payload, if no more, had just that number.
    guard !reset.flags.contains(.ack),
      reset.lastAcks[receiver] == reset.sequenceNumber || answersCrossedPayload(reset)
    else { return nil }
    let payload = facts.closing.lastPayloads[receiver]
    return payload.isKnown && payload.time <= reset.time ? .earlierPayload(payload) : nil
  }

  /// The RST has the number of its sender's FIN: what it answers had left before that FIN came.
  private func answersCrossedPayload(_ reset: Observation) -> Bool {
    guard let copy = firstCopy(ofFINOf: reset.side), fin[reset.side] == reset.sequenceNumber else {
      return false
    }
    return evidence[copy].isCrossedByPayload
  }

  /// The server closed an idle connection while a request was on its way to it.
  ///
  /// `request` is nil where it was captured before the FIN that it crossed.
  private func isKeepAliveRace(_ closer: Side, request: Observation?) -> Bool {
    guard closer == .server, let copy = firstCopy(ofFINOf: closer),
      idleTime(beforeFINAt: copy) >= max(Self.leastIdle, vantage.roundTrip)
    else { return false }
    guard let request else { return evidence[copy].isCrossedByPayload }
    let knew = (kinds.covers[closer] - kinds.resets).contains {
      evidence[$0].time <= request.time
    }
    return !knew || request.time - evidence[copy].time <= vantage.jitter
  }

  /// For how long the connection had been idle when the FIN at `copy` was sent, in nanoseconds.
  ///
  /// Counted from the server's last payload, or the handshake; 0 where a request was outstanding.
  func idleTime(beforeFINAt copy: Int) -> Int64 {
    if evidence[copy].payloadLength > 0 { return 0 }
    return facts.closing.idleTime(
      until: evidence[copy].time, since: openedAt,
      isCrossed: evidence[copy].side == .server && evidence[copy].isCrossedByPayload)
  }

  private var openedAt: Int64 {
    facts.handshake.ack.isKnown ? facts.handshake.ack.time : facts.start
  }

  /// How long a request had been waiting when its sender closed without any answer, in
  /// nanoseconds; nil where nothing was outstanding.
  func readTimeout(of closer: Side) -> Int64? {
    guard closer == .client, silentSide == nil, let copy = firstCopy(ofFINOf: closer),
      facts.closing.lastSpeaker == closer, evidence[copy].payloadLength == 0
    else { return nil }
    let waited = evidence[copy].time - facts.closing.lastPayloads[closer].time
    return waited >= max(Self.leastIdle, vantage.roundTrip) ? waited : nil
  }

  private func isOrphanExpired(_ side: Side, at time: Int64) -> Bool {
    guard
      let entered = record.teardown.states[side].first(where: { $0.state == .finWait2 })?.enteredAt
    else { return false }
    return received(time, by: side) > entered + options.profile.finWait2
  }
}

extension Observation {
  /// A FIN that does not acknowledge what the capture had seen of the other side by then.
  @inline(__always)
  var isCrossedByPayload: Bool {
    knowsNumbers(of: side.peer) && acknowledgmentNumber.precedes(nextNumbers[side.peer])
  }
}

/// What a cause carries besides its name.
extension Reconstruction {
  /// Idle limits that people and products set, in seconds.
  private static let presets: [Int64] = [60, 120, 300, 350, 600, 3600]

  private func values(of cause: ResetVerdict.Cause, place: Int) -> [NamedValue] {
    let reset = evidence[place]
    switch cause {
    case .readTimeout:
      return readTimeout(of: reset.side).map { [NamedValue("timeout", .duration($0))] } ?? []
    case .keepAliveRace:
      guard let copy = firstCopy(ofFINOf: reset.side) else { return [] }
      return [
        NamedValue("idle", .duration(idleTime(beforeFINAt: copy))),
        NamedValue("responseOctets", .count(responseOctets(by: reset.side, after: copy))),
      ]
    case .keepAliveFailed, .retransmissionTimeout:
      guard let stall = stall(before: place) else { return [] }
      return [
        NamedValue("attempts", .count(Int(stall.count))),
        NamedValue("duration", .duration(reset.time - stall.time)),
      ]
    case .peerGone: return gapValues(before: place)
    case .abort:
      let isUnread = facts.closing.lastSpeaker == reset.side.peer
      return [
        NamedValue("likely", .word(isUnread ? "unread-data" : "linger-0 or process abort"))
      ]
    default: return []
    }
  }

  private func responseOctets(by side: Side, after place: Int) -> Int {
    (kinds.segments[side] - kinds.resets).after(place)
      .reduce(0) { $0 + Int(evidence[$1].payloadLength) }
  }

  /// How long nothing had come before the segment that met no socket, and which limit that is.
  private func gapValues(before place: Int) -> [NamedValue] {
    let last: Int64
    let offence: Int64
    // A side that repeats itself is not idle.
    let isRepeating = (kinds.by[evidence[place].side.peer] & kinds.repeats).before(place)
      .contains { !evidence[$0].isProbe }
    if isRepeating { return [] }
    switch offender(of: place) {
    case .held(let held):
      offence = evidence[held].time
      let payloads = facts.closing.lastPayloads
      last =
        Side.allCases.map { payloads[$0] }.filter { $0.isKnown && $0.time < offence }
        .map(\.time).max() ?? openedAt
    case .earlierPayload(let payload):
      offence = payload.time
      let answer = facts.closing.lastPayloads[evidence[place].side]
      last = answer.isKnown ? answer.time : openedAt
    case nil: return []
    }
    let gap = offence - last
    guard gap >= .nanosecondsPerSecond else { return [] }
    var values = [NamedValue("idle", .duration(gap))]
    let near = Self.presets.map { $0 * .nanosecondsPerSecond }.first {
      gap >= $0 && gap - $0 <= $0 / 50 + .nanosecondsPerSecond
    }
    if let near { values.append(NamedValue("preset", .duration(near))) }
    return values
  }
}
