internal import PacketDecoding

/// What a record takes of a flow, in whatever form the flow is kept.
protocol FlowAccount {
  var stream: Int { get }
  var key: FlowKey { get }
  var marks: Flow.Marks { get }
  /// The earliest and the latest stamp, in nanoseconds since the Unix epoch, and the frames.
  var startTime: Int64 { get }
  var lastTime: Int64 { get }
  var firstFrame: Int { get }
  var lastFrame: Int { get }
  var synAck: Mark { get }
  var ack: Mark { get }
  var serverSpoke: Mark { get }
  var lastPayloads: PerSide<Mark> { get }
  /// Where either side's numbers begin.
  var bases: PerSide<SequenceNumber> { get }
  var packets: PerSide<UInt32> { get }
  var payloadOctets: PerSide<UInt64> { get }
  var hints: PerSide<PayloadHint.Kinds> { get }
  var zeek: ZeekWords { get }
}

extension Flow: FlowAccount {
  @inline(__always)
  var lastPayloads: PerSide<Mark> {
    PerSide(client: sides.client.lastPayload, server: sides.server.lastPayload)
  }
  @inline(__always)
  var bases: PerSide<SequenceNumber> {
    PerSide(client: sides.client.base, server: sides.server.base)
  }
  @inline(__always)
  var packets: PerSide<UInt32> {
    PerSide(client: sides.client.packets, server: sides.server.packets)
  }
  @inline(__always)
  var payloadOctets: PerSide<UInt64> {
    PerSide(client: sides.client.payloadOctets, server: sides.server.payloadOctets)
  }
}

extension FlowAccount {
  /// How the flow stood when it began to end, if no payload has come since.
  // Inlined, for a call would be handed a copy of the row.
  @inline(__always)
  var closing: ClosingContext { marks.contains(.closing) ? closingNow : ClosingContext() }

  @inline(__always)
  var closingNow: ClosingContext {
    var context = ClosingContext()
    context.isKnown = true
    context.lastPayloads = lastPayloads
    context.payloadOctets = payloadOctets
    return context
  }
}
