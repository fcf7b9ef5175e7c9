internal import PacketDecoding

/// What a person should know of how a flow ended.
extension Reconstruction {
  mutating func addFindings() {
    addFindings(of: .client)
    addFindings(of: .server)
    addIdleClose()
    addReuse()
    addCaptureFindings()
  }

  // All of them inlined: most find nothing, and are left as soon as they are entered.
  private mutating func addFindings(of side: Side) {
    addRepeatedFIN(of: side)
    addDataAfterFIN(of: side)
    addReadTimeout(of: side)
    addOrphan(side)
    addGivenUp(by: side)
    addCloseWaitLeak(of: side)
  }

  @inline(__always)
  private mutating func addRepeatedFIN(of side: Side) {
    guard let first = firstCopy(ofFINOf: side),
      kinds.copies[side].count > 1 || evidence[first].count > 1
    else { return }
    var frames = Frames()
    var repeats = 0
    for copy in kinds.copies[side] where !isNetworkDuplicate(copy, ofFINOf: side) {
      repeats += Int(evidence[copy].count)
      frames.add(evidence[copy].frame)
    }
    guard repeats > 1 else { return }
    report(
      Finding(.finRetransmitted, side: side, frames: frames, count: repeats - 1))
    guard order == .first(side.peer), let cover = firstCover(ofFINOf: side),
      !receipt(ofAckOfFINOf: side).arrival.frames.contains(evidence[cover].frame)
    else { return }
    report(
      Finding(
        .lastAckLost, side: side.peer, grade: .inferred, frames: Frames(evidence[cover].frame)))
  }

  /// Data after the peer's FIN that the peer took: it had only shut down its sending side (R14).
  @inline(__always)
  private mutating func addDataAfterFIN(of side: Side) {
    guard let number = fin[side] else { return }
    let segments = kinds.segments[side.peer] & kinds.payloads & kinds.acks - kinds.resets
    let data = segments.first { evidence[$0].acknowledgmentNumber == number + 1 }
    guard let data else { return }
    let taken = (kinds.segments[side] & kinds.acks - kinds.resets).first {
      evidence[$0].time > evidence[data].time
        && evidence[$0].acknowledgmentNumber - evidence[data].end >= 0
    }
    guard let taken else { return }
    report(
      Finding(
        .halfClose, side: side, frames: Frames(evidence[data].frame, evidence[taken].frame)))
  }

  /// A request that got no answer before its sender closed.
  @inline(__always)
  private mutating func addReadTimeout(of side: Side) {
    guard order == .only(side) || record.teardown.reset?.cause == .readTimeout,
      let timeout = readTimeout(of: side), let copy = firstCopy(ofFINOf: side)
    else { return }
    var frames = Frames(evidence[copy].frame)
    frames.add(facts.closing.lastPayloads[side].frame)
    report(
      Finding(
        .readTimeout, side: side, grade: .inferred, frames: frames,
        values: [NamedValue("timeout", .duration(timeout))]))
  }

  /// FIN-WAIT-2 of a socket that its program had closed: shown by a RST, or by the host's limit.
  @inline(__always)
  private mutating func addOrphan(_ side: Side) {
    guard record.teardown.reset != nil || lastState(of: side) == .finWait2,
      let place = place(of: .finWait2, at: side), self.place(of: .timeWait, at: side) == nil
    else { return }
    let wait = record.teardown.states[side][place]
    let lasted = (wait.leftAt ?? facts.until) - wait.enteredAt
    let frames: Frames
    let grade: Grade
    if let reset = record.teardown.reset, reset.by == side,
      [.orphanGone, .dataAfterClose].contains(reset.cause)
    {
      // Of a socket that waited for next to nothing, the cause of the RST tells all.
      guard lasted >= .nanosecondsPerSecond else { return }
      (frames, grade) = (reset.frames, .observed)
    } else if wait.leftAt == nil, lasted >= options.profile.finWait2 {
      (frames, grade) = (wait.frames, .assumed)
    } else {
      return
    }
    report(
      Finding(
        .finWait2Orphan, side: side, grade: grade, frames: frames,
        values: [NamedValue("duration", .duration(lasted))]))
  }

  /// Repeats of a FIN that nobody acknowledged came to an end (R16).
  @inline(__always)
  private mutating func addGivenUp(by side: Side) {
    guard lastState(of: side) == .closed, record.teardown.states[side].last?.rule == .gaveUp else {
      return
    }
    let copies = kinds.copies[side].map { evidence[$0] }
    guard let final = copies.last else { return }
    report(
      Finding(
        .gaveUp, side: side, grade: .inferred, frames: Frames(copies[0].frame, final.lastFrame),
        count: copies.reduce(0) { $0 + Int($1.count) },
        values: [NamedValue("duration", .duration(final.lastTime - copies[0].time))]))
  }

  /// The peer's FIN was acknowledged, and its owner did not close for a long time.
  @inline(__always)
  mutating func addCloseWaitLeak(of side: Side) {
    guard let place = place(of: .closeWait, at: side) else { return }
    let wait = record.teardown.states[side][place]
    let lasted = (wait.leftAt ?? facts.until) - wait.enteredAt
    guard lasted >= options.closeWaitLimit else { return }
    report(
      Finding(
        .closeWaitLeak, side: side, grade: wait.grade, frames: wait.frames,
        values: [
          NamedValue("duration", .duration(lasted)),
          NamedValue("closed", .flag(wait.leftAt != nil)),
        ]))
  }

  /// `Keep-Alive: timeout=` of a side, as a finding's value.
  private func announced(by side: Side) -> [NamedValue] {
    let seconds = Int64(record.teardown.hints.keepAliveSeconds[side])
    guard seconds > 0 else { return [] }
    return [NamedValue("announced", .duration(seconds * .nanosecondsPerSecond))]
  }

  /// The connection was closed after a pause in which neither side owed the other anything.
  private mutating func addIdleClose() {
    let side: Side
    switch order {
    case .only(let first), .first(let first), .crossedAfterLoss(let first): side = first
    case .none, .crossed: return
    }
    guard record.teardown.closedBy?.sides == Closer.Sides(side), facts.handshake.ack.isKnown,
      let copy = firstCopy(ofFINOf: side)
    else { return }
    addIdleClose(by: side, idle: idleTime(beforeFINAt: copy), frame: evidence[copy].frame)
  }

  /// `side` closed after so many nanoseconds of idleness, with the FIN in `frame`.
  @inline(__always)
  mutating func addIdleClose(by side: Side, idle: Int64, frame: Int) {
    guard idle > 0 else { return }
    record.teardown.idleClose = IdleClose(side: side, idle: idle)
    if let reset = record.teardown.reset, reset.cause == .keepAliveRace {
      report(
        Finding(
          .keepAliveRace, side: side, grade: .inferred, frames: reset.frames,
          values: reset.values))
      return
    }
    guard let limit = IdleLimit.preset(at: idle) else { return }
    let frames = Frames(record.closing.lastPayloads[side].frame, frame)
    report(
      Finding(
        .idleTimeout, side: side, grade: .inferred, frames: frames,
        values: [
          NamedValue("idle", .duration(idle)), NamedValue("preset", .duration(limit)),
        ] + announced(by: side)))
  }
}
