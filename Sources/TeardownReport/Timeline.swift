internal import PacketDecoding
internal import TCPTeardown

/// The proof of a flow's teardown: its telling segments in time, and the moves that each shows.
struct Timeline {
  /// A move of one side into a state.
  struct Change {
    let side: Side
    /// Nil for the first state known.
    let from: StateInterval?
    let to: StateInterval
  }

  struct Row {
    enum Content {
      case segment(Observation)
      /// A segment that nothing but time and frame was kept of.
      case mark(Mark)
      /// Segments that tell nothing of a beginning or an end.
      case passage(segments: Int, octets: Int, later: Int)
      /// Segments of the tuple's next connection that no claim cites.
      case nextConnection(segments: Int)
      /// No segment at all: something that only time brought about.
      case silence
    }

    /// Which segment of the handshake; or the last payload before the close.
    enum Mark { case syn, crossedSYN, synAck, ack, serverSpoke, lastPayload }

    var content: Content
    var side = Side.client
    var time: Int64
    var lastTime: Int64
    var frame = 0
    var lastFrame = 0
    /// Identical segments.
    var count = 1
    var payloadLength = 0
    var changes: [Change] = []
  }

  private(set) var rows: [Row] = []

  /// `showsAll` gives what no claim cites as well: all of the next connection that is held, and the
  /// server's first segment behind its SYN-ACK.
  init(of record: FlowRecord, showsAll: Bool = false) {
    addEvidence(of: record, showsAll: showsAll)
    addHandshake(of: record, showsAll: showsAll)
    addPayloads(of: record)
    rows = rows.enumerated()
      .sorted {
        ($0.element.time, $0.element.frame, $0.offset)
          < ($1.element.time, $1.element.frame, $1.offset)
      }
      .map(\.element)
    addPassage(of: record)
    for side in Side.allCases { addChanges(record.teardown.states[side], of: side) }
    for row in rows.indices where rows[row].changes.count > 1 { rows[row].sortChanges() }
  }

  /// Adds the evidence; of the next connection only what a claim about this one cites.
  private mutating func addEvidence(of record: FlowRecord, showsAll: Bool) {
    let cited = record.citedFrames
    var uncited = 0
    for observation in record.evidence {
      let row = Row(observation)
      if !showsAll, observation.isOfNextIncarnation, !cited.contains(where: row.shows) {
        uncited += row.count
      } else {
        rows.append(row)
      }
    }
    guard uncited > 0, let last = record.evidence.last else { return }
    rows.append(
      Row(
        content: .nextConnection(segments: uncited), time: last.lastTime, lastTime: last.lastTime,
        frame: last.lastFrame))
  }

  /// Adds the segments of the handshake, where they are not evidence of their own.
  private mutating func addHandshake(of record: FlowRecord, showsAll: Bool) {
    let handshake = record.handshake
    add(.syn, .client, handshake.syn, handshake.lastSYN, count: Int(handshake.synCount))
    add(.crossedSYN, .server, handshake.crossedSYN, handshake.crossedSYN, count: 1)
    add(
      .synAck, .server, handshake.synAck, handshake.lastSYNAck, count: Int(handshake.synAckCount))
    add(.ack, .client, handshake.ack, handshake.ack, count: 1)
    let isCited = Side.allCases.contains { side in
      record.teardown.states[side].contains { $0.frames.contains(handshake.serverSpoke.frame) }
    }
    if isCited || showsAll {
      add(.serverSpoke, .server, handshake.serverSpoke, handshake.serverSpoke, count: 1)
    }
    for row in rows.indices {
      if case .mark(.syn) = rows[row].content {
        rows[row].payloadLength = Int(handshake.payloadInSYN)
      }
    }
  }

  /// Adds the last payload of either side before the close, where a claim cites it.
  private mutating func addPayloads(of record: FlowRecord) {
    let cited = record.citedFrames
    for side in Side.allCases {
      let payload = record.closing.lastPayloads[side]
      guard payload.isKnown, cited.contains(where: { $0.contains(payload.frame) }) else { continue }
      add(.lastPayload, side, payload, payload, count: 1)
    }
  }

  private mutating func add(
    _ mark: Row.Mark, _ side: Side, _ first: TCPTeardown.Mark, _ last: TCPTeardown.Mark,
    count: Int
  ) {
    guard first.isKnown, !rows.contains(where: { $0.shows(Frames(first.frame)) }) else { return }
    let elsewhere = rows.filter { $0.side == side && $0.isOpening(like: mark) }
      .reduce(0) { $0 + $1.count }
    let isRepeated = count - elsewhere > 1 && last.isKnown
    rows.append(
      Row(
        content: .mark(mark), side: side, time: first.time,
        lastTime: isRepeated ? last.time : first.time, frame: first.frame,
        lastFrame: isRepeated ? last.frame : first.frame,
        count: isRepeated ? count - elsewhere : 1))
  }

