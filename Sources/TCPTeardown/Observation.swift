package import PacketDecoding

/// One segment that tells something about a beginning or an end, as the capture saw it.
///
/// It keeps what cannot be found afterwards: where both sides' numbers stood when it came. The
/// order of its fields leaves no gaps: 72 octets, and most settled flows hold four.
package struct Observation: Equatable, Sendable {
  /// Nanoseconds since the Unix epoch; of the first copy.
  package var time: Int64
  /// Of the last repeat that was folded into this one; equals `time` without any.
  package var lastTime: Int64
  package var sequenceNumber: SequenceNumber
  package var acknowledgmentNumber: SequenceNumber
  /// Octets.
  package var payloadLength: UInt32
  package var timestampValue: UInt32
  package var timestampEcho: UInt32
  /// SND.NXT of either side before this segment: the highest number captured of it.
  package var nextNumbers: PerSide<SequenceNumber>
  /// The last acknowledgment either side had sent before this segment.
  package var lastAcks: PerSide<SequenceNumber>
  private var firstFrame: FrameNumber
  package var flags: TCPFlags
  /// Identical segments folded into this one, itself included.
  package var count: UInt16
  private var latestFrame: FrameNumber
  package var timeToLive: UInt8
  package var window: UInt16
  package var identification: UInt16
  /// The sender; of an ICMP error, the side whose segment it quotes.
  package var side: Side
  package var marks: Marks

  /// Frame numbers, counted from 1 over all input; of the first copy and the last.
  package var frame: Int {
    get { firstFrame.value }
    set { firstFrame = FrameNumber(newValue) }
  }
  package var lastFrame: Int {
    get { latestFrame.value }
    set { latestFrame = FrameNumber(newValue) }
  }

  package struct Marks: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `timestampValue` and `timestampEcho` were there.
    package static let timestamps = Self(rawValue: 1 << 0)
    /// Its first SACK block covers the octet just before its acknowledgment number: it reports a
    /// duplicate of what that number acknowledges last (RFC 2883 §4).
    package static let duplicateReport = Self(rawValue: 1 << 1)
    /// It belongs to the flow that took the tuple over, and tells of this one's end.
    package static let nextIncarnation = Self(rawValue: 1 << 2)
    /// An ICMP error that quotes a segment of `side`; `acknowledgmentNumber` holds type and code.
    package static let icmpError = Self(rawValue: 1 << 3)
    /// The entry of `nextNumbers` for that side means something.
    package static let clientNumbers = Self(rawValue: 1 << 4)
    package static let serverNumbers = Self(rawValue: 1 << 5)
    /// It repeats what its sender had sent before, while the flow was open.
    package static let repeated = Self(rawValue: 1 << 6)
    /// A RST of a side whose repeats or probes had got no answer.
    package static let afterStall = Self(rawValue: 1 << 7)
  }

  /// The sequence number after this segment: SYN and FIN take one each (RFC 9293 §3.4).
  package var end: SequenceNumber {
    let fin = flags.rawValue & 1
    let syn = flags.rawValue >> 1 & 1
    return sequenceNumber + (payloadLength &+ UInt32(syn &+ fin))
  }

  package var isReset: Bool { flags.contains(.rst) && !isICMPError }
  package var isICMPError: Bool { marks.contains(.icmpError) }
  package var isOfNextIncarnation: Bool { marks.contains(.nextIncarnation) }

  /// A FIN that can be an event: with ACK, and without SYN and RST (RFC 9293 §3.10.7.4).
  package var isFIN: Bool {
    flags.kind == .fin
  }

  /// A keep-alive probe: at most one octet, from before SND.NXT (RFC 9293 §3.8.4).
  package var isProbe: Bool {
    marks.contains(.repeated) && payloadLength <= 1
      && sequenceNumber + 1 == nextNumbers[side]
  }

  /// Whether any segment of `side` had been captured before this one.
  package func knowsNumbers(of side: Side) -> Bool {
    marks.contains(side == .client ? .clientNumbers : .serverNumbers)
  }

  /// Whether the segment acknowledges up to exactly `number` (RFC 9293 §3.4).
  package func acknowledges(_ number: SequenceNumber) -> Bool {
    flags.contains(.ack) && !isICMPError && acknowledgmentNumber == number
  }
}

