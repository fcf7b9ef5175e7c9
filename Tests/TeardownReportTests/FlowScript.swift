import PacketDecoding
import TCPTeardown

/// Flows written down by hand, a segment a line: milliseconds, direction, tcpdump's flags, and the
/// relative sequence number, length and acknowledgment number.
///
/// `200 > F. 79 0 1043` is a FIN of the client's, 0.2 s after the start.
struct FlowScript {
  static let start: Int64 = 1_795_324_260_123_456_789
  static let initialNumbers = PerSide(
    client: SequenceNumber(0xFFFF_FF00), server: SequenceNumber(5000))

  var client = Endpoint(address: .v4(0x0A4D_0001), port: 51324)
  var server = Endpoint(address: .v4(0x0A4D_0002), port: 80)
  var options = ReconstructionOptions()

  /// A request, a response, and a close by the client.
  static let orderly = """
    0 > S 0 0 0
    0.1 < S. 0 0 1
    0.2 > . 1 0 1
    1 > P. 1 78 1
    2 < P. 1 1042 79
    200 > F. 79 0 1043
    210.1 < . 1043 0 80
    412.9 < F. 1043 0 80
    413 > . 80 0 1044
    """

  /// The server sends a RST where the client had sent a request.
  static let aborted = """
    0 > S 0 0 0
    20 < S. 0 0 1
    20.1 > . 1 0 1
    30 > P. 1 100 1
    50 < R. 1 0 101
    """

  /// The server does not close after the client has; a late packet of another flow ends the capture.
  static let leak = """
    0 > S 0 0 0
    20 < S. 0 0 1
    20.1 > . 1 0 1
    100 > F. 1 0 1
    120 < . 1 0 2
    30000 < P. 1 10 2
    30000.1 > . 2 0 11
    """

  static let unanswered = """
    0 > S 0 0 0
    1000 > S 0 0 0
    3000 > S 0 0 0
    """

  static let midstream = """
    0 > P. 500 10 900
    1 < . 900 0 510
    """

  /// The records of the flow, its first frame being `frame`.
  func records(_ script: String, from time: Int64 = start, frame: Int = 1) -> [FlowRecord] {
    var table = FlowTable(options: options)
    feed(script, to: &table, from: time, frame: frame)
    var records: [FlowRecord] = []
    while table.finishSome() { table.drain { records.append($0) } }
    return records
  }

  func feed(_ script: String, to table: inout FlowTable, from time: Int64, frame: Int) {
    for (index, line) in script.split(separator: "\n").enumerated() {
      let words = line.split(separator: " ")
      guard words.count == 6, let milliseconds = Double(words[0]),
        let sequence = UInt32(words[3]), let length = UInt32(words[4]),
        let acknowledged = UInt32(words[5])
      else { continue }
      let side: Side = words[1] == ">" ? .client : .server
      let flags = Self.flags(words[2])
      let segment = Segment(
        source: side == .client ? client : server,
        destination: side == .client ? server : client,
        sequenceNumber: Self.initialNumbers[side] + sequence,
        acknowledgmentNumber: flags.contains(.ack)
          ? Self.initialNumbers[side.peer] + acknowledged : SequenceNumber(0),
        flags: flags, payloadLength: length)
      let moment = time + Int64((milliseconds * 1_000_000).rounded())
      table.advance(to: moment)
      table.take(segment, at: moment, frame: frame + index)
    }
  }

  private static func flags(_ letters: Substring) -> TCPFlags {
    let table: [Character: TCPFlags] = ["S": .syn, "F": .fin, "R": .rst, "P": .psh, ".": .ack]
    return letters.reduce(into: []) { $0.formUnion(table[$1] ?? []) }
  }
}
