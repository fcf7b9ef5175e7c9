internal import PacketDecoding

/// A flow that was closed as by the book, in less than half of the room that its row and its evidence
/// take.
///
/// Most flows end so, and wait for two minutes while nearly never anything comes: of what is held at a
/// time they are the most. Their evidence is three or four segments, each once, whose numbers follow
/// from few. What is left out here is exactly what comes back from the rest: `pack` sees to it.
struct PackedFlow: FlowAccount, Sendable {
  var key = Tuple().key
  var startTime: Int64 = 0
  var firstFrame = 0
  var streamBits: UInt32 = 0
  var marks = Flow.Marks.superseded
  var synAckMoment = Moment.none
  var ackMoment = Moment.none
  var serverMoment = Moment.none
  var payloadMoments = PerSide(both: Moment.none)
  var segments = InlineArray<4, PackedObservation>(repeating: PackedObservation())
  var words = ZeekWords.OfPlainClose()
  /// Where either side's numbers begin, and the number of its FIN.
  var bases = PerSide(both: SequenceNumber(0))
  var fins = PerSide(both: SequenceNumber(0))
  var packets = PerSide(both: UInt32(0))
  var octets = PerSide(both: UInt32(0))
  /// What either side had acknowledged before the first FIN, and what that FIN acknowledges.
  var lastAcks = PerSide(both: SequenceNumber(0))
  var acknowledged = SequenceNumber(0)
  /// Octets of payload in the first FIN.
  var payloadLength: UInt16 = 0
  var hints = PerSide(both: PayloadHint.Kinds())
  var timeToLives = PerSide(both: UInt8(0))
  /// How many of `segments` count, and who sent the first.
  var count: UInt8 = 0
  var first = Side.client

  @inline(__always)
  var stream: Int { Int(streamBits) }
  @inline(__always)
  var lastTime: Int64 { startTime &+ segments[Int(count) &- 1].moment.time }
  @inline(__always)
  var lastFrame: Int { firstFrame &+ segments[Int(count) &- 1].moment.frame }
  @inline(__always)
  var synAck: Mark { mark(synAckMoment) }
  @inline(__always)
  var ack: Mark { mark(ackMoment) }
  @inline(__always)
  var serverSpoke: Mark { mark(serverMoment) }
  @inline(__always)
  var lastPayloads: PerSide<Mark> {
    PerSide(client: mark(payloadMoments.client), server: mark(payloadMoments.server))
  }
  @inline(__always)
  var payloadOctets: PerSide<UInt64> {
    PerSide(client: UInt64(octets.client), server: UInt64(octets.server))
  }
  @inline(__always)
  var zeek: ZeekWords { ZeekWords(words, fins) }

  @inline(__always)
  func mark(_ moment: Moment) -> Mark {
    moment.isKnown
      ? Mark(time: startTime &+ moment.time, frame: firstFrame &+ moment.frame) : .none
  }
}

/// When and in which frame something was captured, counted from where its flow began.
struct Moment: Sendable {
  /// 23 bits of frames above 40 of nanoseconds: flows of up to 18 minutes.
  private let bits: UInt64

  static let none = Self(bits: .max)

  private init(bits: UInt64) { self.bits = bits }

  /// Adds to `excess` what there is no room for.
  @inline(__always)
  init(_ mark: Mark, _ startTime: Int64, _ firstFrame: Int, _ excess: inout UInt64) {
    let time = UInt64(bitPattern: mark.time &- startTime)
    let frame = UInt64(bitPattern: Int64(mark.frame &- firstFrame))
    excess |= time >> 40 | frame >> 23
    bits = frame << 40 | time
  }

  /// Captured before `other`, by frame, and no later by its stamp.
  @inline(__always)
  func isBefore(_ other: Self) -> Bool { frame < other.frame && time <= other.time }

  @inline(__always)
  var isKnown: Bool { bits != .max }
  /// Nanoseconds since the flow's start.
  @inline(__always)
  var time: Int64 { Int64(bits & (1 << 40 - 1)) }
  @inline(__always)
  var frame: Int { Int(bits >> 40) }
}

/// Of an observation what does not follow from the numbers of its flow.
struct PackedObservation: Sendable {
  var moment = Moment.none
  var timestampValue: UInt32 = 0
  var timestampEcho: UInt32 = 0
  var window: UInt16 = 0
  var identification: UInt16 = 0
  var timeToLive: UInt8 = 0
  var flags = TCPFlags()
  var marks = Observation.Marks()
}

extension PackedFlow {
  /// Puts the flow into a row, without its evidence.
  @inline(__always)
  func unpack(into flow: inout Flow) {
    flow.stream = stream
    flow.startTime = startTime
    flow.key = key
    flow.lastTime = lastTime
    flow.lastFrame = lastFrame
    flow.marks = marks
    let (last, other) = (Int(count) &- 1, Int(count) &- 2)
    flow.identifications = PerSide(
      first, segments[last].identification, peer: segments[other].identification)
    flow.hints = hints
    flow.timeToLives = timeToLives
    for side in Side.allCases {
      flow.sides[side].next = fins[side] + 1
      flow.sides[side].lastAck = fins[side.peer] + 1
      flow.sides[side].base = bases[side]
      flow.sides[side].packets = packets[side]
      flow.sides[side].payloadOctets = payloadOctets[side]
      flow.sides[side].lastPayload = lastPayloads[side]
    }
    flow.zeek = zeek
    flow.evidence = EvidencePool.List()
    flow.annex = -1
    flow.overflow = 0
    flow.impossible = 0
    flow.duplicates = 0
    flow.firstFrame = firstFrame
    flow.synAck = synAck
    flow.ack = ack
    flow.serverSpoke = serverSpoke
    flow.fin = fins
  }

  /// Something of each line of memory that it takes.
  @inline(__always)
  var touch: Int {
    Int(truncatingIfNeeded: startTime) &+ firstFrame &+ Int(truncatingIfNeeded: synAckMoment.time)
      &+ Int(segments[0].window) &+ Int(segments[3].window) &+ Int(first.rawValue)
  }
}
