internal import TCPTeardown

/// What the capture does not hold, what that leaves open, and what to do about it.
extension Explanation {
  var lacks: [Reason] {
    lackOfSide + lackOfBeginning
      + Side.allCases.compactMap { lackOfACK(of: $0) ?? lackOfFIN(of: $0) }
      + lackOfEnd
  }

  /// The side of which nothing was captured though the other was answered.
  private var silentSide: Side? {
    guard ![.unanswered, .unreachable].contains(teardown.outcome) else { return nil }
    return Side.allCases.first { record.packets[$0] == 0 }
  }

  private var lackOfSide: [Reason] {
    silentSide.map {
      [
        Reason(
          "It has nothing that the \($0.name) sent.",
          settledBy: "capture where both directions pass")
      ]
    } ?? []
  }

  private var lackOfBeginning: [Reason] {
    var lacks: [Reason] = []
    if !record.seen.contains(.syn), silentSide != .client {
      let roles =
        record.rolesAreObserved ? "" : " Which side is the client is a guess from the port numbers."
      lacks.append(
        Reason(
          "It has no SYN of the client's.\(roles)",
          settledBy: "begin the capture before the connection does"))
    }
    if record.seen.contains(.syn), !record.seen.contains(.synAck), silentSide != .server,
      teardown.reset?.cause != .refused
    {
      lacks.append(
        Reason(
          "It has no SYN-ACK: either none was sent, or none came as far as the capture.",
          settledBy: "capture next to the server as well"))
    }
    return lacks
  }

  /// The ACK of a FIN whose sender still waits for it.
  private func lackOfACK(of side: Side) -> Reason? {
    guard let last = teardown.states[side].last, silentSide == nil,
      [.finWait1, .closing, .lastAck].contains(last.state)
    else { return nil }
    let peer = side.peer.name
    guard isAcknowledged(finOf: side) else {
      return Reason(
        "It has no ACK of the \(side.name)'s FIN: the \(peer) did not send one, or it was lost "
          + "before the capture.",
        settledBy: "capture next to the \(peer) as well")
    }
    return Reason(
      "It does not tell whether an ACK of the \(side.name)'s FIN came: the FIN was repeated after it.",
      settledBy: vantage.isNear(side)
        ? "capture for longer" : "capture next to the \(side.name) as well")
  }

  /// The FIN of `side` that the other waits for in FIN-WAIT-2.
  private func lackOfFIN(of side: Side) -> Reason? {
    guard copies(ofFINOf: side).isEmpty, teardown.states[side.peer].last?.state == .finWait2 else {
      return nil
    }
    let peer = side.peer.name
    let limit = Wording.duration(profile.finWait2)
    return Reason(
      "It has no FIN of the \(side.name)'s. Whether the \(peer) still waits for one is unknown: if "
        + "its program closed the socket, its host drops it after \(limit) (\(profile.name)).",
      settledBy: "capture for longer: an ACK in answer to a later segment means that the \(peer) "
        + "still waits, a RST that its socket is gone")
  }

  private var lackOfEnd: [Reason] {
    guard record.written == .captureEnd else { return [] }
    let open = Side.allCases.compactMap { side -> String? in
      guard let last = teardown.states[side].last, last.state != .closed else { return nil }
      return "the \(side.name) in \(last.state.rawValue)"
    }
    guard !open.isEmpty else { return [] }
    let rest = until.saturatingSubtracting(record.end)
    return [
      Reason(
        "It ends \(rest > 0 ? "\(Wording.duration(rest)) after" : "with") this connection's last "
          + "frame, and leaves \(open.listed).",
        settledBy: "capture until 2 minutes after the last segment")
    ]
  }
}
