internal import PacketDecoding

extension Flow {
  /// Neither side can move without a new segment: both in CLOSED or TIME-WAIT, or reset.
  @inline(__always)
  var isSettled: Bool {
    marks.contains(.reset) || marks.isSuperset(of: .bothFINsAcknowledged)
  }

  /// Whether the beginning has shown all that it can of the flow that had the tuple before.
  @inline(__always)
  var tellsOfPredecessor: Bool { synAck.isKnown || marks.contains(.reset) }
}

extension FlowRecord {
  /// A record of nothing, to be filled.
  init() {
    let nowhere = Endpoint(address: .v4(0), port: 0)
    (stream, isFinal, written, rolesAreObserved) = (0, false, .closed, false)
    (client, server) = (nowhere, nowhere)
    (start, end, firstFrame, lastFrame) = (0, 0, 0, 0)
    packets = PerSide(both: 0)
    payloadOctets = PerSide(both: 0)
    initialNumbers = PerSide(both: SequenceNumber(0))
    seen = []
    teardown = Teardown()
    handshake = Handshake()
    evidence = []
    closing = ClosingContext()
    zeek = ZeekWords()
  }

  /// Takes in a flow in place of the one before, as far as its account tells; the evidence comes apart.
  // Inlined, for a call would be handed a copy of it.
  @inline(__always)
  mutating func take(_ flow: borrowing some FlowAccount, _ due: borrowing DueFlow) {
    (stream, isFinal, written) = (flow.stream, due.isFinal, due.written)
    let lowIsClient = flow.marks.contains(.clientIsLow)
    client = lowIsClient ? flow.key.low : flow.key.high
    server = lowIsClient ? flow.key.high : flow.key.low
    rolesAreObserved = flow.marks.contains(.rolesObserved)
    start = flow.startTime
    end = flow.lastTime
    firstFrame = flow.firstFrame
    lastFrame = flow.lastFrame
    packets = PerSide(client: Int(flow.packets.client), server: Int(flow.packets.server))
    payloadOctets = flow.payloadOctets
    initialNumbers = flow.bases
    seen = Seen(flow.marks)
    handshake = Handshake(flow)
    closing = flow.closing
    teardown.hints = CloseHints(flow)
    zeek = flow.zeek
  }
}

extension FlowRecord.Seen {
  init(_ marks: Flow.Marks) {
    self = []
    if marks.contains(.sawSYN) { insert(.syn) }
    if marks.contains(.sawSYNAck) { insert(.synAck) }
    if marks.contains(.sawACK) { insert(.ack) }
    if marks.contains(.sawData) { insert(.data) }
    if marks.contains(.sawFIN) { insert(.fin) }
    if marks.contains(.sawRST) { insert(.rst) }
  }
}
