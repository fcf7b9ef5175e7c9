internal import PacketDecoding

/// Zeek's account of the same segments, in file order: `conn_state` and `history`.
///
/// Follows Zeek's documentation of conn.log and the letters that need neither checksums, windows
/// nor counts; docs/inference.md says where our own view differs.
struct ZeekWords: Sendable {
  private enum EndpointState: UInt8, Sendable {
    case inactive, synSent, synAckSent, partial, established, closed, reset
  }

  private var state = PerSide(both: EndpointState.inactive)
  private var wasClosed = PerSide(both: false)
  /// Bits of `Letter` that a side has had.
  private var letters = PerSide(both: UInt8(0))
  private var lastSYN = PerSide(both: SequenceNumber(0))
  private var lastFIN = PerSide(both: SequenceNumber(0))
  private var lastRST = PerSide(both: SequenceNumber(0))
  /// Five bits a letter, the first lowest.
  private var history: UInt128 = 0
  private var historyCount: UInt8 = 0

  /// As many letters as `history` has room for; what a flood adds after them is left out.
  private static let historyLimit: UInt8 = 25

  private enum Letter: UInt8, CaseIterable, Sendable {
    case syn = 1
    case synAck, ack, data, fin, rst, finRst, multiFlag

    var character: Character {
      switch self {
      case .syn: "S"
      case .synAck: "H"
      case .ack: "A"
      case .data: "D"
      case .fin: "F"
      case .rst: "R"
      case .finRst: "I"
      case .multiFlag: "Q"
      }
    }

    var bit: UInt8 { 1 << (rawValue - 1) }
  }

  /// Both ends have opened and shown a pure ACK and data: a plain segment tells nothing new.
  @inline(__always)
  func isIndifferent(to side: Side, hasPayload: Bool) -> Bool {
    let letter = hasPayload ? Letter.data.bit : Letter.ack.bit
    return letters[side] & letter != 0 && state[side] != .inactive
  }

  mutating func take(_ segment: Segment, from side: Side) {
    addLetters(segment, from: side)
    move(segment.flags, hasPayload: segment.payloadLength > 0, from: side)
  }

  /// The sides' names were wrong: client and server change places.
  mutating func swapSides() {
    state = state.swapped
    wasClosed = wasClosed.swapped
    letters = letters.swapped
    lastSYN = lastSYN.swapped
    lastFIN = lastFIN.swapped
    lastRST = lastRST.swapped
    for index in 0..<historyCount { history ^= UInt128(16) << UInt128(index * 5) }
  }

  private mutating func addLetters(_ segment: Segment, from side: Side) {
    let flags = segment.flags
    switch flags.intersection(.synFinRst) {
    case TCPFlags(rawValue: 0):
      if segment.payloadLength > 0 {
        addOnce(.data, side)
      } else if flags.contains(.ack) {
        addOnce(.ack, side)
      }
    case .syn:
      let letter = flags.contains(.ack) ? Letter.synAck : .syn
      addAgain(letter, side, isNew: lastSYN[side] != segment.sequenceNumber)
      lastSYN[side] = segment.sequenceNumber
    case .fin:
      // A FIN's number is that behind its data; for SYN and RST it is the first.
      let number = segment.sequenceNumber + segment.payloadLength
      addAgain(.fin, side, isNew: lastFIN[side] != number)
      lastFIN[side] = number
    case .rst:
      addAgain(.rst, side, isNew: lastRST[side] != segment.sequenceNumber)
      lastRST[side] = segment.sequenceNumber
    case let several:
      let isFINAndRST = several.contains(.fin) && several.contains(.rst)
      addOnce(isFINAndRST ? .finRst : .multiFlag, side)
    }
  }

  private mutating func addOnce(_ letter: Letter, _ side: Side) {
    if letters[side] & letter.bit == 0 { add(letter, side) }
  }

