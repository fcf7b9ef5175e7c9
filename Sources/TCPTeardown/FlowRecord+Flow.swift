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

  /// Takes in a flow in place of the one before, as far as its row tells; the evidence comes apart.
  // Inlined, for a call would be handed a copy of the row.
  @inline(__always)
  mutating func take(_ due: borrowing DueFlow) {
    (stream, isFinal, written) = (due.flow.stream, due.isFinal, due.written)
    let lowIsClient = due.flow.marks.contains(.clientIsLow)
    client = lowIsClient ? due.flow.key.low : due.flow.key.high
    server = lowIsClient ? due.flow.key.high : due.flow.key.low
    rolesAreObserved = due.flow.marks.contains(.rolesObserved)
    start = due.flow.startTime
    end = due.flow.lastTime
    firstFrame = due.flow.firstFrame
    lastFrame = due.flow.lastFrame
    packets = PerSide(
      client: Int(due.flow.sides.client.packets), server: Int(due.flow.sides.server.packets))
    payloadOctets = PerSide(
      client: due.flow.sides.client.payloadOctets, server: due.flow.sides.server.payloadOctets)
    initialNumbers = PerSide(
      client: due.flow.sides.client.base, server: due.flow.sides.server.base)
    seen = Seen(due.flow.marks)
    handshake = Handshake(due.flow)
    closing = due.flow.closing
    teardown.hints = CloseHints(due.flow)
    zeek = due.flow.zeek
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
