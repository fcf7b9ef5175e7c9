internal import PacketDecoding

extension Flow {
  /// A row that holds no flow.
  static let free = Flow(stream: -1, time: 0, frame: 0, marks: [])

  /// Neither side can move without a new segment: both in CLOSED or TIME-WAIT, or reset.
  var isSettled: Bool {
    marks.contains(.reset) || marks.isSuperset(of: .bothFINsAcknowledged)
  }

  /// Whether the beginning has shown all that it can of the flow that had the tuple before.
  var tellsOfPredecessor: Bool {
    handshake.synAck.isKnown || marks.contains(.reset) || handshake.ack.isKnown
  }
}

extension FlowRecord {
  init(
    _ flow: Flow, client: Endpoint, server: Endpoint, written: Written, isFinal: Bool,
    evidence: [Observation], teardown: Teardown
  ) {
    stream = flow.stream
    self.isFinal = isFinal
    self.written = written
    self.client = client
    self.server = server
    rolesAreObserved = flow.marks.contains(.rolesObserved)
    start = flow.startTime
    end = flow.lastTime
    firstFrame = flow.firstFrame
    lastFrame = flow.lastFrame
    packets = PerSide(
      client: Int(flow.sides.client.packets), server: Int(flow.sides.server.packets))
    payloadOctets = PerSide(
      client: flow.sides.client.payloadOctets, server: flow.sides.server.payloadOctets)
    initialNumbers = PerSide(client: flow.sides.client.base, server: flow.sides.server.base)
    seen = Seen(flow.marks)
    self.teardown = teardown
    let hasPayload = flow.sides.client.payloadOctets + flow.sides.server.payloadOctets > 0
    zeekConnectionState = flow.zeek.connectionState(hasPayload: hasPayload)
    zeekHistory = flow.zeek.historyText
    handshake = flow.handshake
    self.evidence = evidence
    closing = flow.closing
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