  private mutating func addAgain(_ letter: Letter, _ side: Side, isNew: Bool) {
    // One memory for S and H: a side's second SYN is new only by its number.
    let bits =
      letter == .syn || letter == .synAck ? Letter.syn.bit | Letter.synAck.bit : letter.bit
    if letters[side] & bits == 0 || isNew { add(letter, side) }
  }

  private mutating func add(_ letter: Letter, _ side: Side) {
    letters[side] |= letter.bit
    guard historyCount < Self.historyLimit else { return }
    let code = UInt128(letter.rawValue) | (side == .server ? 16 : 0)
    history |= code << UInt128(historyCount * 5)
    historyCount += 1
  }

  private mutating func move(_ flags: TCPFlags, hasPayload: Bool, from side: Side) {
    switch state[side] {
    case .inactive: state[side] = leavingInactive(flags, hasPayload: hasPayload, side)
    case .synSent, .synAckSent:
      if flags.contains(.fin) {
        state[side] = .closed
      } else if flags.contains(.rst) {
        state[side] = .reset
      }
    case .partial, .established:
      if flags.contains(.syn), !flags.contains(.ack), state[side] == .partial,
        state[side.peer] == .inactive
      {
        state[side] = .synSent
      } else if flags.contains(.rst) {
        state[side] = .reset
      } else if flags.contains(.fin) {
        state[side] = .closed
        if state[side.peer] == .reset, wasClosed[side.peer] { state[side.peer] = .closed }
      }
    case .closed:
      if flags.contains(.rst), state[side.peer] != .closed {
        state[side] = .reset
        wasClosed[side] = true
      }
    case .reset: break
    }
  }

  private mutating func leavingInactive(
    _ flags: TCPFlags, hasPayload: Bool, _ side: Side
  ) -> EndpointState {
    if flags.contains(.syn) {
      if side == .client { return flags.contains(.ack) ? .synAckSent : .synSent }
      if state.client == .synSent { state.client = .established }
      return .established
    }
    if flags.contains(.fin) { return .closed }
    if flags.contains(.rst) { return .reset }
    if side == .server, !hasPayload, state.client == .synSent { return .inactive }
    return flags.contains(.ack) && state[side.peer] == .established ? .established : .partial
  }

  /// Zeek's `conn_state`; `hasPayload` is whether either side sent any.
  func connectionState(hasPayload: Bool) -> String {
    let client = state.client
    let server = state.server
    let clientIdle = client == .inactive || client == .partial
    let serverIdle = server == .inactive || server == .partial
    if server == .reset {
      if client == .synSent || client == .synAckSent || (client == .reset && !hasPayload) {
        return "REJ"
      }
      return clientIdle ? "RSTRH" : "RSTR"
    }
    if client == .reset {
      guard serverIdle else { return "RSTO" }
      return opensAndResetsOnly ? "RSTOS0" : "OTH"
    }
    switch (client, server) {
    case (.closed, .closed): return "SF"
    case (.closed, _): return serverIdle ? "SH" : "S2"
    case (_, .closed): return clientIdle ? "SHR" : "S3"
    case (.synSent, .inactive): return "S0"
    case (.established, .established): return "S1"
    default: return "OTH"
    }
  }

  /// `^?S[^HAFGIQ]*R`: the client sent SYN and RST, and nothing that an answer would call for.
  private var opensAndResetsOnly: Bool {
    let text = historyText
    guard let first = text.first, first == "S" else { return false }
    for letter in text.dropFirst() {
      if letter == "R" { return true }
      if "HAFGIQ".contains(letter) { return false }
    }
    return false
  }

  /// Zeek's `history`: upper case for the client, lower case for the server.
  var historyText: String {
    var text = ""
    for index in 0..<historyCount {
      let code = UInt8(truncatingIfNeeded: history >> UInt128(index * 5)) & 31
      guard let letter = Letter(rawValue: code & 15)?.character else { continue }
      text += code & 16 == 0 ? String(letter) : letter.lowercased()
    }
    return text
  }
}
