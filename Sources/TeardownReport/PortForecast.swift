internal import TCPTeardown

/// How fast connections were opened from one client towards one endpoint.
struct PortRate: Equatable, Sendable {
  /// The most that began within `within` nanoseconds.
  var busiest: Int
  var within: Int64
  /// When the first one and the last began, in nanoseconds since the Unix epoch.
  var first: Int64
  var last: Int64

  /// A burst shorter than this says nothing of the rate at which it would go on (nanoseconds).
  private static let shortest = Int64.nanosecondsPerSecond

  /// What `busiest` is counted over: no longer than there were connections, and a second at least.
  var span: Int64 {
    min(within, max(Self.shortest, last.saturatingSubtracting(first)))
  }

  /// Connections a second, when most came.
  var perSecond: Double { Double(busiest) / Self.seconds(span) }

  static func seconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds) / 1e9 }
}

/// What comes of a client's ports if connections go on as fast as they did when most came.
///
/// It rests on how long TIME-WAIT is taken to last, and on the rate: both are assumed.
struct PortForecast: Equatable, Sendable {
  enum Verdict: String, CaseIterable, Sendable {
    /// All ports were held at one time.
    case ranOut = "ran-out"
    /// They are taken faster than TIME-WAIT gives them back.
    case runsOut = "runs-out"
    /// TIME-WAIT gives them back as fast as they are taken.
    case lasts
    /// Nothing holds a port once its connection is closed.
    case free
  }

  var verdict: Verdict
  /// Connections a second that it is made for.
  var perSecond: Double
  /// Connections a second that leave the client in TIME-WAIT without end: ports / 2MSL.
  ///
  /// Nil where no connection leaves it there.
  var sustainable: Double?
  /// Nanoseconds from no port held until all are.
  var after: Int64?
  /// When all were or will be held, in nanoseconds since the Unix epoch; nil if the rate is not that
  /// of the capture's end.
  var at: Int64?
  /// Ports held at one time in the end.
  var held: Int

  /// What a forecast is made from.
  struct Facts: Sendable {
    var ports: Int
    var rate: PortRate
    /// Connections that were closed, and those of them that left the client in TIME-WAIT.
    var closed: Int
    var waits: Int
    /// The profile's TIME-WAIT, in nanoseconds.
    var timeWait: Int64
    /// The most ports at one time, and since when (nanoseconds since the Unix epoch).
    var peak: Int
    var peakTime: Int64
    /// When the capture ended, and how many ports were held then.
    var captureEnd: Int64?
    var heldAtEnd = 0
  }

  init(_ facts: Facts) {
    let share = facts.closed > 0 ? Double(facts.waits) / Double(facts.closed) : 0
    // Ports that TIME-WAIT takes each second.
    let leaving = facts.rate.perSecond * share
    let timeWait = PortRate.seconds(facts.timeWait)
    perSecond = facts.rate.perSecond
    sustainable =
      facts.waits > 0 && timeWait > 0 ? Double(facts.ports) / (timeWait * share) : nil
    let reached = leaving * timeWait
    held = min(facts.ports, max(facts.peak, Int(min(reached, 65536).rounded())))
    if facts.peak >= facts.ports {
      verdict = .ranOut
      at = facts.peakTime
    } else if facts.waits == 0 {
      verdict = .free
    } else if reached < Double(facts.ports) {
      verdict = .lasts
    } else {
      verdict = .runsOut
      after = Self.nanoseconds(Double(facts.ports) / leaving)
      if let end = facts.captureEnd, facts.rate.last >= end.saturatingSubtracting(facts.rate.span) {
        let free = max(0, facts.ports - facts.heldAtEnd)
        at = end.saturatingAdding(Self.nanoseconds(Double(free) / leaving))
      }
    }
  }

  private static func nanoseconds(_ seconds: Double) -> Int64 {
    Int64(max(0, min(seconds * 1e9, 9e18)))
  }
}
