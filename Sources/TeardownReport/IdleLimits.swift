internal import TCPTeardown

/// After how much idleness either side of each service closes: what time-outs the capture shows.
struct IdleLimits: Sendable {
  /// Shorter pauses are part of a conversation, in nanoseconds.
  static var leastIdle: Int64 { 1_000_000_000 }

  private struct Closers: Spreading {
    let port: UInt16
    let side: Side

    var spread: UInt64 { UInt64(port).mixed(with: UInt64(side.rawValue) << 16) }
  }

  private var closers = HeavyKeys<Closers, IdleTimes>(fresh: IdleTimes())

  /// Takes in a close of the service at a server's port.
  mutating func add(_ close: IdleClose, port: UInt16) {
    guard close.idle >= Self.leastIdle,
      let row = closers.row(of: Closers(port: port, side: close.side))
    else { return }
    closers[row].add(close.idle)
  }

  /// Closes of services beyond those told apart.
  var otherCloses: Int { closers.other }

  /// The services with a limit, first those whose clients may meet a close, then by flows.
  var services: [Service] {
    var limits: [UInt16: PerSide<[Limit]>] = [:]
    for (key, _, times) in closers.all {
      let found = times.limits
      if !found.isEmpty { limits[key.port, default: PerSide(both: [])][key.side] = found }
    }
    return limits.map { Service(port: $0.key, limits: $0.value) }
      .sorted { ($0.isSafe ? 1 : 0, $1.flows, $0.port) < ($1.isSafe ? 1 : 0, $0.flows, $1.port) }
  }

  /// A time-out, as the closes that came of it show it.
  struct Limit: Equatable, Sendable {
    /// Nanoseconds.
    var idle: Int64
    /// Flows that it closed.
    var flows: Int
    /// The limit many products are set to that it is, in nanoseconds.
    var preset: Int64?
  }

  /// A server's port with the limits of its servers and their clients, the most frequent first.
  struct Service: Equatable, Sendable {
    enum Verdict: String, CaseIterable, Sendable {
      /// The server closes sooner than its clients: a request may meet the close.
      case inverted
      /// Both close at the same time, and either may be first.
      case equal
      /// The clients close sooner.
      case ordered
    }

    let port: UInt16
    let limits: PerSide<[Limit]>

    var flows: Int { (limits.client + limits.server).reduce(0) { $0 + $1.flows } }

    /// Nil where only one side's limit is known.
    var verdict: Verdict? {
      guard let server = limits.server.first?.idle, let client = limits.client.first?.idle else {
        return nil
      }
      if abs(server - client) <= IdleLimit.lateness(of: min(server, client)) { return .equal }
      return server < client ? .inverted : .ordered
    }

    /// No request of a client should meet the server's close.
    var isSafe: Bool { verdict == nil || verdict == .ordered }
  }
}
