internal import PacketDecoding
internal import TCPTeardown

/// What a client's ports are counted by: towards another endpoint each of them is free again.
struct PortWay: Spreading, Sendable {
  let client: IPAddress
  let server: Endpoint

  init(_ record: borrowing FlowRecord) {
    client = record.client.address
    server = record.server
  }

  var spread: UInt64 {
    client.spread.mixed(with: server.address).mixed(with: UInt64(server.port))
  }
}

/// A port or a place in a table that was held for a while; times are in nanoseconds since 1970.
struct Stay: Equatable, Sendable {
  /// Whose it is.
  var holder: UInt32 = 0
  var start: Int64
  /// When TIME-WAIT began; `end` without one.
  var waitStart: Int64
  /// When it was let go.
  var end: Int64
}

/// Moments counted in steps of some two seconds from the first one on.
struct StepClock: Sendable {
  /// Nanoseconds: a power of two, to shift by.
  static let step: Int64 = 1 << stepBits
  private static let stepBits = 31

  private var origin: Int64?

  /// Counts from `time` on, unless it does already from another.
  mutating func begin(at time: Int64) {
    if origin == nil { origin = time }
  }

  /// The first step at `time` or later, within 34 years of the first one.
  func step(of time: Int64) -> Int32 {
    let offset = time.saturatingSubtracting(origin ?? 0)
    let step = (offset.saturatingAdding(Self.step - 1)) >> Self.stepBits
    return Int32(max(-Occupancy.stepsAtMost, min(step, Occupancy.stepsAtMost)))
  }

  /// When `step` is, in nanoseconds since the Unix epoch.
  func time(of step: Int32) -> Int64 {
    (origin ?? 0).saturatingAdding(Int64(step) * Self.step)
  }
}

extension FlowRecord {
  /// What a TIME-WAIT is counted for at most, in nanoseconds: twice the longest that a stack has.
  // Worked out at compile time: a stored one would be asked for each flow whether it is there yet.
  private static var longestTimeWait: Int64 { 480 * 1_000_000_000 }

  /// A side's TIME-WAIT in nanoseconds since the Unix epoch.
  @inline(__always)
  func timeWaitStay(of side: Side) -> Stay? {
    for place in teardown.timeWait.indices {
      // Not `==`: that of another module is a call.
      switch (teardown.timeWait[place].side, side) {
      case (.client, .client), (.server, .server): break
      default: continue
      }
      let entry = teardown.timeWait[place].enteredAt
      let end = min(
        entry.saturatingAdding(max(0, teardown.timeWait[place].duration)),
        self.end.saturatingAdding(Self.longestTimeWait))
      return Stay(start: entry, waitStart: entry, end: end)
    }
    return nil
  }

  /// When the client's port was held: from its SYN until the client is CLOSED, TIME-WAIT included.
  ///
  /// One that is held still counts until `captureEnd`, or the flow's last segment where that is not
  /// known, and `margin` nanoseconds beyond.
  @inline(__always)
  func clientPortStay(captureEnd: Int64?, margin: Int64) -> Stay {
    if var stay = timeWaitStay(of: .client) {
      stay.start = min(start, stay.start)
      return stay
    }
    let end = clientPortFreed(captureEnd: captureEnd, margin: margin)
    return Stay(start: start, waitStart: end, end: end)
  }

  /// The same without a client's TIME-WAIT.
  @inline(__always)
  private func clientPortFreed(captureEnd: Int64?, margin: Int64) -> Int64 {
    guard case .captureEnd = written else { return end }
    switch teardown.outcome {
    case .orderly, .simultaneous, .refused, .unreachable: return end
    case .reset, .unanswered, .closing, .partial, .open: break
    }
    if let last = teardown.states.client.last, last.state == .closed { return last.enteredAt }
    return max(end, captureEnd ?? end).saturatingAdding(margin)
  }
}
