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
  /// The record of `flow`, of which `facts` are all that is known.
  init(
    _ flow: Flow, _ facts: FlowFacts, written: Written, isFinal: Bool, teardown: Teardown
  ) {
    let lowIsClient = flow.marks.contains(.clientIsLow)
    stream = flow.stream
    self.isFinal = isFinal
    self.written = written
    client = lowIsClient ? flow.key.low : flow.key.high
    server = lowIsClient ? flow.key.high : flow.key.low
    rolesAreObserved = flow.marks.contains(.rolesObserved)
    start = facts.start
    end = facts.end
    firstFrame = flow.firstFrame
    lastFrame = flow.lastFrame
    packets = facts.packets
    payloadOctets = facts.payloadOctets
    initialNumbers = PerSide(client: flow.sides.client.base, server: flow.sides.server.base)
    seen = facts.seen
    self.teardown = teardown
    zeek = flow.zeek
    handshake = facts.handshake
    evidence = facts.evidence
    closing = facts.closing
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
