internal import TCPTeardown

/// Where the capture was taken, by the round trips that the flow shows.
extension Explanation {
  var vantageText: String {
    switch (trip(to: .client), trip(to: .server)) {
    case (let client?, let server?):
      switch (vantage.isNear(.client), vantage.isNear(.server)) {
      case (true, true):
        "close to both sides: \(Wording.duration(vantage.roundTrip)) from one to the other and back"
      case (true, false): "next to the client; \(server) to the server and back"
      case (false, true): "next to the server; \(client) to the client and back"
      case (false, false):
        "between the sides: \(client) to the client and back, \(server) to the server and back"
      }
    case (let client?, nil): oneWayText(to: .client, client)
    case (nil, let server?): oneWayText(to: .server, server)
    case (nil, nil): "not known: no question and its answer tell how far either side is"
    }
  }

  private func oneWayText(to side: Side, _ trip: String) -> String {
    let place =
      vantage.isNear(side) ? "next to the \(side.name)" : "\(trip) to the \(side.name) and back"
    return "\(place); the way to the \(side.peer.name) is not known"
  }

  /// The way to `side` and back; an upper bound where only the close tells of it, for a side may
  /// take its time to acknowledge a FIN.
  private func trip(to side: Side) -> String? {
    guard vantage.isKnown[side] else { return nil }
    let trip = Wording.duration(2 * vantage.delay[side])
    return isMeasured(side) ? trip : "at most \(trip)"
  }

  /// Whether the handshake tells how far `side` is.
  private func isMeasured(_ side: Side) -> Bool {
    let handshake = record.handshake
    return handshake.synAck.isKnown
      && (side == .server ? handshake.syn.isKnown : handshake.ack.isKnown)
  }

  /// Why something that `side` sent may not have come to the capture.
  func distance(from side: Side) -> String {
    isMeasured(side)
      ? "The capture is not next to the \(side.name)"
      : "Nothing shows that the capture is next to the \(side.name)"
  }

  /// A look from nearer by, which would show `what`.
  func closerLook(at side: Side, _ what: String) -> String {
    vantage.isNear(side)
      ? "a trace of the \(side.name)'s sockets (tracepoint sock:inet_sock_set_state)"
      : "a capture next to the \(side.name), which shows \(what)"
  }
}
