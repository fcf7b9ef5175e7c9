internal import PacketDecoding
internal import TCPTeardown

/// R2: who closed first.
extension Explanation {
  /// Why the record names this closer; of no closer, why nobody is named.
  var reasonForCloser: Reason {
    guard let closer = teardown.closedBy else {
      let by = teardown.reset.map { "; the \($0.by.name) sent a RST" } ?? ""
      return Reason("No FIN was captured\(by).")
    }
    guard let gap, isProvedBut(for: gap, closer) else { return reason(for: closer) }
    var observed = closer
    observed.grade = .observed
    return Reason("\(reason(for: observed).why) \(doubt(for: gap))", settledBy: Self.wholeCapture)
  }

  private func reason(for closer: Closer) -> Reason {
    switch closer.sides {
    case .client: return reason(closer, first: .client)
    case .server: return reason(closer, first: .server)
    case .both:
      return Reason(
        "Neither side had the other's FIN when it sent its own: "
          + "\(fin(of: .client)) and \(fin(of: .server)) do not acknowledge each other.")
    case .unknown: return unknownCloser
    }
  }

  private func reason(_ closer: Closer, first side: Side) -> Reason {
    let other = copies(ofFINOf: side.peer)
    guard closer.grade == .observed else { return inferred(closer, first: side) }
    let proof = closer.frames.array.compactMap(held).first {
      $0.side == side.peer && $0.flags.contains(.ack)
    }
    guard let own = other.first else {
      let acknowledged = proof.map { ", and frame \($0.frame) acknowledges it" } ?? ""
      return Reason(
        "\(fin(of: side).capitalizedFirst) is the only FIN of the capture\(acknowledged).")
    }
    guard let proof, !proof.isFIN else {
      return Reason(
        "The \(side.peer.name)'s own FIN (frame \(own.frame)) acknowledges \(fin(of: side)), so it "
          + "was sent after that had come.")
    }
    return Reason(
      "Frame \(proof.frame) acknowledges \(fin(of: side)), and the \(side.peer.name) sent it before "
        + "its own FIN (frame \(own.frame)).")
  }

  private func inferred(_ closer: Closer, first side: Side) -> Reason {
    let peer = side.peer.name
    if let seen = capturedSide { return byNumbers(closer, first: side, seen: seen) }
    if let crossed = copies(ofFINOf: side.peer).first {
      return Reason(
        "Neither side had the other's FIN when it sent its own, but \(fin(of: side)) was sent too long "
          + "before frame \(crossed.frame) to cross it: it must have been lost on its way.",
        settledBy: "a capture next to the \(peer), which shows whether that FIN came")
    }
    return Reason(
      "\(fin(of: side).capitalizedFirst) is the only FIN of the capture, but it met a RST: the "
        + "\(peer) had no socket any more, and may have closed before with FINs that were lost.",
      settledBy: "a capture next to the \(peer), which shows whether it had sent a FIN")
  }

  private var unknownCloser: Reason {
    guard let side = Side.allCases.first(where: { !copies(ofFINOf: $0).isEmpty }) else {
      return Reason("No FIN tells.", settledBy: "a capture that begins earlier")
    }
    let peer = side.peer.name
    if capturedSide != nil {
      return Reason(
        "Only what the \(side.name) sent was captured, and its acknowledgment numbers do not tell "
          + "whether the \(peer)'s FIN was sent before or after \(fin(of: side)) came.",
        settledBy: Self.bothDirections)
    }
    return Reason(
      "\(fin(of: side).capitalizedFirst) is the only one captured, but the capture begins in the "
        + "middle and the \(peer) sends no data: a FIN of the \(peer)'s may have come before.",
      settledBy: "a capture that begins before the connection")
  }
}
