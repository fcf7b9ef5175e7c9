/// How a connection ended (or did not): the first that fits.
package enum Outcome: String, CaseIterable, Sendable {
  /// A SYN met a RST.
  case refused
  /// A SYN met an ICMP error.
  case unreachable
  /// SYNs, and no answer.
  case unanswered
  /// An acceptable RST ended a side before both FINs were acknowledged.
  case reset
  /// Both FINs crossed, and both were acknowledged.
  case simultaneous
  /// Both FINs were acknowledged.
  case orderly
  /// Begun, and not done when the capture ended.
  case closing
  /// No SYN and no FIN or RST, or one direction only.
  case partial
  case open
}

/// Who closed first, and what shows it.
package struct Closer: Equatable, Sendable {
  package enum Sides: String, CaseIterable, Sendable { case client, server, both, unknown }

  package var sides: Sides
  package var grade: Grade
  package var frames: Frames
}

/// One TIME-WAIT of one side.
package struct TimeWait: Equatable, Sendable {
  package enum End: String, CaseIterable, Sendable {
    /// The assumed end lies within the capture.
    case twoMSL = "2MSL"
    case captureEnd = "capture-end"
    /// A new SYN for the tuple was accepted or sent.
    case reuse
    case reset
    /// A later segment met no socket; the duration is an upper bound.
    case gone
  }

  package var side: Side
  /// Nanoseconds since the Unix epoch, on the side itself.
  package var enteredAt: Int64
  package var grade: Grade
  /// The profile's name.
  package var profile: String
  /// Nanoseconds from entry to end, restarts included; nominal where the end is assumed.
  package var duration: Int64
  package var endedBy: End
  package var endGrade: Grade
  /// What the capture shows of it, in nanoseconds.
  package var observedFor: Int64
  package var restarts: Int
}

/// A RST that changed a side or answered for a missing socket.
package struct ResetVerdict: Equatable, Sendable {
  package enum Cause: String, CaseIterable, Sendable {
    case refused
    case timeWaitRefusal = "time-wait-refusal"
    case synGaveUp = "syn-gave-up"
    case keepAliveRace = "keep-alive-race"
    case readTimeout = "read-timeout"
    case timeWaitAssassination = "time-wait-assassination"
    case orphanGone = "orphan-gone"
    case dataAfterClose = "data-after-close"
    case keepAliveFailed = "keep-alive-failed"
    case retransmissionTimeout = "retransmission-timeout"
    case peerGone = "peer-gone"
    case abort
    case unknown
  }

  package var by: Side
  package var cause: Cause
  package var grade: Grade
  package var frames: Frames
  package var values: [NamedValue]
}

/// A number or a word that a cause or a finding carries.
package struct NamedValue: Equatable, Sendable {
  package enum Value: Equatable, Sendable {
    /// Nanoseconds.
    case duration(Int64)
    case count(Int)
    case word(String)
    case flag(Bool)
  }

  package let name: String
  package let value: Value

  /// A duration below 0 becomes 0: that is what two stamps give of which one is wrong.
  package init(_ name: String, _ value: Value) {
    self.name = name
    if case .duration(let duration) = value {
      self.value = .duration(max(0, duration))
    } else {
      self.value = value
    }
  }
}

/// Something a person should know about one flow.
package struct Finding: Equatable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    case closeWaitLeak = "close-wait-leak"
    case finWait2Orphan = "fin-wait-2-orphan"
    case halfClose = "half-close"
    case finRetransmitted = "fin-retransmitted"
    case lastAckLost = "last-ack-lost"
    case timeWaitRestarted = "time-wait-restarted"
    case timeWaitSkipped = "time-wait-skipped"
    case timeWaitReuse = "time-wait-reuse"
    case connectTimeout = "connect-timeout"
    case readTimeout = "read-timeout"
    case idleTimeout = "idle-timeout"
    case keepAliveRace = "keep-alive-race"
    case gaveUp = "gave-up"
    case resetIgnored = "rst-ignored"
    case resetSuspect = "reset-suspect"
    case icmpUnreachable = "icmp-unreachable"
    case mtuBlackHole = "mtu-black-hole"
    /// Of the whole capture, as are `portExhaustionRisk`, `truncated` and `clockStep`.
    case synFloodLike = "syn-flood-like"
    case portExhaustionRisk = "port-exhaustion-risk"
    case superseded
    case midstream
    case oneSided = "one-sided"
    case gap
    case duplicateFrames = "duplicate-frames"
    case reordered
    case truncated
    case clockStep = "clock-step"
    case evidenceOverflow = "evidence-overflow"
  }

  package var code: Code
  package var side: Side?
  package var grade: Grade
  package var frames: Frames
  package var count: Int
  package var values: [NamedValue]

  package init(
    _ code: Code, side: Side? = nil, grade: Grade = .observed, frames: Frames = Frames(),
    count: Int = 1, values: [NamedValue] = []
  ) {
    self.code = code
    self.side = side
    self.grade = grade
    self.frames = frames
    self.count = count
    self.values = values
  }
}

/// A close that came after nothing had been said for a while, and nothing was outstanding.
package struct IdleClose: Equatable, Sendable {
  /// Who closed.
  package var side: Side
  /// Nanoseconds from the last payload, or the handshake, to the FIN.
  package var idle: Int64
}

/// What the evidence of one flow comes to.
package struct Teardown: Equatable, Sendable {
  package var outcome = Outcome.open
  /// Nil where no FIN was sent.
  package var closedBy: Closer?
  package var states = PerSide(both: [StateInterval]())
  package var timeWait: [TimeWait] = []
  package var reset: ResetVerdict?
  /// How long the connection had been idle when its first FIN was sent, and whose FIN that was.
  package var idleClose: IdleClose?
  /// What the payload said about the close.
  package var hints = CloseHints()
  package var findings: [Finding] = []
  /// Where the capture was taken, as the flow itself shows.
  package var vantage = Vantage()

  package init() {}

  /// Leaves nothing of what it says, but for the room that it takes.
  mutating func forget() {
    outcome = .open
    closedBy = nil
    states.client.empty()
    states.server.empty()
    forgetWhatIsRare()
  }

  /// Leaves nothing of what few flows have, and of TIME-WAIT.
  @inline(__always)
  mutating func forgetWhatIsRare() {
    timeWait.empty()
    if reset != nil { reset = nil }
    idleClose = nil
    findings.empty()
  }

  package func timeWait(of side: Side) -> TimeWait? { timeWait.first { $0.side == side } }
}

extension Array {
  /// Takes out the few that there are, and keeps the room.
  // `removeAll(keepingCapacity:)` goes the long way of replacing a range.
  @inline(__always)
  mutating func empty() {
    while !isEmpty { removeLast() }
  }
}
