internal import PacketDecoding

/// What a flow's row has no room for because only few flows need it.
struct FlowAnnex: Sendable {
  /// The client's first SYN, where it is not the flow's first segment.
  var syn = Mark.none
  /// The last repeat of the SYN, of the SYN-ACK, and how many there were.
  var lastSYN = Mark.none
  var lastSYNAck = Mark.none
  var synRepeats: UInt16 = 0
  var synAckRepeats: UInt16 = 0
  /// The server's own SYN, where both sides opened at once (RFC 9293 Figure 7).
  var crossedSYN = Mark.none
  /// Octets of payload in the SYN (RFC 7413).
  var payloadInSYN: UInt32 = 0
  /// The number of the client's first SYN, where its base is another by now.
  var firstNumber: SequenceNumber?
  /// How the flow stood when it began to end, once payload has come since.
  var closing: ClosingContext?
  var latest = PerSide(both: LatestPlaces())
  /// What was not captured where it was due, of either side's octets.
  var holes = PerSide<Hole?>(both: nil)
  /// Holes that nothing filled although their octets were acknowledged, and the first of them.
  var gaps: UInt16 = 0
  var firstGap = Mark.none
  /// Segments that the file holds behind what came after them, and the first of them.
  var reordered: UInt16 = 0
  var firstReordered = Mark.none
  /// The first frame that showed its segment again, and the first evidence that found no room.
  var firstDuplicate = Mark.none
  var firstOverflow = Mark.none
  /// The last TLS alert of either side, and the greatest `Keep-Alive: timeout=` (seconds).
  var alerts = PerSide(both: Mark.none)
  var keepAliveSeconds = PerSide(both: UInt16(0))
  /// The row of the flow that had the tuple before, while this one's handshake decides its end.
  var predecessor: Int32 = -1
  /// The row of the flow that took the tuple over.
  var successor: Int32 = -1

  /// Places in the evidence that a later segment of the same kind overwrites; -1 for none.
  struct LatestPlaces: Sendable {
    enum Kind { case data, ack, ahead, stall }

    /// The last payload of this side after any FIN or RST, and whether the first is held.
    private var data: Int32 = -1
    var hasFirstData = false
    /// The last pure ACK after any FIN or RST that is no first ACK of a FIN.
    private var ack: Int32 = -1
    var hasFirstAck = false
    /// The last segment whose numbers ran ahead of what was captured.
    private var ahead: Int32 = -1
    /// A run of repeats, or of keep-alive probes.
    private var stall: Int32 = -1
    /// Segments of this side held since the last RST.
    var afterReset: UInt8 = 0

    subscript(kind: Kind) -> Int32 {
      get {
        switch kind {
        case .data: data
        case .ack: ack
        case .ahead: ahead
        case .stall: stall
        }
      }
      set {
        switch kind {
        case .data: data = newValue
        case .ack: ack = newValue
        case .ahead: ahead = newValue
        case .stall: stall = newValue
        }
      }
    }
  }

  mutating func swapSides() {
    latest = latest.swapped
    holes = holes.swapped
    alerts = alerts.swapped
    keepAliveSeconds = keepAliveSeconds.swapped
    closing?.swapSides()
  }
}

/// Octets of one side that were not captured where they were due.
struct Hole: Sendable {
  /// The sequence numbers from `start` up to, but not with, `end`.
  var start: SequenceNumber
  var end: SequenceNumber
  /// What showed it.
  var mark: Mark
  /// The other side has acknowledged its octets: they were sent.
  var isAcknowledged: Bool
}

/// The annexes of all live flows that have one.
struct AnnexPool: ~Copyable, Sendable {
  private var annexes = Chunks(of: FlowAnnex())
  private var free: [Int32] = []

  /// Annexes in use.
  var count: Int { annexes.count - free.count }

  /// The place of an empty annex.
  mutating func take() -> Int32 {
    if let place = free.popLast() {
      annexes[Int(place)] = FlowAnnex()
      return place
    }
    return Int32(annexes.grow())
  }

  mutating func release(_ place: Int32) { free.append(place) }

  subscript(place: Int32) -> FlowAnnex {
    get { annexes[Int(place)] }
    _modify { yield &annexes[Int(place)] }
  }
}

/// What flows hold beyond their rows.
struct FlowPools: ~Copyable, Sendable {
  var evidence = EvidencePool()
  var annexes = AnnexPool()
  /// Frames that show their segment again are taken for segments.
  var keepsDuplicates = false
}

extension Flow {
  /// The place of the flow's annex, which it takes now if it has none.
  mutating func takeAnnex(_ pools: inout FlowPools) -> Int32 {
    if annex < 0 { annex = pools.annexes.take() }
    return annex
  }

  /// Gives back what the flow holds beyond its row.
  mutating func release(_ pools: inout FlowPools) {
    pools.evidence.release(&evidence)
    if annex >= 0 { pools.annexes.release(annex) }
    annex = -1
  }
}
