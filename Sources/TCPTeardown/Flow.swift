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
  /// The last payload of this side.
  var lastPayload = Mark.none
}

/// One live flow: what is updated in place while its segments come.
///
/// What every segment touches stands together, from the key to the sides, and what few flows need
/// in a `FlowAnnex`: a look-up costs the lines of memory that it brings in, little else.
struct Flow: Sendable {
  /// -1 in a row that holds no flow.
  var stream = -1
  /// The earliest stamp of its segments.
  var startTime: Int64 = 0

  var key = Tuple().key
  /// The latest stamp of its segments.
  var lastTime: Int64 = 0
  var lastFrame = 0
  var marks = Marks.superseded
  /// The IP-ID of either side's last segment.
  var identifications = PerSide(both: UInt16(0))
  /// What either side's payload has said about a close, but for TLS alerts.
  var hints = PerSide(both: PayloadHint.Kinds())
  /// The TTL of either side's first segment; 0 before it.
  var timeToLives = PerSide(both: UInt8(0))
  var sides = PerSide(both: SideCounters())

  var zeek = ZeekWords()
  var evidence = EvidencePool.List()
  /// The place of what few flows have, -1 for none.
  var annex: Int32 = -1
  /// Observations that found no room.
  var overflow: UInt32 = 0
  /// Segments with flags that no endpoint sends (R24).
  var impossible: UInt32 = 0
  /// Frames that repeat another frame, suppressed as evidence.
  var duplicates: UInt32 = 0
  var firstFrame = 0
  /// The first SYN-ACK.
  var synAck = Mark.none
  /// The client's first segment that acknowledges the SYN-ACK.
  var ack = Mark.none
  /// The server's first segment that is no SYN-ACK.
  var serverSpoke = Mark.none
  /// The FIN's own sequence number, valid where `marks` says that one was sent.
  var fin = PerSide(both: SequenceNumber(0))

  /// A row that holds no flow.
  init() {}

  /// Becomes the flow of `tuple` in an empty row, begun by a segment with `flags`.
  // In place: a row that is put together first and moved then is written twice.
  @inline(__always)
  mutating func begin(
    _ tuple: Tuple, _ flags: TCPFlags, stream: Int, at time: Int64, frame: Int
  ) {
    self.stream = stream
    key = tuple.key
    startTime = time
    lastTime = time
    firstFrame = frame
    lastFrame = frame
    let sourceIsClient: Bool
    if flags.contains(.syn) {
      sourceIsClient = flags.isOpening
      marks = Marks.rolesObserved.union(.opening)
    } else {
      sourceIsClient = tuple.source.port >= tuple.destination.port
      marks = .midstream
    }
    if sourceIsClient == tuple.sourceIsLow { marks.insert(.clientIsLow) }
  }
}
