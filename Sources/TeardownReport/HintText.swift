internal import PacketDecoding
internal import TCPTeardown

/// What the payload said about the close, in plain words.
extension Teardown {
  /// One sentence without its full stop; nil where the payload said nothing.
  var hintText: String? {
    if hints.isTLS { return tlsText }
    var told: [String] = []
    for side in Side.allCases where hints.announcesClose(by: side) {
      let kinds = hints.kinds[side]
      told.append(
        kinds.contains(.connectionClose)
          ? "the \(side.name) said Connection: close"
          : "the \(side.name) spoke HTTP/1.0, which closes after each response")
    }
    for side in Side.allCases where hints.keepAliveSeconds[side] > 0 {
      told.append("the \(side.name) said Keep-Alive: timeout=\(hints.keepAliveSeconds[side])")
    }
    return told.isEmpty ? nil : told.joined(separator: "; ")
  }

  private var tlsText: String? {
    let closers = Side.allCases.filter { side in
      states[side].contains { $0.state == .finWait1 || $0.state == .lastAck }
    }
    guard !closers.isEmpty else { return nil }
    // TLS 1.3 hides the type of an alert; its size, just before a FIN, gives it away.
    let notified = closers.filter { hints.notifiedClose($0) }
    if notified.count == closers.count {
      return "TLS: \(Self.names(closers)) sent an alert, most likely close_notify, before the FIN"
    }
    if notified.isEmpty { return "TLS: \(Self.names(closers)) sent no close_notify before the FIN" }
    return "TLS: the \(notified[0].name) sent an alert, most likely close_notify, before its FIN; "
      + "the \(notified[0].peer.name) sent none"
  }

  private static func names(_ sides: [Side]) -> String {
    sides.count == 2 ? "both sides" : "the \(sides[0].name)"
  }
}
