internal import PacketDecoding

/// R16, R20, R23: what silence, and others' errors, did.
extension Reconstruction {
  /// Linux sends a connection's SYNs at these times, in milliseconds after the first: before 6.5
  /// with plain back-off, since then with four linear time-outs first.
  private static let backOff: [Int64] = [0, 1000, 3000, 7000, 15000, 31000, 63000, 127_000]
  private static let linear: [Int64] = [
    0, 1000, 2000, 3000, 4000, 5000, 7000, 11000, 19000, 35000, 67000, 131_000,
  ]

  mutating func expireWithoutSegments() {
    giveUpConnecting()
    giveUpClosing(.client, before: facts.until)
    giveUpClosing(.server, before: facts.until)
  }

  /// R20: the client stopped repeating its SYN, and no answer ever came.
  @inline(__always)
  private mutating func giveUpConnecting() {
    let handshake = facts.handshake
    guard handshake.syn.isKnown, !handshake.ack.isKnown, !handshake.synAck.isKnown || isSYNAckLost,
      record.teardown.states.client.last?.state == .synSent,
      kinds.icmpErrors.isEmpty, (kinds.by.server - (kinds.syns & kinds.acks)).isEmpty
    else { return }
    let first = handshake.syn.time
    let last = handshake.lastSYN.time
    guard let due = nextSYN(after: last - first), first + due.latest < facts.until else { return }
    let latest = first + due.latest
    guard let guess = connectTimeout(from: last, to: latest) else { return }
    close(
      .client, on: .delete, at: sent(guess, by: .client), grade: .inferred,
      rule: .unansweredSYN, frames: Frames(handshake.lastSYN.frame), earliest: last,
      latest: latest)
    addConnectTimeout(guess - first, grade: .inferred)
  }

  /// The client gave up connecting after about `timeout` nanoseconds.
  mutating func addConnectTimeout(_ timeout: Int64, grade: Grade) {
    let handshake = facts.handshake
    let isKernels = handshake.lastSYN.time - handshake.syn.time >= Self.wholeSchedule
    report(
      Finding(
        .connectTimeout, side: .client, grade: grade,
        frames: Frames(handshake.syn.frame, handshake.lastSYN.frame),
        values: [
          NamedValue("timeout", .duration(timeout)),
          NamedValue("attempts", .count(Int(handshake.synCount))),
          NamedValue("schedule", .word(isKernels ? "kernel" : "application")),
        ]))
  }

  /// Only the whole schedule of SYNs goes on for this long.
  private static let wholeSchedule = 62 * Int64.nanosecondsPerSecond

  /// When the next SYN would have been seen, `elapsed` after the first, with what timers add.
  func nextSYN(after elapsed: Int64) -> (likely: Int64, latest: Int64)? {
    let milliseconds = elapsed / .nanosecondsPerMillisecond
    guard let due = Self.linear.first(where: { $0 > milliseconds + 100 }) else { return nil }
    let step = Self.backOff.first { $0 > milliseconds + 100 } ?? due
    let isLinear = linearRepeatSeen
    let next = isLinear ? due : max(due, step)
    // A timer wheel runs late: by some 2 % in all as measured, by an eighth of each wait at most.
    return (
      (next + next / 50) * .nanosecondsPerMillisecond,
      (next + next / 8 + 100) * .nanosecondsPerMillisecond
    )
  }

  /// A repeat two seconds after the first SYN comes from the newer schedule only.
  private var linearRepeatSeen: Bool {
    (kinds.by.client & kinds.syns - kinds.ofNext).contains {
      (evidence[$0].time - facts.handshake.syn.time) / .nanosecondsPerSecond == 2
    }
  }

  /// The time-out that an application most likely asked for, as the moment when it struck.
  ///
  /// People choose round values: the longest of these that fits between the last SYN and the next.
  func connectTimeout(from last: Int64, to latest: Int64) -> Int64? {
    let first = facts.handshake.syn.time
    let low = last - first
    let high = latest - first
    guard high >= low else { return nil }
    // The kernel's last wait is over when the next SYN would have been due.
    if low >= Self.wholeSchedule, let due = nextSYN(after: low) {
      return first + min(due.likely, high)
    }
    let seconds: [Int64] = [120, 90, 60, 45, 30, 20, 15, 10, 8, 6, 5, 4, 3, 2, 1]
    for second in seconds.map({ $0 * .nanosecondsPerSecond }) where second >= low && second <= high
    {
      return first + second
    }
    let half = Int64.nanosecondsPerSecond / 2
    return first + (low <= half && half <= high ? half : low + (high - low) / 2)
  }