  /// Adds a line for what lies between the handshake and the close and is not shown.
  private mutating func addPassage(of record: FlowRecord) {
    let own = rows.filter(\.isOfFlow)
    let segments =
      record.packets.client + record.packets.server - own.reduce(0) { $0 + $1.count }
    guard segments > 0 else { return }
    let end = rows.firstIndex(where: \.beginsEnd) ?? rows.count
    let shownBefore = rows[..<end].filter(\.isOfFlow).reduce(0) { $0 + $1.payload }
    let shown = own.reduce(0) { $0 + $1.payload }
    let total = Int(clamping: record.payloadOctets.client &+ record.payloadOctets.server)
    let closing = record.closing
    let before =
      closing.isKnown
      ? Int(clamping: closing.payloadOctets.client &+ closing.payloadOctets.server) : total
    let octets = max(0, total - shown)
    let later = max(0, octets - max(0, before - shownBefore))
    let time = end < rows.count ? rows[end].time : record.end
    rows.insert(
      Row(
        content: .passage(segments: segments, octets: octets, later: later), time: time,
        lastTime: time),
      at: end)
  }

  /// Puts each move under the segment that brought it about, never above an earlier one.
  private mutating func addChanges(_ intervals: [StateInterval], of side: Side) {
    var from: StateInterval?
    var earliestRow = 0
    for interval in intervals {
      let row = row(for: interval, isFirst: from == nil, notBefore: earliestRow)
      rows[row].changes.append(Change(side: side, from: from, to: interval))
      earliestRow = row
      from = interval
    }
  }

  /// The row that a move belongs to, which is a new one where no segment shows it.
  private mutating func row(
    for interval: StateInterval, isFirst: Bool, notBefore earliest: Int
  ) -> Int {
    let shown = rows.indices.filter { rows[$0].shows(interval.frames) }
    if let row = shown.last(where: { rows[$0].time <= interval.enteredAt }) ?? shown.first {
      return max(row, earliest)
    }
    var place = rows.firstIndex { $0.time > interval.enteredAt } ?? rows.count
    if isFirst { place = 0 }
    // A row of silence takes both sides' moves at one moment.
    if place > 0, rows[place - 1].isSilence, rows[place - 1].time == interval.enteredAt {
      return max(place - 1, earliest)
    }
    if isFirst, let first = rows.first, first.isSilence { return 0 }
    place = min(max(place, rows.isEmpty ? 0 : earliest + (isFirst ? 0 : 1)), rows.count)
    rows.insert(
      Row(content: .silence, time: interval.enteredAt, lastTime: interval.enteredAt), at: place)
    return place
  }
}

extension Timeline.Row {
  init(_ observation: Observation) {
    content = .segment(observation)
    side = observation.side
    time = observation.time
    lastTime = observation.lastTime
    frame = observation.frame
    lastFrame = observation.lastFrame
    count = Int(observation.count)
    payloadLength = Int(observation.payloadLength)
  }

  /// In the order of time; at one moment the sender's moves come before what they bring about.
  mutating func sortChanges() {
    let sender = side
    changes = changes.enumerated()
      .sorted {
        ($0.element.to.enteredAt, $0.element.side == sender ? 0 : 1, $0.offset)
          < ($1.element.to.enteredAt, $1.element.side == sender ? 0 : 1, $1.offset)
      }
      .map(\.element)
  }

  /// Octets of payload in all copies.
  var payload: Int { payloadLength * count }

  var isSilence: Bool {
    guard case .silence = content else { return false }
    return true
  }

  /// A captured segment of this flow, and not of the next on its ports.
  var isOfFlow: Bool {
    switch content {
    case .segment(let observation): !observation.isICMPError && !observation.isOfNextIncarnation
    case .mark: true
    case .passage, .nextConnection, .silence: false
    }
  }

  /// A SYN or SYN-ACK of this flow, as the mark stands for.
  func isOpening(like mark: Mark) -> Bool {
    guard case .segment(let observation) = content, isOfFlow else { return false }
    switch mark {
    case .syn: return observation.flags.intersection([.syn, .ack]) == .syn
    case .synAck: return observation.flags.isSuperset(of: [.syn, .ack])
    case .crossedSYN, .ack, .serverSpoke, .lastPayload: return false
    }
  }

  /// A FIN or a RST: what comes before it is the connection's life.
  var beginsEnd: Bool {
    guard case .segment(let observation) = content, !observation.isICMPError else { return false }
    return !observation.flags.isDisjoint(with: [.fin, .rst]) || observation.isOfNextIncarnation
  }

  func shows(_ frames: Frames) -> Bool {
    if case .nextConnection = content { return false }
    return frame != 0 && (frames.contains(frame) || frames.contains(lastFrame))
  }
}

extension FlowRecord {
  /// The frames of every claim.
  var citedFrames: [Frames] {
    let states = Side.allCases.flatMap { teardown.states[$0].map(\.frames) }
    return states + teardown.findings.map(\.frames)
      + [teardown.closedBy?.frames, teardown.reset?.frames].compactMap { $0 }
  }
}
