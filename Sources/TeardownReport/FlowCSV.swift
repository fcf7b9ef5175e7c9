internal import PacketDecoding
internal import TCPTeardown

/// Flow records as rows of a CSV file (RFC 4180): docs/csv.md tells the columns.
///
/// All cells but the capture's label are words and numbers of the program's own, and need no quotes.
struct FlowCSV: Sendable {
  /// The states that a side can leave, in the order of their columns.
  static let timedStates: [State] = [
    .synSent, .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck,
    .timeWait,
  ]

  /// The names of the columns.
  static let columns: [String] = {
    let head = [
      "capture", "stream", "final", "written", "client_address", "client_port", "server_address",
      "server_port", "roles", "start", "end", "duration", "first_frame", "last_frame",
      "client_packets", "server_packets", "client_octets", "server_octets", "seen", "outcome",
      "closed_by", "closed_by_grade",
    ]
    let sides = Side.allCases.flatMap { side in
      ["last_state", "last_state_grade"].map { "\(side.name)_\($0)" }
        + timedStates.map { "\(side.name)_\(columnWord(of: $0))_seconds" }
        + ["duration", "grade", "ended_by", "end_grade"].map { "\(side.name)_time_wait_\($0)" }
    }
    let tail = [
      "reset_by", "reset_cause", "reset_grade", "findings", "zeek_conn_state", "zeek_history",
    ]
    return head + sides + tail
  }()

  private static func columnWord(of state: State) -> String {
    state.rawValue.lowercased().replacing("-", with: "_")
  }

  /// The head of the file.
  static var header: [UInt8] { Array(columns.joined(separator: ",").utf8) + [0x0D, 0x0A] }

  /// The first cell of every row: escaped once, not once a record.
  private let capture: [UInt8]

  init(capture: String) { self.capture = CSVCell.octets(of: capture) }

  /// Appends the record as one row; the capture's end, where it is known, ends the states that
  /// nothing ended before.
  func write(_ record: FlowRecord, captureEnd: Int64? = nil, to octets: inout [UInt8]) {
    octets.append(contentsOf: capture)
    octets.append(addingCapacity: 1024) { $0.addIdentity(of: record) }
    let end = record.lastMoment(captureEnd: captureEnd)
    for side in Side.allCases {
      octets.append(addingCapacity: 512) { $0.add(side, of: record.teardown, until: end) }
    }
    octets.append(addingCapacity: 256) { $0.add(record.teardown.reset) }
    octets.append(0x2C)
    for (index, finding) in record.teardown.findings.enumerated() {
      if index > 0 { octets.append(0x3B) }
      octets.append(text: finding.code.rawValue)
    }
    octets.append(0x2C)
    octets.append(text: record.zeekConnectionState)
    octets.append(0x2C)
    octets.append(text: record.zeekHistory)
    octets.append(0x0D)
    octets.append(0x0A)
  }
}

extension FlowRecord {
  /// Until when the record tells of the flow, in nanoseconds since the Unix epoch: of one that ends
  /// with the capture its end, where that is known, else its last frame.
  func lastMoment(captureEnd: Int64?) -> Int64 {
    guard case .captureEnd = written, let captureEnd else { return end }
    return max(end, captureEnd)
  }
}

extension OutputSpan<UInt8> {
  private mutating func cell(_ word: String) {
    append(0x2C)
    add(word)
  }

  private mutating func cell(_ number: Int) {
    append(0x2C)
    add(decimal: number)
  }

  private mutating func cell(_ number: UInt64) {
    append(0x2C)
    add(decimal: number)
  }

  /// A length of time; one below 0, of two stamps of which one is wrong, would begin a formula.
  private mutating func cell(seconds nanoseconds: Int64) {
    append(0x2C)
    add(seconds: max(0, nanoseconds))
  }

  private mutating func cell(time nanoseconds: Int64) {
    append(0x2C)
    add(rfc3339: nanoseconds)
  }

  private mutating func cell(_ address: IPAddress) {
    append(0x2C)
    add(address)
  }

  /// Twenty-one cells behind the capture's, in at most 550 octets.
  fileprivate mutating func addIdentity(of record: FlowRecord) {
    cell(record.stream)
    cell(record.isFinal ? "true" : "false")
    cell(record.written.rawValue)
    cell(record.client.address)
    cell(Int(record.client.port))
    cell(record.server.address)
    cell(Int(record.server.port))
    cell(record.rolesAreObserved ? "observed" : "inferred")
    cell(time: record.start)
    cell(time: record.end)
    cell(seconds: record.duration)
    cell(record.firstFrame)
    cell(record.lastFrame)
    cell(record.packets.client)
    cell(record.packets.server)
    cell(record.payloadOctets.client)
    cell(record.payloadOctets.server)
    append(0x2C)
    var isFirst = true
    for (kind, name) in FlowRecord.Seen.names where record.seen.contains(kind) {
      if !isFirst { append(0x3B) }
      add(name)
      isFirst = false
    }
    cell(record.teardown.outcome.rawValue)
    cell(record.teardown.closedBy?.sides.rawValue ?? "")
    cell(record.teardown.closedBy?.grade.name ?? "")
  }

  /// Fifteen cells of one side, in at most 330 octets.
  fileprivate mutating func add(_ side: Side, of teardown: Teardown, until end: Int64) {
    let states = teardown.states[side]
    cell(states.last?.state.rawValue ?? "")
    cell(states.last?.grade.name ?? "")
    for state in FlowCSV.timedStates {
      guard let interval = states.first(where: { $0.state == state }) else {
        append(0x2C)
        continue
      }
      cell(seconds: (interval.leftAt ?? end).saturatingSubtracting(interval.enteredAt))
    }
    guard let wait = teardown.timeWait(of: side) else { return add(",,,,") }
    cell(seconds: wait.duration)
    cell(wait.grade.name)
    cell(wait.endedBy.rawValue)
    cell(wait.endGrade.name)
  }

  fileprivate mutating func add(_ reset: ResetVerdict?) {
    guard let reset else { return add(",,,") }
    cell(reset.by.name)
    cell(reset.cause.rawValue)
    cell(reset.grade.name)
  }
}
