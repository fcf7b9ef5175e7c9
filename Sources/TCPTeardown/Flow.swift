internal import PacketDecoding

/// What one side of a flow has sent so far.
struct SideCounters: Sendable {
  /// SND.NXT as captured: the highest number after any segment of this side (RFC 9293 §3.3.1).
  var next = SequenceNumber(0)
  /// The highest acknowledgment number this side has sent.
  var lastAck = SequenceNumber(0)
  /// Where this side's numbers begin: that of its SYN, as far as it is known.
  var base = SequenceNumber(0)
  var packets: UInt32 = 0
  var payloadOctets: UInt64 = 0
}

/// One live flow: what is updated in place while its segments come.
struct Flow: Sendable {
  var sides = PerSide(both: SideCounters())
  /// The latest stamp of its segments.
  var lastTime: Int64
  var lastFrame: Int
  var marks: Marks

  var handshake = Handshake()
  var zeek = ZeekWords()
  var evidence = EvidencePool.List()
  /// Observations that found no room.
  var overflow = 0
  /// Segments with flags that no endpoint sends (R24).
  var impossible = 0
  /// Frames that repeat another frame, suppressed as evidence.
  var duplicates = 0
  /// The earliest stamp of its segments.
  var startTime: Int64
  var firstFrame: Int
  let stream: Int
  /// The FIN's own sequence number, valid where `marks` says that one was sent.
  var fin = PerSide(both: SequenceNumber(0))
  var closing = ClosingContext()
  var latest = PerSide(both: LatestPlaces())
  /// The last payload of either side.
  var lastPayloads = PerSide(both: Mark.none)
  /// The row of the flow that had the tuple before, while this one's handshake decides its end.
  var predecessor: Int32 = -1
  /// The row of the flow that took the tuple over.
  var successor: Int32 = -1

  init(stream: Int, time: Int64, frame: Int, marks: Marks) {
    self.stream = stream
    self.marks = marks
    lastTime = time
    startTime = time
    lastFrame = frame
    firstFrame = frame
  }

  /// Places in the evidence that a later segment of the same kind overwrites; -1 for none.
  struct LatestPlaces: Sendable {
    /// The last payload of this side after any FIN or RST, and whether the first is held.
    var data: Int32 = -1
    var hasFirstData = false
    /// The last pure ACK after any FIN or RST that is no first ACK of a FIN.
    var ack: Int32 = -1
    var hasFirstAck = false
    /// The last segment whose numbers ran ahead of what was captured.
    var ahead: Int32 = -1
    /// Segments of this side held since the last RST.
    var afterReset = 0
  }
}

/// How a flow stood when its first FIN or RST came.
package struct ClosingContext: Equatable, Sendable {
  package var isKnown = false
  /// The last payload of either side before it; `Mark.none` where there was none.
  package var lastPayloads = PerSide(both: Mark.none)
  /// Payload octets either side had sent until then.
  package var payloadOctets = PerSide(both: UInt64(0))

  package init() {}

  /// Whether any payload was captured before the end began.
  package var hasPayload: Bool { payloadOctets.client + payloadOctets.server > 0 }

  /// Whose payload was the last; nil where there was none.
  package var lastSpeaker: Side? {
    guard hasPayload else { return nil }
    guard lastPayloads.client.isKnown else { return .server }
    guard lastPayloads.server.isKnown else { return .client }
    return lastPayloads.client.time > lastPayloads.server.time ? .client : .server
  }
}
