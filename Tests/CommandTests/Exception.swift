import TCPTeardown

extension Claims {
  /// Why a best guess may be further from the kernel's time than the tolerance: by rule and state.
  ///
  /// What is observed is never excepted, nor is any rule that is not listed.
  enum Exception: String, CaseIterable {
    case lostSYN = "R0: an earlier SYN was lost before the capture"
    case lostACK = "R0: an earlier ACK of the SYN-ACK was lost before the capture"
    case lateFIN = "R1: the FIN waited behind data, or an earlier copy was lost before the capture"
    case lostAnswer = "R6: an earlier ACK of the FIN was lost before the capture"
    case goneBefore = "R10: the host had let go, silently, some time before its RST tells"
    case goneOrReset = "R12: the host had given up before the RST came, or the way took longer back"
    case goneOrphan = "R14: a closed socket had expired before the data came that its RST answers"
    case hostsLimit = "R15: how long a closed socket stays in FIN-WAIT-2 is its host's setting"
    case gaveUp = "R16: a host that gives up its FIN sends nothing"
    case stopped = "R20: a client that stops connecting sends nothing"

    init?(_ interval: StateInterval) {
      switch (interval.rule.number, interval.state, interval.grade) {
      case (0, .synSent, .inferred): self = .lostSYN
      case (0, .established, .inferred): self = .lostACK
      case (1, .finWait1, .inferred): self = .lateFIN
      case (6, .timeWait, .inferred): self = .lostAnswer
      case (10, .closed, .inferred): self = .goneBefore
      case (12, .closed, .inferred): self = .goneOrReset
      case (14, .closed, .inferred): self = .goneOrphan
      case (15, .closed, .assumed): self = .hostsLimit
      case (16, .closed, .inferred): self = .gaveUp
      case (20, .closed, .inferred): self = .stopped
      default: return nil
      }
    }

    /// Whether the bounds of `interval` hold `time` (nanoseconds, as is `tolerance`).
    func holds(_ interval: StateInterval, _ time: Int64, _ tolerance: Int64) -> Bool {
      // What is assumed has no bounds: tcp_fin_timeout=90 runs out after 57.5 to 63 s (two timers).
      if self == .hostsLimit { return abs(interval.enteredAt - time) <= 3000 * millisecond }
      guard interval.earliest != nil || interval.latest != nil else { return false }
      return interval.earliest.map { $0 - tolerance <= time } ?? true
        && interval.latest.map { time <= $0 + tolerance } ?? true
    }
  }
}
