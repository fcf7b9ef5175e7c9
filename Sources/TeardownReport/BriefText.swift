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

  private static let outcomes = Outcome.snippets { $0 }

  static func write(
    _ record: FlowRecord, isAmended: Bool = false, isColoured: Bool, to octets: inout [UInt8]
  ) {
    var line = OctetBuffer()
    line.put(endingAt: 6, from: 0) { line in
      line.put(decimal: record.stream)
      if isAmended { line.put(0x2A) }
    }
    line.put(endingAt: 12, from: line.count + 1) { $0.put(shortDuration: record.duration) }
    line.move(to: 13)
    line.put(letter(of: record.teardown.closedBy))
    line.move(to: 16)
    line.put(letter(of: record.teardown.timeWait))
    line.move(to: max(verdictColumn, line.count + 1))
    let client = line.width(of: record.client)
    let server = line.width(of: record.server)
    let room = width - line.count - client - server - 2
    // What sets an ink takes no column.
    var ink = 0
    let parameter = isColoured ? record.briefInk.parameter : nil
    if let parameter { ink += line.put(selecting: parameter) }
    if let note = record.note {
      line.put(verdict(record.teardown.outcome.rawValue, note, room: room))
    } else {
      line.put(outcomes[record.teardown.outcome.place])
    }
    if parameter != nil { ink += line.put(selecting: 0) }
    let column = line.count - ink
    line.move(to: ink + max(column + 1, min(clientColumn, width - client - server - 1)))
    line.put(record.client)
    line.put(0x20)
    line.move(to: ink + min(serverColumn, width - server))
    line.put(record.server)
    line.put(0x0A)
    line.flush(into: &octets)
  }

  /// Outcome and note where there is room for both, else the one that says more.
  private static func verdict(_ outcome: String, _ note: String, room: Int) -> String {
    let both = "\(outcome)/\(note)"
    if both.utf8.count <= room { return both }
    return note.utf8.count <= room ? note : outcome
  }

  private static func letter(of closer: Closer?) -> UInt8 {
    switch closer?.sides {
    case .client: UInt8(ascii: "c")
    case .server: UInt8(ascii: "s")
    case .both: UInt8(ascii: "b")
    case .unknown: UInt8(ascii: "?")
    case nil: UInt8(ascii: "-")
    }
  }

  private static func letter(of waits: [TimeWait]) -> UInt8 {
    guard let first = waits.first else { return UInt8(ascii: "-") }
    if waits.contains(where: { $0.side != first.side }) { return UInt8(ascii: "b") }
    return first.side == .client ? UInt8(ascii: "c") : UInt8(ascii: "s")
  }
}

/// A line that begins with the buffer.
extension OctetBuffer {
  /// Puts spaces up to `column`, which may already be passed.
  fileprivate mutating func move(to column: Int) {
    while count < column { put(0x20) }
  }

  /// The columns of what `body` puts, which is taken back.
  @inline(__always)
  fileprivate mutating func width(_ body: (inout OctetBuffer) -> Void) -> Int {
    let start = count
    body(&self)
    let width = count - start
    shorten(to: start)
    return width
  }

  /// The columns that `endpoint` takes.
  fileprivate mutating func width(of endpoint: Endpoint) -> Int {
    guard !endpoint.address.isIPv6 else { return width { $0.put(endpoint) } }
    let bits = UInt32(truncatingIfNeeded: endpoint.address.bits)
    var width = 9
    for shift: UInt32 in [24, 16, 8, 0] {
      let octet = bits &>> shift & 0xFF
      width += (octet > 9 ? 1 : 0) + (octet > 99 ? 1 : 0)
    }
    for power: UInt16 in [10, 100, 1000, 10_000] where endpoint.port >= power { width += 1 }
    return width
  }

  /// Puts text so that it ends at `column`, or later if it would begin before `least`.
  @inline(__always)
  fileprivate mutating func put(
    endingAt column: Int, from least: Int, _ body: (inout OctetBuffer) -> Void
  ) {
    let width = width(body)
    move(to: max(column - width, least))
    body(&self)
  }

  /// Puts what selects an ink, and gives how many octets that took.
  fileprivate mutating func put(selecting parameter: UInt8) -> Int {
    let start = count
    put("\u{1B}[")
    put(decimal: UInt64(parameter))
    put(0x6D)
    return count - start
  }
}

extension FlowRecord {
  var briefInk: Ink { harm >= 40_000 ? .problem : harm >= 15_000 ? .caution : .plain }
}
