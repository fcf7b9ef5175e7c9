import PacketDecoding
import TCPTeardown

/// What a record claims, in words that stay the same whichever end is taken for the client.
struct Verdicts {
  enum Claim: String, CaseIterable {
    case closer = "closed by"
    case timeWait = "TIME-WAIT"
    case outcome
    case clientStates = "client states"
    case serverStates = "server states"
  }

  private let words: [Claim: String]
  /// The record says that the capture does not tell who closed first.
  private let isUndecided: Bool

  /// The claims of `record`, the end at `client` being called the client.
  init(_ record: FlowRecord, client: Endpoint, withoutHandshake: Bool) {
    let isSwapped = record.client != client
    func name(_ side: Side) -> String { (isSwapped ? side.peer : side).name }
    func states(_ side: Side) -> String {
      let beginning: [State] = withoutHandshake ? [.synSent, .synReceived] : []
      return record.teardown.states[isSwapped ? side.peer : side].map(\.state)
        .filter { !beginning.contains($0) }.map(\.rawValue).joined(separator: " ")
    }
    let closer =
      switch record.teardown.closedBy?.sides {
      case .client: name(.client)
      case .server: name(.server)
      case .both: "both"
      case .unknown: "unknown"
      case nil: "nobody"
      }
    let waiting = Set(record.teardown.timeWait.map { name($0.side) }).sorted()
    words = [
      .closer: closer,
      .timeWait: waiting.isEmpty ? "nobody" : waiting.joined(separator: " and "),
      .outcome: record.teardown.outcome.rawValue,
      .clientStates: states(.client),
      .serverStates: states(.server),
    ]
    isUndecided = record.teardown.closedBy?.sides == .unknown
  }

  subscript(claim: Claim) -> String { words[claim] ?? "" }

  /// Whether these verdicts claim less than `definite` does, and nothing else.
  func leavesOpen(_ claim: Claim, of definite: Verdicts) -> Bool {
    switch claim {
    case .closer: isUndecided
    case .outcome: self[claim] == Outcome.partial.rawValue
    case .timeWait: isUndecided && self[claim] == "nobody"
    case .clientStates, .serverStates: isUndecided && definite[claim].hasPrefix(self[claim])
    }
  }
}
