/// How a flow stood when its first FIN or RST came.
package struct ClosingContext: Equatable, Sendable {
  package var isKnown = false
  /// The last payload of either side before it; `Mark.none` where there was none.
  package var lastPayloads = PerSide(both: Mark.none)
  /// Payload octets either side had sent until then.
  package var payloadOctets = PerSide(both: UInt64(0))

  package init() {}

  /// Whether any payload was captured before the end began.
  package var hasPayload: Bool { payloadOctets.client + payloadOctets.server > 0 }

  /// Whose payload was the last.
  package var lastPayloadSide: Side {
    lastPayloads.server.frame > lastPayloads.client.frame ? .server : .client
  }

  /// When that was, in nanoseconds since the Unix epoch.
  package var lastPayloadTime: Int64 { lastPayloads[lastPayloadSide].time }

  mutating func swapSides() {
    lastPayloads = lastPayloads.swapped
    payloadOctets = payloadOctets.swapped
  }
}
