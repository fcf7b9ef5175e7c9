internal import PacketDecoding

/// Zeek's account of the same segments, in file order: `conn_state` and `history`.
///
/// Follows Zeek's documentation of conn.log and the letters that need neither checksums, windows
/// nor counts; docs/inference.md says where our own view differs.
struct ZeekWords: Sendable {
  private enum EndpointState: UInt8, Sendable {
    case inactive, synSent, synAckSent, partial, established, closed, reset
  }

  /// Four bits a letter, those of the first lowest: its number, and 8 where it is the server's.
  private var history = InlineArray<2, UInt64>(repeating: 0)
  /// The numbers of a side's last FIN and RST: that of its last SYN is its base.
  private var lastFIN = PerSide(both: SequenceNumber(0))
  private var lastRST = PerSide(both: SequenceNumber(0))
  private var historyCount: UInt8 = 0
  private var state = PerSide(both: EndpointState.inactive)
  private var wasClosed = PerSide(both: false)
  /// Bits of `Letter` that a side has had.
  private var letters = PerSide(both: UInt8(0))

  /// Letters that are kept; what a flood adds after them is left out.
  @inline(__always)
  private static var historyLimit: UInt8 { 25 }

  private enum Letter: UInt8, CaseIterable, Sendable {
    case syn, synAck, ack, data, fin, rst, finRst, multiFlag

    /// In upper case; the bit of 0x20 makes it lower case.
    var ascii: UInt8 {
      switch self {
      case .syn: UInt8(ascii: "S")
      case .synAck: UInt8(ascii: "H")
      case .ack: UInt8(ascii: "A")
      case .data: UInt8(ascii: "D")
      case .fin: UInt8(ascii: "F")
      case .rst: UInt8(ascii: "R")
      case .finRst: UInt8(ascii: "I")
      case .multiFlag: UInt8(ascii: "Q")
      }
    }

    var bit: UInt8 { 1 &<< rawValue }

    /// What a side has that has sent a RST.
    static var withRST: UInt8 { Letter.rst.bit }
  }

  /// Both ends have opened and shown a pure ACK and data: a plain segment tells nothing new.
  @inline(__always)
  func isIndifferent(to side: Side, hasPayload: Bool) -> Bool {
    let letter = hasPayload ? Letter.data.bit : Letter.ack.bit
    return letters[side] & letter != 0 && state[side] != .inactive
  }

  /// Takes in a segment; `base` is where its sender's numbers began, if it has sent a SYN.
  // `inout`, though nothing of the segment changes: handed over otherwise, it would be copied.
  mutating func take(_ segment: inout Segment, from side: Side, base: SequenceNumber) {
    let hasPayload = segment.payloadLength > 0
    guard !segment.flags.isDisjoint(with: .synFinRst) else {
      // Most segments begin and end nothing, and are not the first of their kind.
      if isIndifferent(to: side, hasPayload: hasPayload) { return }
      if hasPayload {
        addOnce(.data, side)
      } else if segment.flags.contains(.ack) {
        addOnce(.ack, side)
      }
      if state[side] == .inactive {
        state[side] = leavingInactive(segment.flags, hasPayload: hasPayload, side)
      }
      return
    }
    addLetters(&segment, from: side, base: base)
    move(segment.flags, hasPayload: hasPayload, from: side)
  }

  /// The sides' names were wrong: client and server change places.
  mutating func swapSides() {
    state = state.swapped
    wasClosed = wasClosed.swapped
    letters = letters.swapped
    lastFIN = lastFIN.swapped
    lastRST = lastRST.swapped
    for index in 0..<historyLength { history[index >> 4] ^= 8 << UInt64(index & 15 * 4) }
  }

  @inline(__always)
  private mutating func addLetters(_ segment: inout Segment, from side: Side, base: SequenceNumber)
  {
    let flags = segment.flags
    switch flags.rawValue & TCPFlags.synFinRst.rawValue {
    case TCPFlags.syn.rawValue:
      let letter = flags.contains(.ack) ? Letter.synAck : .syn
      addAgain(letter, side, isNew: base != segment.sequenceNumber)
    case TCPFlags.fin.rawValue:
      // A FIN's number is that behind its data; for SYN and RST it is the first.
      let number = segment.sequenceNumber + segment.payloadLength
      addAgain(.fin, side, isNew: lastFIN[side] != number)
      lastFIN[side] = number
    case TCPFlags.rst.rawValue:
      addAgain(.rst, side, isNew: lastRST[side] != segment.sequenceNumber)
      lastRST[side] = segment.sequenceNumber
    default:
      let isFINAndRST = flags.contains(.fin) && flags.contains(.rst)
      addOnce(isFINAndRST ? .finRst : .multiFlag, side)
    }
  }

  @inline(__always)
  private mutating func addOnce(_ letter: Letter, _ side: Side) {
    if letters[side] & letter.bit == 0 { add(letter, side) }
  }

  @inline(__always)
  private mutating func addAgain(_ letter: Letter, _ side: Side, isNew: Bool) {
    // One memory for S and H: a side's second SYN is new only by its number.
    let bits =
      letter == .syn || letter == .synAck ? Letter.syn.bit | Letter.synAck.bit : letter.bit
    if letters[side] & bits == 0 || isNew { add(letter, side) }
  }

  @inline(__always)
  private mutating func add(_ letter: Letter, _ side: Side) {
    letters[side] |= letter.bit
    guard historyCount < Self.historyLimit else { return }
    let code = UInt64(letter.rawValue | side.rawValue &<< 3)
    history[historyLength >> 4] |= code &<< UInt64(historyLength & 15 &* 4)
    historyCount &+= 1
  }

  @inline(__always)
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

  /// How many letters `historyText` has.
  var historyLength: Int { Int(historyCount) }

  /// The letters of `historyText`, and zeros.
  var historyLetters: SIMD32<UInt8> {
    var letters = SIMD32<UInt8>.zero
    for index in 0..<historyLength {
      letters[index] = Self.ascii[Int(history[index >> 4] >> UInt64(index & 15 * 4) & 15)]
    }
    return letters
  }

  /// What each number in `history` stands for.
  private static let ascii: [UInt8] = (0..<16).map { number in
    (Letter(rawValue: number & 7)?.ascii ?? 0) | (number & 8) << 2
  }

  /// Zeek's `history`: upper case for the client, lower case for the server.
  var historyText: String {
    let letters = historyLetters
    return String(decoding: (0..<historyLength).map { letters[$0] }, as: UTF8.self)
  }
}

extension ZeekWords {
  /// The words of a flow whose sides have each sent a FIN and no RST, but for their FINs' numbers.
  struct OfPlainClose: Sendable {
    fileprivate var history: UInt64 = 0
    fileprivate var historyCount: UInt8 = 0
    fileprivate var letters = PerSide(both: UInt8(0))
  }

  /// Nil where there is more to them.
  @inline(__always)
  func ofPlainClose(_ fins: PerSide<SequenceNumber>) -> OfPlainClose? {
    guard historyCount <= 16, state.client == .closed, state.server == .closed,
      !wasClosed.client, !wasClosed.server, lastFIN == fins,
      letters.client & Letter.withRST == 0, letters.server & Letter.withRST == 0
    else { return nil }
    return OfPlainClose(history: history[0], historyCount: historyCount, letters: letters)
  }

  @inline(__always)
  init(_ words: OfPlainClose, _ fins: PerSide<SequenceNumber>) {
    history[0] = words.history
    historyCount = words.historyCount
    letters = words.letters
    lastFIN = fins
    state = PerSide(both: .closed)
  }
}
