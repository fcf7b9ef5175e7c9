internal import PacketDecoding
internal import TCPTeardown

/// What the payload said about the close, as far as it was in clear text.
extension Explanation {
  /// Nil where it is neither HTTP/1.x nor TLS, or says nothing.
  var payloadText: String? {
    let hints = teardown.hints
    var said = Side.allCases.flatMap { side in
      [announcedClose(by: side), announcedLimit(of: side)].compactMap { $0 }
    }
    if hints.isTLS { said += Side.allCases.compactMap(endOfTLS) }
    guard !said.isEmpty else { return nil }
    return (hints.isTLS ? "TLS: " : "HTTP: ") + said.joined(separator: "; ")
  }

  private func announcedClose(by side: Side) -> String? {
    guard teardown.hints.announcesClose(by: side) else { return nil }
    return teardown.hints.kinds[side].contains(.connectionClose)
      ? "the \(side.name) announced 'Connection: close'"
      : "the \(side.name) speaks HTTP/1.0, where a connection ends with the response"
  }

  private func announcedLimit(of side: Side) -> String? {
    let seconds = teardown.hints.keepAliveSeconds[side]
    return seconds > 0 ? "the \(side.name) announced 'Keep-Alive: timeout=\(seconds)'" : nil
  }

  private func endOfTLS(of side: Side) -> String? {
    guard !copies(ofFINOf: side).isEmpty else { return nil }
    return teardown.hints.notifiedClose(side)
      ? "the \(side.name) sent close_notify (frame \(teardown.hints.alerts[side].frame)) before its FIN"
      : "the \(side.name) sent its FIN without close_notify"
  }
}
