/// The clock of a capture: its packets' times, guarded against a corrupt stamp.
///
/// One stamp far off must not end every flow, so a jump of more than a minute, in either
/// direction, counts only when the next packet confirms it.
package struct CaptureClock: Sendable {
  private static let jump: Int64 = 60 * .nanosecondsPerSecond

  /// The time that flows expire by, in nanoseconds since the Unix epoch.
  package private(set) var now: Int64 = .min
  /// Stamps that jumped and that the next packet did not confirm, and confirmed jumps back.
  package private(set) var steps = 0
  /// Stamps earlier than the one before.
  package private(set) var backwardStamps = 0
  private var unconfirmed: Int64?
  private var previous: Int64 = .min

  package init() {}

  /// The latest time there is: a jump forward that nothing came to confirm counts where a silence
  /// explains it, and not where it is years.
  package var end: Int64 {
    guard let unconfirmed, unconfirmed > now else { return now }
    let (silence, isOverflow) = unconfirmed.subtractingReportingOverflow(now)
    return isOverflow || silence > Self.longestSilence ? now : unconfirmed
  }

  private static let longestSilence: Int64 = 24 * 3600 * .nanosecondsPerSecond

  /// Whether a stamp lies further ahead of the clock than it moves without a confirmation.
  func isFarAhead(_ time: Int64) -> Bool { time > now && time &- now > Self.jump }

  /// Moves the clock to `time`, unless that is a jump not yet confirmed.
  @inline(__always)
  package mutating func advance(to time: Int64) {
    if time < previous { backwardStamps += 1 }
    previous = time
    if now != .min, time < now &- Self.jump || time > now &+ Self.jump {
      takeJump(to: time)
    } else {
      if time > now { now = time }
      if unconfirmed != nil { dropUnconfirmed() }
    }
  }

  /// Whether stamps from `first` to `last`, none earlier than the one before, only move the clock on.
  @inline(__always)
  func runsOn(from first: Int64, to last: Int64) -> Bool {
    unconfirmed == nil && now != .min && first >= previous && last <= now &+ Self.jump
  }

  /// Moves the clock to `time`, which `runsOn` has said yes to.
  @inline(__always)
  mutating func runOn(to time: Int64) {
    previous = time
    now = max(now, time)
  }

  /// Moves the clock on where no packets come: `time` is the host's own clock.
  package mutating func idle(until time: Int64) {
    if now != .min, time > now { now = time }
  }

  private mutating func takeJump(to time: Int64) {
    guard let pending = unconfirmed, (pending > now) == (time > now),
      pending > now ? time >= pending - Self.jump : time <= pending + Self.jump
    else {
      if unconfirmed != nil { dropUnconfirmed() }
      unconfirmed = time
      return
    }
    if time < now { steps += 1 }
    now = time
    unconfirmed = nil
  }

  private mutating func dropUnconfirmed() {
    steps += 1
    unconfirmed = nil
  }
}