extension Observation {
  /// What `segment` tells, come as `arrival` has it.
  // Inlined: it is put together where it is kept.
  @inline(__always)
  init(_ segment: Segment, _ arrival: Arrival) {
    time = arrival.time
    lastTime = arrival.time
    firstFrame = FrameNumber(arrival.frame)
    latestFrame = firstFrame
    sequenceNumber = segment.sequenceNumber
    acknowledgmentNumber = segment.acknowledgmentNumber
    payloadLength = segment.payloadLength
    timestampValue = segment.options.timestampValue
    timestampEcho = segment.options.timestampEcho
    nextNumbers = arrival.nextNumbers
    lastAcks = arrival.lastAcks
    count = 1
    window = segment.window
    identification = segment.identification
    flags = segment.flags
    side = arrival.side
    timeToLive = segment.timeToLive
    marks = arrival.marks
    if segment.options.present.contains(.timestamps) { marks.insert(.timestamps) }
    if segment.reportsDuplicate { marks.insert(.duplicateReport) }
  }

  /// A segment that nothing repeats, by all that is known of it.
  @inline(__always)
  init(
    _ mark: Mark, from side: Side, sequenceNumber: SequenceNumber,
    acknowledgmentNumber: SequenceNumber, payloadLength: UInt32,
    nextNumbers: PerSide<SequenceNumber>, lastAcks: PerSide<SequenceNumber>, flags: TCPFlags,
    timestampValue: UInt32, timestampEcho: UInt32, window: UInt16, identification: UInt16,
    timeToLive: UInt8, marks: Marks
  ) {
    time = mark.time
    lastTime = mark.time
    firstFrame = FrameNumber(mark.frame)
    latestFrame = firstFrame
    self.sequenceNumber = sequenceNumber
    self.acknowledgmentNumber = acknowledgmentNumber
    self.payloadLength = payloadLength
    self.timestampValue = timestampValue
    self.timestampEcho = timestampEcho
    self.nextNumbers = nextNumbers
    self.lastAcks = lastAcks
    count = 1
    self.window = window
    self.identification = identification
    self.flags = flags
    self.side = side
    self.timeToLive = timeToLive
    self.marks = marks
  }

  /// What room for one holds before there is any.
  static let none = Self(
    Segment(), Flow().arrival(from: .client, at: 0, frame: 0))

  /// An ICMP error as evidence: the side whose segment it quotes, and that segment's number.
  init(_ error: ICMPError, quoting arrival: Arrival) {
    let segment = Segment(
      sequenceNumber: error.sequenceNumber,
      acknowledgmentNumber: SequenceNumber(UInt32(error.type) << 8 | UInt32(error.code)),
      flags: [], payloadLength: 0)
    self.init(segment, arrival)
    marks.insert(.icmpError)
  }

  mutating func swapSides() {
    side = side.peer
    nextNumbers = nextNumbers.swapped
    lastAcks = lastAcks.swapped
    let known = marks.intersection([.clientNumbers, .serverNumbers])
    if known == .clientNumbers || known == .serverNumbers {
      marks.formSymmetricDifference([.clientNumbers, .serverNumbers])
    }
  }
}

extension Segment {
  /// Whether the first SACK block covers the octet before the acknowledgment number.
  fileprivate var reportsDuplicate: Bool {
    guard options.present.contains(.sack) else { return false }
    let last = acknowledgmentNumber - 1
    return last - options.sackLeft >= 0 && last - options.sackRight < 0
  }
}

/// A frame number in five octets: a million million packets, 100 TB of capture at the least.
private struct FrameNumber: Equatable, Sendable {
  private let low: UInt32
  private let high: UInt8

  /// Numbers beyond the last that fits stay there.
  init(_ value: Int) {
    let held = min(value, 1 << 40 - 1)
    low = UInt32(truncatingIfNeeded: held)
    high = UInt8(truncatingIfNeeded: held >> 32)
  }

  var value: Int { Int(high) << 32 | Int(low) }
}
