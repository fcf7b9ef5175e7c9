import PacketDecoding
import TCPTeardown

/// Which flows are asked for: those that meet every condition given.
struct FlowSelection: Sendable {
  let stream: StreamRanges?
  let host: HostArgument?
  let outcome: WordList<Outcome>?
  let closedBy: WordList<CloserWord>?
  let timeWait: WordList<TimeWaitWord>?
  let finding: WordList<Finding.Code>?
  let reset: WordList<ResetVerdict.Cause>?

  /// Whether every flow is among those asked for.
  var isUnlimited: Bool {
    stream == nil && host == nil && outcome == nil && closedBy == nil && timeWait == nil
      && finding == nil && reset == nil
  }

  /// The options given that packets alone do not decide, as they are written.
  var verdictOptions: [String] {
    let given = [
      ("--stream", stream != nil), ("--outcome", outcome != nil), ("--closed-by", closedBy != nil),
      ("--time-wait", timeWait != nil), ("--finding", finding != nil), ("--reset", reset != nil),
    ]
    return given.filter(\.1).map(\.0)
  }

  /// Whether `record` is among those asked for.
  func includes(_ record: borrowing FlowRecord) -> Bool {
    (stream?.contains(record.stream) ?? true)
      && (host.map { $0.matches(record.client) || $0.matches(record.server) } ?? true)
      && includes(record.teardown)
  }

  private func includes(_ teardown: borrowing Teardown) -> Bool {
    if let outcome, !outcome.words.contains(teardown.outcome) { return false }
    if let closedBy, !closedBy.words.contains(where: { $0.fits(teardown.closedBy) }) {
      return false
    }
    if let timeWait, !timeWait.words.contains(where: { $0.fits(teardown) }) { return false }
    if let finding, !teardown.findings.contains(where: { finding.words.contains($0.code) }) {
      return false
    }
    guard let reset else { return true }
    return teardown.reset.map { reset.words.contains($0.cause) } ?? false
  }
}

/// Who closed first, as `--closed-by` names it.
enum CloserWord: String, CaseIterable, Sendable {
  case client, server, both, unknown
  /// No FIN was sent.
  case nobody = "none"

  func fits(_ closer: Closer?) -> Bool {
    rawValue == closer?.sides.rawValue ?? Self.nobody.rawValue
  }
}

/// Who entered TIME-WAIT, as `--time-wait` names it: a side, whatever the other one did.
enum TimeWaitWord: String, CaseIterable, Sendable {
  case client, server, both
  case nobody = "none"

  func fits(_ teardown: Teardown) -> Bool {
    let client = teardown.timeWait(of: .client) != nil
    let server = teardown.timeWait(of: .server) != nil
    return switch self {
    case .client: client
    case .server: server
    case .both: client && server
    case .nobody: !client && !server
    }
  }
}
