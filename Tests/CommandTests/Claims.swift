import PacketDecoding
import TCPTeardown

/// What a record claims of one flow, held against the kernel's account of it.
struct Claims {
  let record: FlowRecord
  let flow: Truth.TrueFlow
  let vantage: Side
  /// The end of the capture: what the kernel did later is beyond what packets can tell.
  let end: Int64

  private static let millisecond: Int64 = 1_000_000

  /// The claims that are wrong, by name, each with what is wrong about it.
  var failures: [(claim: String, failure: String)] {
    var failures: [(String, String)] = []
    if record.teardown.closedBy?.sides.rawValue != trueCloser {
      let ours = record.teardown.closedBy?.sides.rawValue ?? "nobody"
      failures.append(("closedBy", "\(ours), the kernel says \(trueCloser ?? "nobody")"))
    }
    for side in Side.allCases { failures += stateFailures(side) }
    failures += timeWaitFailures
    return failures
  }

  /// The kernel's closer: the side that was in FIN-WAIT-1 before the other's FIN could reach it.
  private var trueCloser: String? {
    let entered = Side.allCases.map { side in
      flow.sides[side].first { $0.state == "FIN-WAIT-1" }?.enteredAt
    }
    guard flow.closedBy == "both", let client = entered[0], let server = entered[1],
      abs(client - server) > 50 * Self.millisecond
    else { return flow.closedBy }
    return client < server ? "client" : "server"
  }

  private func stateFailures(_ side: Side) -> [(String, String)] {
    let ours = record.teardown.states[side]
    let truth = flow.sides[side].filter { ($0.enteredAt ?? 0) <= end }
    let names = ours.map(\.state.rawValue)
    guard names == truth.map(\.state) else {
      let words = (names.joined(separator: " "), truth.map(\.state).joined(separator: " "))
      return [("\(side.name) states", "\(words.0), the kernel says \(words.1)")]
    }
    // Linux tells of a connection in SYN-RECEIVED only when it is asked, every 10 ms.
    let isPolled = truth.count == 2 && truth[0].state == "SYN-RECEIVED"
    return zip(ours, truth).compactMap { interval, state in
      guard let enteredAt = state.enteredAt,
        !holds(interval, enteredAt, side, slack: isPolled ? 15 : 0)
      else { return nil }
      let late = (interval.enteredAt - enteredAt) / 1000
      return (
        "\(side.name) \(state.state)", "\(interval.grade.name), \(late) us later than the kernel"
      )
    }
  }

  /// Whether an entry time is right, or is a guess whose bounds hold the kernel's time.
  private func holds(
    _ interval: StateInterval, _ time: Int64, _ side: Side, slack: Int64
  ) -> Bool {
    let tolerance = Self.millisecond * max(slack, tolerance(of: interval, side))
    if abs(interval.enteredAt - time) <= tolerance { return true }
    guard interval.grade != .observed, interval.earliest != nil || interval.latest != nil else {
      return false
    }
    return interval.earliest.map { $0 - tolerance <= time } ?? true
      && interval.latest.map { time <= $0 + tolerance } ?? true
  }

  /// Milliseconds that an entry may be off.
  private func tolerance(of interval: StateInterval, _ side: Side) -> Int64 {
    if interval.grade == .assumed { return 2300 }
    if side != vantage { return 50 }
    return interval.state == .timeWait ? 15 : 2
  }

  private var timeWaitFailures: [(String, String)] {
    let ours = Set(record.teardown.timeWait.map(\.side.name))
    let truth = Set(flow.timeWait.filter { $0.enteredAt <= end }.map(\.side))
    guard ours == truth else {
      return [("timeWait", "\(ours.sorted()), the kernel says \(truth.sorted())")]
    }
    return flow.timeWait.compactMap { wait in
      guard let side = Side.allCases.first(where: { $0.name == wait.side }),
        let ours = record.teardown.timeWait(of: side), let leftAt = wait.leftAt,
        abs(ours.duration - (leftAt - wait.enteredAt)) > 2300 * Self.millisecond
      else { return nil }
      let length = Double(leftAt - wait.enteredAt) / 1e9
      return ("timeWait duration", "\(Double(ours.duration) / 1e9) s, the kernel's \(length) s")
    }
  }
}
