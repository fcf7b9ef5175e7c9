internal import PacketDecoding

/// Section "reset causes" of docs/inference.md: why a RST was sent, the first cause that fits.
extension Reconstruction {
  /// Makes a RST the flow's verdict, if none came before it.
  mutating func note(
    _ place: Int, by side: Side, cause: ResetVerdict.Cause, grade: Grade?,
    values: [NamedValue] = []
  ) {
    guard result.reset == nil else { return }
    var frames = Frames()
    if let offender = offendingSegment(of: place) { frames.add(evidence[offender].frame) }
    frames.add(evidence[place].frame)
    result.reset = ResetVerdict(
      by: side, cause: cause, grade: grade ?? Self.grade(of: cause), frames: frames,
      values: values + self.values(of: cause, place: place))
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
    guard !reset.flags.contains(.ack) else { return .abort }
    guard let offender = offendingSegment(of: place) else { return .unknown }
    let segment = evidence[offender]
    guard let ownFIN = firstCopy(ofFINOf: sender), ownFIN < place else {
      return .peerGone
    }
    if senderState == .closed, segment.payloadLength == 0, !segment.isFIN {
      return .timeWaitAssassination
    }
    if segment.payloadLength > 0 {
      if isKeepAliveRace(sender, data: segment) { return .keepAliveRace }
      if isReadTimeout(sender) { return .readTimeout }
      return isOrphanExpired(sender, at: segment.time) ? .orphanGone : .dataAfterClose
    }
    return segment.isFIN ? .orphanGone : .unknown
  }

  /// The server closed an idle connection while a request was on its way to it.
  private func isKeepAliveRace(_ closer: Side, data: Observation) -> Bool {
    guard closer == .server, let copy = firstCopy(ofFINOf: closer) else { return false }
    let idle = !facts.closing.hasPayload || facts.closing.lastPayloadSide == closer
    let knew = evidence.contains {
      covers($0, finOf: closer) && $0.time <= data.time && !$0.isReset
    }
    let apart = data.time - evidence[copy].time
    return idle && (!knew || apart <= vantage.jitter)
  }

  /// The client had sent a request, waited, and closed before any answer came.
  private func isReadTimeout(_ closer: Side) -> Bool {
    closer == .client && facts.closing.hasPayload && facts.closing.lastPayloadSide == closer
  }

  /// How long the request that a read time-out ended had been waiting, in nanoseconds.
  func readTimeout(of closer: Side) -> Int64? {
    guard isReadTimeout(closer), let copy = firstCopy(ofFINOf: closer) else { return nil }
    return evidence[copy].time - facts.closing.lastPayloadTime
  }

  private func isOrphanExpired(_ side: Side, at time: Int64) -> Bool {
    guard
      let entered = result.states[side].first(where: { $0.state == .finWait2 })?.enteredAt
    else { return false }
    return received(time, by: side) > entered + options.profile.finWait2
  }

  private func values(of cause: ResetVerdict.Cause, place: Int) -> [NamedValue] {
    let reset = evidence[place]
    let closing = facts.closing
    switch cause {
    case .readTimeout:
      return readTimeout(of: reset.side).map { [NamedValue("timeout", .duration($0))] } ?? []
    case .keepAliveRace:
      guard let copy = firstCopy(ofFINOf: reset.side) else { return [] }
      var values = [NamedValue("responseOctets", .count(0))]
      if closing.hasPayload {
        values.insert(
          NamedValue("idle", .duration(evidence[copy].time - closing.lastPayloadTime)), at: 0)
      }
      return values
    case .abort:
      let unread = closing.hasPayload && closing.lastPayloadSide == reset.side.peer
      return [
        NamedValue("likely", .word(unread ? "unread-data" : "linger-0 or process abort"))
      ]
    default: return []
    }
  }
}
