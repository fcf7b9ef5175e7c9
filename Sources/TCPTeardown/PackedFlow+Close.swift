internal import PacketDecoding

/// How the close of a packed flow is told: it was seen to be plain when it was packed.
extension PlainClose {
  /// That of a flow that was packed, with its handshake in `record`: most of it was seen to then.
  // `inout`, though nothing of it changes: handed over otherwise, it would be copied.
  @inline(__always)
  init?(_ flow: inout PackedFlow, _ record: borrowing FlowRecord) {
    guard record.handshake.isWhole, record.packets.client > 0, record.packets.server > 0 else {
      return nil
    }
    let last = Int(flow.count) &- 1
    first = flow.first
    fin = flow.mark(flow.segments[0].moment)
    answer = flow.mark(flow.segments[1].moment)
    otherFIN = flow.mark(flow.segments[last &- 1].moment)
    lastACK = flow.mark(flow.segments[last].moment)
    payloadLength = UInt32(flow.payloadLength)
    isCrossed = flow.first == .server ? flow.observation(at: 0).isCrossedByPayload : false
    vantage = Vantage()
    learnDelays(record.handshake)
  }
}

extension Reconstruction {
  /// Tells the close of a packed flow, of which `record` need not hold the evidence; false, with nothing
  /// told, if that takes all the rules.
  mutating func tellPlainClose(_ flow: inout PackedFlow) -> Bool {
    guard let close = PlainClose(&flow, record) else { return false }
    return tell(close, until: facts.until)
  }
}
