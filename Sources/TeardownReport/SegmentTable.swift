internal import PacketDecoding
internal import TCPTeardown

/// A timeline as a table: a line a segment, and under it what it brought about.
struct SegmentTable {
  /// A move this far from the segment that proves it is told with its own time (nanoseconds).
  private static let tellingDistance: UInt64 = 100_000_000

  private let record: FlowRecord
  let timeline: Timeline
  private let showsMoves: Bool
  /// Where frames came from, told behind each segment.
  private let origins: [Int: FrameOrigin]
  private let frameEnd: Int
  private let timeEnd: Int

  private var directionStart: Int { timeEnd + 2 }
  private var flagsStart: Int { directionStart + 18 }
  private var detailStart: Int { flagsStart + 5 }

  init(_ record: FlowRecord, showsMoves: Bool = true, origins: [Int: FrameOrigin] = [:]) {
    self.record = record
    self.showsMoves = showsMoves
    self.origins = origins
    timeline = Timeline(of: record, showsAll: !showsMoves)
    let frames = timeline.rows.map { String($0.frame).utf8.count }
    frameEnd = 1 + max(5, frames.max() ?? 0)
    let start = record.start
    let times = timeline.rows.map { row in
      Wording.seconds(row.time.saturatingSubtracting(start)).utf8.count
    }
    timeEnd = frameEnd + 1 + max(10, times.max() ?? 0)
  }

  func write(to text: inout TextWriter) {
    text.endLine()
    text.put("frame", endingAt: frameEnd, .dim)
    text.put("seconds", endingAt: timeEnd, .dim)
    text.endLine()
    for row in timeline.rows {
      write(row, to: &text)
      for change in row.changes where showsMoves && isTold(change, under: row) {
        write(change, under: row, to: &text)
      }
    }
  }

  private func write(_ row: Timeline.Row, to text: inout TextWriter) {
    switch row.content {
    case .segment(let segment) where segment.isICMPError: write(icmp: segment, row, to: &text)
    case .segment(let segment):
      writePlace(of: row, to: &text)
      text.put(segment.flags.letters)
      text.fill(details(of: segment) + repeats(of: row), indent: detailStart)
      text.endLine()
    case .mark(let mark):
      writePlace(of: row, to: &text)
      text.put(mark.letters)
      text.fill(details(of: mark, row) + repeats(of: row), indent: detailStart)
      text.endLine()
    case .passage, .nextConnection:
      text.fill([Piece("... " + words(of: row).text, .dim)], indent: directionStart, hanging: 4)
      text.endLine()
    case .silence: break
    }
  }

  /// What a row's segment bears, as flag letters and in words; of other rows the words alone.
  func words(of row: Timeline.Row) -> (letters: String, text: String) {
    switch row.content {
    case .segment(let error) where error.isICMPError:
      return ("ICMP", Self.joined([Piece(icmpName(of: error))] + repeats(of: row)))
    case .segment(let segment):
      return (segment.flags.letters, Self.joined(details(of: segment) + repeats(of: row)))
    case .mark(let mark):
      return (mark.letters, Self.joined(details(of: mark, row) + repeats(of: row)))
    case .passage(let segments, let octets, let later):
      var told = [Wording.count(segments, "more segment")]
      if octets > 0 {
        // How much of it these bore was not kept.
        let with = shownPayloads.isEmpty ? "" : "with \(shownPayloads), "
        told.append("\(with)\(Wording.count(octets, "octet")) of payload")
      }
      if later > 0 { told.append("\(Wording.grouped(later)) of them later") }
      return ("", told.joined(separator: ", "))
    case .nextConnection(let segments):
      return ("", "\(Wording.count(segments, "more segment")) of the next connection")
    case .silence: return ("", "")
    }
  }

  /// The frames of payloads that are shown, and whose length is not known.
  private var shownPayloads: String {
    let frames = timeline.rows.compactMap { row -> Int? in
      guard case .mark(.lastPayload) = row.content else { return nil }
      return row.frame
    }
    guard !frames.isEmpty else { return "" }
    return "\(frames.count == 1 ? "frame" : "frames") "
      + frames.map(String.init).joined(separator: " and ")
  }

  private static func joined(_ pieces: [Piece]) -> String {
    pieces.map(\.text).joined(separator: " ")
  }

  /// Frame, time and direction.
  private func writePlace(of row: Timeline.Row, to text: inout TextWriter) {
    text.put(String(row.frame), endingAt: frameEnd)
    text.put(relative(row.time), endingAt: timeEnd)
    text.move(to: directionStart)
    text.put(row.side == .client ? "client -> server" : "client <- server")
    text.move(to: flagsStart)
  }

  private func write(icmp error: Observation, _ row: Timeline.Row, to text: inout TextWriter) {
    text.put(String(row.frame), endingAt: frameEnd)
    text.put(relative(row.time), endingAt: timeEnd)
    text.move(to: directionStart)
    text.put(row.side == .client ? "client <- ICMP" : "ICMP   -> server")
    text.fill([Piece(icmpName(of: error))] + repeats(of: row), indent: flagsStart)
    text.endLine()
  }

  private func icmpName(of error: Observation) -> String {
    let number = Int(error.acknowledgmentNumber.rawValue)
    return ICMPText.name(
      type: number >> 8, code: number & 0xFF, isIPv6: record.client.address.isIPv6)
  }

