import PacketDecoding
import TCPTeardown

/// What a record claims of one flow, held against the kernel's account of it.
struct Claims {
  /// One thing that the record says, or fails to say.
  struct Claim {
    var name: String
    /// Nil for what is missing.
    var grade: Grade?
    /// What is wrong about it; nil where it is right.
    var failure: String?
    /// Why its bounds hold the kernel's time, and its best guess does not.
    var exception: Exception?
    /// What the claimed time is later than the kernel's by, in nanoseconds.
    var error: Int64 = 0
  }

  let record: FlowRecord
  let flow: Truth.TrueFlow
  let vantage: Side
  /// The end of the capture: what the kernel did later is beyond what packets can tell.
  let end: Int64

  static let millisecond: Int64 = 1_000_000
  /// Linux lets a 60 s timer run late by up to the granularity of its timer wheel.
  private static let timerSlack: Int64 = 2300 * millisecond

  var all: [Claim] {
    [closer] + Side.allCases.flatMap { states(of: $0) } + timeWaits
  }

  /// Where both opened at once either side may be called the client.
  private func trueSide(_ side: Side) -> Side {
    record.client == flow.client.endpoint ? side : side.peer
  }

  private var closer: Claim {
    let ours = record.teardown.closedBy.map { closer in
      switch closer.sides {
      case .client: trueSide(.client).name
      case .server: trueSide(.server).name
      case .both, .unknown: closer.sides.rawValue
      }
    }
    return Claim(
      name: "closedBy", grade: record.teardown.closedBy?.grade,
      failure: ours == trueCloser
        ? nil : "\(ours ?? "nobody"), the kernel says \(trueCloser ?? "nobody")")
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

  private func states(of side: Side) -> [Claim] {
    var ours = record.teardown.states[side]
    let truth = flow.sides[trueSide(side)].filter { ($0.enteredAt ?? 0) <= end }
    var claims: [Claim] = []
    if let last = ours.last, last.grade == .assumed, last.state == .closed,
      truth.last?.state == "TIME-WAIT"
    {
      // The nominal end of TIME-WAIT lies in the capture, the kernel's somewhat later behind it.
      let leftAt = flow.timeWait.first { $0.side == trueSide(side).name }?.leftAt
      let isNear = leftAt.map { abs($0 - last.enteredAt) <= Self.timerSlack } ?? false
      claims.append(
        Claim(
          name: "\(side.name) states", grade: .assumed,
          failure: isNear ? nil : "CLOSED, the kernel says TIME-WAIT"))
      ours.removeLast()
    }
    if ours.map(\.state.rawValue) != truth.map(\.state) {
      return claims + misfits(of: ours, side, truth)
    }
    return claims
      + zip(ours, truth).map { entry($0, $1.enteredAt, side, truth) }
  }

  /// Of two orders of states, the states that fit and those that do not.
  private func misfits(
    of ours: [StateInterval], _ side: Side, _ truth: [Truth.TrueState]
  ) -> [Claim] {
    let name = "\(side.name) states"
    let words = (
      ours.map(\.state.rawValue).joined(separator: " "),
      truth.map(\.state).joined(separator: " ")
    )
    var claims = [Claim(name: name, failure: "\(words.0), the kernel says \(words.1)")]
    var rest = truth[...]
    for interval in ours {
      if let place = rest.firstIndex(where: { $0.state == interval.state.rawValue }) {
        rest = rest[(place + 1)...]
        claims.append(Claim(name: name, grade: interval.grade))
      } else {
        claims.append(
          Claim(name: name, grade: interval.grade, failure: "\(interval.state.rawValue) never was"))
      }
    }
    return claims
  }

  /// What an entry time claims: right within the tolerance, or where its bounds hold the kernel's
  /// time and its kind is one whose best guess cannot.
  private func entry(
    _ interval: StateInterval, _ time: Int64?, _ side: Side, _ truth: [Truth.TrueState]
  ) -> Claim {
    var claim = Claim(name: "\(side.name) \(interval.state.rawValue)", grade: interval.grade)
    // When an unknown one was entered, the record does not say.
    guard let time, interval.grade != .unknown else { return claim }
    // Linux tells of a connection in SYN-RECEIVED only when it is asked, every 10 ms.
    let isPolled = truth.count == 2 && truth[0].state == "SYN-RECEIVED"
    let tolerance = Self.millisecond * max(isPolled ? 15 : 0, tolerance(of: interval, side))
    if abs(interval.enteredAt - time) <= tolerance { return claim }
    if let exception = Exception(interval), exception.holds(interval, time, tolerance) {
      claim.exception = exception
      claim.error = interval.enteredAt - time
    } else {
      claim.failure =
        "\(interval.grade.name), \((interval.enteredAt - time) / 1000) us later than the kernel"
    }
    return claim
  }

  /// Milliseconds that an entry may be off.
  private func tolerance(of interval: StateInterval, _ side: Side) -> Int64 {
    if interval.grade == .assumed { return Self.timerSlack / Self.millisecond }
    if trueSide(side) != vantage { return 50 }
    return interval.state == .timeWait ? 15 : 2
  }

  private var timeWaits: [Claim] {
    let ours = Set(record.teardown.timeWait.map { trueSide($0.side).name })
    let truth = Set(flow.timeWait.filter { $0.enteredAt <= end }.map(\.side))
    guard ours == truth else {
      return [
        Claim(
          name: "timeWait", failure: "\(ours.sorted()), the kernel says \(truth.sorted())")
      ]
    }
    return record.teardown.timeWait.compactMap { wait in
      guard let kernel = flow.timeWait.first(where: { $0.side == trueSide(wait.side).name }),
        let leftAt = kernel.leftAt
      else { return nil }
      let length = leftAt - kernel.enteredAt
      let isRight = abs(wait.duration - length) <= Self.timerSlack
      return Claim(
        name: "timeWait duration", grade: wait.endGrade,
        failure: isRight
          ? nil : "\(Double(wait.duration) / 1e9) s, the kernel's \(Double(length) / 1e9) s")
    }
  }
}
