/// How a flow stood when its first FIN or RST came.
package struct ClosingContext: Equatable, Sendable {
  package var isKnown = false
  /// The last payload of either side before it; `Mark.none` where there was none.
  package var lastPayloads = PerSide(both: Mark.none)
  /// Payload octets either side had sent until then.
  package var payloadOctets = PerSide(both: UInt64(0))

  package init() {}

  /// Whether any payload was captured before the end began.
  package var hasPayload: Bool { payloadOctets.client > 0 || payloadOctets.server > 0 }

  /// Whose payload was the last; nil where there was none.
  package var lastSpeaker: Side? {
    guard hasPayload else { return nil }
    guard lastPayloads.client.isKnown else { return .server }
    guard lastPayloads.server.isKnown else { return .client }
    return lastPayloads.client.time > lastPayloads.server.time ? .client : .server
  }

  /// For how long nothing had been said by `time`, with the handshake done at `opening`: in
  /// nanoseconds from the server's last payload, or the handshake; 0 where a request was outstanding
  /// that is not known to have crossed what came at `time`.
  @inline(__always)
  func idleTime(until time: Int64, since opening: Int64, isCrossed: Bool) -> Int64 {
    let (answer, request) = (lastPayloads.server, lastPayloads.client)
    if request.isKnown, !isCrossed, !answer.isKnown || request.time > answer.time { return 0 }
    return max(0, time - (answer.isKnown ? answer.time : opening))
  }

  mutating func swapSides() {
    lastPayloads = lastPayloads.swapped
    payloadOctets = payloadOctets.swapped
  }
}