  private func write(
    _ change: Timeline.Change, under row: Timeline.Row, to text: inout TextWriter
  ) {
    let to = change.to
    if row.isSilence { text.put(relative(to.enteredAt), endingAt: timeEnd) }
    var pieces = [Piece(change.side.name)]
    if let from = change.from {
      pieces.append(Piece("\(from.state.rawValue) -> \(to.state.rawValue)", .state))
      let lasted = to.enteredAt.saturatingSubtracting(from.enteredAt)
      pieces.append(Piece("after \(Wording.duration(lasted))"))
      let distance = to.enteredAt.saturatingSubtracting(row.time)
      if !row.isSilence, distance.magnitude >= Self.tellingDistance {
        pieces.append(Piece("at \(relative(to.enteredAt))"))
      }
    } else {
      pieces.append(Piece(to.state.rawValue, .state))
    }
    if to.grade != .observed { pieces.append(Piece("(\(doubt(of: to)))", .dim)) }
    text.fill(pieces, indent: directionStart + 2, hanging: 2)
    text.endLine()
  }

  /// Whether a line of its own is due: the next move names the state that a SYN showed.
  private func isTold(_ change: Timeline.Change, under row: Timeline.Row) -> Bool {
    change.from != nil || change.to.leftAt == nil || row.isSilence
  }

  /// How sure an entry is that is not observed, and within which bounds.
  private func doubt(of interval: StateInterval) -> String {
    switch (interval.earliest, interval.latest) {
    case (let earliest?, let latest?):
      "\(interval.grade.name), \(relative(earliest)) to \(relative(latest))"
    case (let earliest?, nil): "\(interval.grade.name), not before \(relative(earliest))"
    case (nil, let latest?): "\(interval.grade.name), not after \(relative(latest))"
    case (nil, nil): interval.grade.name
    }
  }

  private func relative(_ time: Int64) -> String {
    Wording.seconds(time.saturatingSubtracting(record.start))
  }

  private func details(of segment: Observation) -> [Piece] {
    if segment.isOfNextIncarnation { return [Piece("of the next connection", .dim)] }
    if isOfFormerIncarnation(segment) {
      return [Piece("old connection's numbers", .dim)]
    }
    var pieces = [Piece("seq \(number(segment.sequenceNumber, of: segment.side))")]
    if segment.flags.contains(.ack) {
      pieces.append(Piece("ack \(number(segment.acknowledgmentNumber, of: segment.side.peer))"))
    }
    if segment.payloadLength > 0 { pieces.append(Piece("len \(segment.payloadLength)")) }
    return pieces
  }

  /// Between SYN and SYN-ACK only the tuple's former connection has anything to say.
  private func isOfFormerIncarnation(_ segment: Observation) -> Bool {
    let handshake = record.handshake
    // A clock that was set back puts this connection's own segments before its SYN in time.
    guard handshake.syn.isKnown, handshake.synAck.isKnown, segment.time < handshake.synAck.time,
      segment.frame < handshake.synAck.frame
    else { return false }
    return !segment.flags.contains(.syn)
      && (segment.side == .server || segment.flags.contains(.rst))
  }

  private func details(of mark: Timeline.Row.Mark, _ row: Timeline.Row) -> [Piece] {
    switch mark {
    case .syn, .crossedSYN:
      [Piece("seq 0")] + (row.payloadLength > 0 ? [Piece("len \(row.payloadLength)")] : [])
    case .synAck: [Piece("seq 0")] + (record.handshake.payloadInSYN == 0 ? [Piece("ack 1")] : [])
    case .ack: [Piece("acknowledges the SYN-ACK", .dim)]
    case .serverSpoke: [Piece("first after the SYN-ACK", .dim)]
    case .lastPayload: [Piece("last payload before the close", .dim)]
    }
  }

  /// What is told of every segment in the end: its repeats, and where it came from.
  private func repeats(of row: Timeline.Row) -> [Piece] {
    let origin = origins[row.frame].map { [Piece("(\($0.shortDescription))", .dim)] } ?? []
    guard row.count > 1 else { return origin }
    return [Piece("x\(row.count), last at \(relative(row.lastTime))", .caution)] + origin
  }

  /// A number relative to the side's SYN; one slightly before it is negative.
  private func number(_ number: SequenceNumber, of side: Side) -> String {
    let offset = number.rawValue &- record.initialNumbers[side].rawValue
    let isBefore = offset > UInt32.max - 65535
    return isBefore ? String(Int32(bitPattern: offset)) : String(offset)
  }
}

extension Timeline.Row.Mark {
  var letters: String {
    switch self {
    case .syn, .crossedSYN: "S"
    case .synAck: "S."
    case .ack, .serverSpoke, .lastPayload: "."
    }
  }
}

extension TCPFlags {
  /// The letters of tcpdump, in its order.
  var letters: String {
    let table: [(TCPFlags, String)] = [
      (.fin, "F"), (.syn, "S"), (.rst, "R"), (.psh, "P"), (.ack, "."), (.urg, "U"), (.ece, "E"),
      (.cwr, "W"),
    ]
    let letters = table.filter { contains($0.0) }.map(\.1).joined()
    return letters.isEmpty ? "none" : letters
  }
}
