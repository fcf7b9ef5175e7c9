internal import PacketDecoding
internal import TCPTeardown

/// One line a flow, seven words in columns, for `grep`, `awk` and `sort`.
///
/// `cl` is who closed first and `tw` who entered TIME-WAIT: client, server, both, `?` or `-`.
/// A star after the stream's number marks a line that takes the place of an earlier one.
enum BriefText {
  static let heading = "stream  time cl tw verdict                    client             server"
  /// Where the columns begin; a long word moves what follows it to the right.
  private static let verdictColumn = 19
  private static let clientColumn = 46
  private static let serverColumn = 65
  private static let width = 80

  static func write(
    _ record: FlowRecord, isAmended: Bool = false, to text: inout TextWriter
  ) {
    let client = record.client.description
    let server = record.server.description
    text.put(String(record.stream) + (isAmended ? "*" : ""), endingAt: 6)
    text.put(Wording.shortDuration(record.duration), endingAt: 12)
    text.move(to: 13)
    text.put(letter(of: record.teardown.closedBy))
    text.move(to: 16)
    text.put(letter(of: record.teardown.timeWait))
    text.move(to: max(verdictColumn, text.column + 1))
    let room = width - text.column - client.columns - server.columns - 2
    text.put(verdict(of: record, room: room), record.briefInk)
    let start = max(text.column + 1, min(clientColumn, width - client.columns - server.columns - 1))
    text.move(to: start)
    text.put(client)
    text.put(" ")
    text.move(to: min(serverColumn, width - server.columns))
    text.put(server)
    text.endLine()
  }

  /// Outcome and note where there is room for both, else the one that says more.
  private static func verdict(of record: FlowRecord, room: Int) -> String {
    let outcome = record.teardown.outcome.rawValue
    guard let note = record.note else { return outcome }
    let both = "\(outcome)/\(note)"
    if both.utf8.count <= room { return both }
    return note.utf8.count <= room ? note : outcome
  }

  private static func letter(of closer: Closer?) -> String {
    switch closer?.sides {
    case .client: "c"
    case .server: "s"
    case .both: "b"
    case .unknown: "?"
    case nil: "-"
    }
  }

  private static func letter(of waits: [TimeWait]) -> String {
    guard let first = waits.first else { return "-" }
    return waits.contains { $0.side != first.side } ? "b" : first.side == .client ? "c" : "s"
  }
}

extension FlowRecord {
  var briefInk: Ink { harm >= 40_000 ? .problem : harm >= 15_000 ? .caution : .plain }
}
