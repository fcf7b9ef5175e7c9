internal import TCPTeardown

/// Outcomes by the server's port: as many counters as there are ports at most.
struct HTMLServices: Sendable {
  private var outcomes: [UInt16: Tally<Outcome>] = [:]

  /// Server ports met.
  var count: Int { outcomes.count }

  mutating func add(_ outcome: Outcome, port: UInt16) {
    outcomes[port, default: Tally()].add(outcome)
  }

  /// Ports by flows, the most frequent first.
  func ranked(limit: Int) -> [(port: UInt16, flows: Int, outcomes: Tally<Outcome>)] {
    outcomes.map { port, tally in
      (port: port, flows: tally.occurring.reduce(0) { $0 + $1.count }, outcomes: tally)
    }
    .sorted { ($1.flows, $0.port) < ($0.flows, $1.port) }
    .prefix(limit).map { $0 }
  }
}
