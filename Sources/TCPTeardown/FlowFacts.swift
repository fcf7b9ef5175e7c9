package import PacketDecoding

/// All that `reconstruct` knows of a flow: how it began, its evidence, and where the numbers stood.
package struct FlowFacts: Sendable {
  package var handshake = Handshake()
  /// In the order in which it was captured; empty where it comes apart.
  package var evidence: [Observation] = []
  package var closing = ClosingContext()
  /// Where the capture ended, or had come to, in nanoseconds since the Unix epoch.
  package var until: Int64 = 0
  /// The earliest and the latest stamp of the flow's segments.
  package var start: Int64 = 0
  package var end: Int64 = 0
  package var firstFrame = 0
  package var seen: FlowRecord.Seen = []
  package var packets = PerSide(both: 0)
  package var payloadOctets = PerSide(both: UInt64(0))
  /// SND.NXT and the last acknowledgment of either side, at the end.
  package var next = PerSide(both: SequenceNumber(0))
  package var lastAcks = PerSide(both: SequenceNumber(0))
  package var isIPv6 = false
  /// The first segment captured was neither SYN nor SYN-ACK.
  package var isMidstream = false
  /// A new flow took the tuple over.
  package var isSuperseded = false
  package var overflow = 0
  package var duplicates = 0
  /// The first frame that showed its segment again, and the first evidence that found no room.
  package var firstDuplicate = Mark.none
  package var firstOverflow = Mark.none
  /// Octets that were acknowledged and never captured: how often, and what showed it first.
  package var gaps = 0
  package var firstGap = Mark.none
  /// Segments that stand in the file behind what came after them, and the first of them.
  package var reordered = 0
  package var firstReordered = Mark.none
  /// The TTL of either side's first segment.
  package var timeToLives = PerSide(both: UInt8(0))
  package var hints = CloseHints()
  /// The flow that had the tuple before left a side in TIME-WAIT.
  package var metTimeWait = false

  package init() {}
}

extension FlowFacts {
  /// Takes in a flow in place of the one before, as far as its row tells; the evidence comes apart.
  // Inlined, for a call would be handed a copy of the row.
  @inline(__always)
  mutating func take(_ flow: borrowing Flow, until: Int64) {
    handshake = Handshake(flow)
    closing = flow.closing
    self.until = until
    start = flow.startTime
    end = flow.lastTime
    firstFrame = flow.firstFrame
    seen = FlowRecord.Seen(flow.marks)
    packets = PerSide(
      client: Int(flow.sides.client.packets), server: Int(flow.sides.server.packets))
    payloadOctets = PerSide(
      client: flow.sides.client.payloadOctets, server: flow.sides.server.payloadOctets)
    next = PerSide(client: flow.sides.client.next, server: flow.sides.server.next)
    lastAcks = PerSide(client: flow.sides.client.lastAck, server: flow.sides.server.lastAck)
    isIPv6 = flow.key.isIPv6
    let marks = flow.marks
    isMidstream = marks.contains(.midstream) && marks.isDisjoint(with: [.sawSYN, .sawSYNAck])
    isSuperseded = false
    overflow = Int(flow.overflow)
    duplicates = Int(flow.duplicates)
    firstDuplicate = .none
    firstOverflow = .none
    gaps = 0
    firstGap = .none
    reordered = 0
    firstReordered = .none
    timeToLives = flow.timeToLives
    hints = CloseHints(flow)
    metTimeWait = false
  }

  /// Adds what the flow's annex tells.
  mutating func add(_ annex: borrowing FlowAnnex) {
    handshake.add(annex)
    if closing.isKnown, let kept = annex.closing { closing = kept }
    isSuperseded = annex.successor >= 0
    hints.add(annex)
    var settled = copy annex
    for side in Side.allCases where settled.holes[side]?.isAcknowledged == true {
      settled.takeGap(of: side)
    }
    gaps = Int(settled.gaps)
    firstGap = settled.firstGap
    firstDuplicate = annex.firstDuplicate
    firstOverflow = annex.firstOverflow
    reordered = Int(settled.reordered)
    firstReordered = settled.firstReordered
  }
}

/// What a person may assume where packets do not tell.
package struct ReconstructionOptions: Equatable, Sendable {
  package var profile: Profile
  /// CLOSE-WAIT for at least this long is a leak, in nanoseconds.
  package var closeWaitLimit: Int64
  /// Takes a frame that shows its segment again for a segment of its own.
  package var keepsDuplicates: Bool

  package init(
    profile: Profile = .linux, closeWaitLimit: Int64 = 10 * .nanosecondsPerSecond,
    keepsDuplicates: Bool = false
  ) {
    self.profile = profile
    self.closeWaitLimit = closeWaitLimit
    self.keepsDuplicates = keepsDuplicates
  }
}
