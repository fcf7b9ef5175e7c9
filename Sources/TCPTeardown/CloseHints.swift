package import PacketDecoding

/// What the payload of a flow said about its close: HTTP/1.x in clear text, or TLS.
package struct CloseHints: Equatable, Sendable {
  /// What either side's payload showed, but for TLS alerts.
  package var kinds = PerSide(both: PayloadHint.Kinds())
  /// Of the last `Keep-Alive: timeout=` of either side, in seconds; 0 without one.
  package var keepAliveSeconds = PerSide(both: UInt16(0))
  /// The last TLS alert of either side.
  package var alerts = PerSide(both: Mark.none)
  /// The last payload of either side, at the end of the flow.
  package var lastPayloads = PerSide(both: Mark.none)

  package init() {}

  /// What the payload of `flow` said, if it has no annex.
  @inline(__always)
  init(_ flow: borrowing some FlowAccount) {
    kinds = flow.hints
    lastPayloads = flow.lastPayloads
  }

  /// Adds what the flow's annex tells.
  @inline(__always)
  mutating func add(_ annex: borrowing FlowAnnex) {
    alerts = annex.alerts
    keepAliveSeconds = annex.keepAliveSeconds
  }

  /// Whether TLS was spoken.
  package var isTLS: Bool { kinds.client.contains(.tls) || kinds.server.contains(.tls) }

  /// Whether `side` ended its TLS stream as it should: with an alert, close_notify, behind which it
  /// sent nothing (RFC 8446 §6.1).
  package func notifiedClose(_ side: Side) -> Bool {
    alerts[side].isKnown && alerts[side].frame >= lastPayloads[side].frame
  }

  /// Whether HTTP had it that the connection ends with the response.
  package func announcesClose(by side: Side) -> Bool {
    let own = kinds[side]
    return own.contains(.connectionClose)
      || (own.contains(.http10) && !own.contains(.connectionKeepAlive))
  }
}