  /// Hosts wait no longer than this between repeats: Linux 2 minutes, RFC 6298 §2 a minute or more.
  static let longestGap = 600 * Int64.nanosecondsPerSecond

  /// R16: the repeats of a FIN stopped without any acknowledgment of it, before `end`.
  ///
  /// False where it cannot be told that the side gave up.
  @discardableResult
  mutating func giveUpClosing(_ side: Side, before end: Int64) -> Bool {
    switch lastState(of: side) {
    case .finWait1, .closing, .lastAck: break
    default: return false
    }
    let copies = kinds.copies[side].map { evidence[$0] }
    guard let final = copies.last, copies.count > 1, final.count == 1 else { return false }
    let gap = final.time - copies[copies.count - 2].time
    guard gap <= Self.longestGap else { return false }
    let latest = final.time + 2 * gap
    guard latest + max(gap / 16, .nanosecondsPerSecond) < end else { return false }
    close(
      side, on: .delete, at: sent(final.time + nextBackOff(copies), by: side), grade: .inferred,
      rule: .gaveUp, frames: Frames(final.frame), earliest: sent(final.time, by: side),
      latest: sent(latest, by: side))
    return true
  }

  /// When `side` most likely gave up repeating its FIN; nil where it did not repeat it.
  func givingUp(_ side: Side) -> Int64? {
    let copies = kinds.copies[side].map { evidence[$0] }
    guard let final = copies.last, copies.count > 1, final.count == 1 else { return nil }
    return sent(final.time + nextBackOff(copies), by: side)
  }

  /// How long a sender waits after its last repeat, if each time-out doubles the one before.
  ///
  /// Timers run late, never early, so the least that any gap comes to is nearest to the truth. The
  /// first gap is left out where there are others: it may be a probe's (RFC 8985 §7).
  private func nextBackOff(_ copies: [Observation]) -> Int64 {
    let gaps = zip(copies.dropFirst(), copies).map { $0.time - $1.time }
    var least = Int64.max
    for (index, gap) in gaps.enumerated() where index > 0 || gaps.count == 1 {
      // Beyond what any host waits, doubling tells nothing (and must not run over).
      least = min(least, min(gap, Self.longestGap) << Int64(min(gaps.count - index, 16)))
    }
    return least
  }

  /// No SYN was repeated where the next was due: whatever came at `time` ended the attempt.
  private func isNextSYNMissing(after time: Int64) -> Bool {
    let handshake = facts.handshake
    guard let due = nextSYN(after: handshake.lastSYN.time - handshake.syn.time) else {
      return false
    }
    return handshake.lastSYN.time <= time && handshake.syn.time + due.latest < facts.until
  }

  /// R23: an ICMP error ends a connection that is being opened; later it is only worth telling.
  mutating func applyICMPErrors() {
    for place in kinds.icmpErrors {
      let error = evidence[place]
      let type = Int(error.acknowledgmentNumber.rawValue >> 8)
      let code = Int(error.acknowledgmentNumber.rawValue & 0xFF)
      let needsFragmentation = facts.isIPv6 ? type == 2 : type == 3 && code == 4
      let isUnreachable = type == (facts.isIPv6 ? 1 : 3) && !needsFragmentation
      if isUnreachable, error.side == .client, record.teardown.states.client.last?.state == .synSent
      {
        close(
          .client, on: .delete, at: received(error.time, by: .client),
          grade: isNextSYNMissing(after: error.time) ? .observed : .inferred, rule: .icmpError,
          frames: Frames(error.frame))
        isUnreachableByICMP = true
      }
      // The sender sends less at a time and goes on (RFC 1191): worth telling only where it does not.
      if needsFragmentation { continue }
      report(
        Finding(
          .icmpUnreachable, side: error.side, frames: Frames(error.frame),
          count: Int(error.count),
          values: [NamedValue("type", .count(type)), NamedValue("code", .count(code))]))
    }
  }
}
