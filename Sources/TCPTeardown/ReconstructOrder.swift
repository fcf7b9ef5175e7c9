internal import PacketDecoding

/// Which side's FIN was sent first, by proof.
enum CloseOrder: Equatable {
  /// No FIN was seen.
  case none
  /// Only that side sent one.
  case only(Side)
  /// That side's FIN was first: its peer had it before it sent its own.
  case first(Side)
  /// Neither had the other's.
  case crossed
  /// Neither had the other's, but that side sent its own more than a round trip earlier.
  case crossedAfterLoss(first: Side)

  /// Whether neither side had the other's FIN when it sent its own.
  var isCrossed: Bool {
    switch self {
    case .crossed, .crossedAfterLoss: true
    case .none, .only, .first: false
    }
  }
}

/// R2 and R25: who closed first.
extension Reconstruction {
  mutating func findOrder() {
    if let silentSide {
      otherFINShown = nil
      order = orderByNumbers(of: silentSide.peer)
      return
    }
    otherFINShown = hadOtherFIN(.server)
    if otherFINShown != nil {
      order = .first(.client)
      return
    }
    otherFINShown = hadOtherFIN(.client)
    order = otherFINShown != nil ? .first(.server) : orderWithoutProof
  }

  /// Which FIN was sent first where neither side shows that it had the other's.
  private var orderWithoutProof: CloseOrder {
    switch (fin.client != nil, fin.server != nil) {
    case (false, false): return .none
    case (true, false): return .only(.client)
    case (false, true): return .only(.server)
    case (true, true): break
    }
    guard let client = finSent(by: .client), let server = finSent(by: .server),
      abs(client - server) > longestCrossing
    else { return .crossed }
    return .crossedAfterLoss(first: client < server ? .client : .server)
  }

  /// FINs that cross are sent at most a round trip apart.
  ///
  /// Where that is unknown, no path takes longer than the time-out of a host that has not measured
  /// it either, with all that may delay an answer (RFC 6298 §2).
  private var longestCrossing: Int64 {
    vantage.isKnown.client && vantage.isKnown.server
      ? vantage.jitter : 3 * .nanosecondsPerSecond
  }

  /// The segment that shows that `side` had its peer's FIN before it sent its own.
  ///
  /// That is its first FIN, or an earlier segment. A bare ACK in front of the FIN's number was sent
  /// before it, wherever it stands in the file.
  private func hadOtherFIN(_ side: Side) -> Int? {
    guard let number = fin[side], let first = firstCopy(ofFINOf: side) else { return nil }
    let behind = segmentBehindFIN(of: side)
    for place in kinds.covers[side.peer] - kinds.resets {
      if evidence[place].payloadLength == 0, !evidence[place].isFIN {
        if evidence[place].sequenceNumber == number { return place }
        continue
      }
      // A repeat carries what was known when it was repeated, not when the FIN was first sent.
      if place == first, behind == nil { return place }
      if place < first, place < behind ?? first, evidence[place].end - number <= 0 { return place }
    }
    return nil
  }

  /// The closer as the record gives it.
  func closer() -> Closer? {
    if oneDirection != nil { return closerByNumbers() }
    func frames(_ first: Int?, _ second: Int? = nil) -> Frames {
      Frames(first.map { evidence[$0].frame } ?? 0, second.map { evidence[$0].frame } ?? 0)
    }
    let copies = PerSide(
      client: firstCopy(ofFINOf: .client), server: firstCopy(ofFINOf: .server))
    switch order {
    case .none: return nil
    case .only(let side):
      if peerMayHaveClosedBefore(side) {
        return Closer(sides: .unknown, grade: .unknown, frames: frames(copies[side]))
      }
      return Closer(
        sides: Closer.Sides(side), grade: meetsNoSocket(finOf: side) ? .inferred : .observed,
        frames: frames(copies[side], firstCover(ofFINOf: side)))
    case .first(let side):
      return Closer(
        sides: Closer.Sides(side), grade: .observed,
        frames: frames(copies[side], otherFINShown))
    case .crossed:
      return Closer(sides: .both, grade: .observed, frames: frames(copies.client, copies.server))
    case .crossedAfterLoss(let first):
      return Closer(
        sides: Closer.Sides(first), grade: .inferred, frames: frames(copies[first]))
    }
  }

  /// A RST without ACK is the first answer to the FIN of `side`: its peer's socket was gone.
  ///
  /// Whether the peer had closed, with a FIN lost before the capture, or crashed, nothing tells.
  private func meetsNoSocket(finOf side: Side) -> Bool {
    guard firstCover(ofFINOf: side) == nil, let first = firstCopy(ofFINOf: side),
      let answer = (kinds.by[side.peer] - kinds.ofNext).after(first).first
    else { return false }
    return (kinds.resets - kinds.acks).contains(answer)
      && evidence[answer].sequenceNumber == evidence[first].acknowledgmentNumber
  }

  /// The capture starts mid-flow and the peer of `side` never sends data: its FIN may be earlier.
  private func peerMayHaveClosedBefore(_ side: Side) -> Bool {
    facts.isMidstream && facts.payloadOctets[side.peer] == 0
  }
}

extension Closer.Sides {
  init(_ side: Side) { self = side == .client ? .client : .server }
}
