internal import PacketDecoding
internal import TCPTeardown

/// R28: what the numbers of one side tell of the other, of which nothing was captured.
extension Explanation {
  static let bothDirections = "a capture where both directions pass"

  /// The only side of which anything was captured; nil where both were.
  var capturedSide: Side? {
    if record.packets.client == 0 { return .server }
    return record.packets.server == 0 ? .client : nil
  }

  /// Why a closer follows from the numbers of the side that was captured.
  func byNumbers(_ closer: Closer, first side: Side, seen: Side) -> Reason {
    let last = closer.frames.array.last ?? 0
    let only = "Only what the \(seen.name) sent was captured."
    if side == seen {
      return Reason(
        "\(only) Behind \(fin(of: seen)) its acknowledgment numbers still grow (frame \(last)), and "
          + "no sooner than an answer to that FIN can have come: the \(seen.peer.name)'s own FIN "
          + "came later.",
        settledBy: Self.bothDirections)
    }
    let before = copies(ofFINOf: seen).isEmpty ? "" : ", by its own FIN at the latest"
    return Reason(
      "\(only) Its acknowledgment numbers end with a step of just one (frame \(last))\(before): "
        + "that is the \(seen.peer.name)'s FIN, or an octet of data, the last there was.",
      settledBy: Self.bothDirections)
  }

  /// Why a side moved, where one direction is all there is.
  func oneDirection(_ move: Move) -> Reason {
    guard let seen = capturedSide else { return Reason("Rule R28 of docs/inference.md says so.") }
    return Reason(
      move.side == seen ? sentenceOfSeen(move) : sentenceOfSilent(move),
      settledBy: Self.bothDirections)
  }

  private func sentenceOfSeen(_ move: Move) -> String {
    let (side, peer, frame) = (move.side.name, move.side.peer.name, move.to.frames[0])
    switch move.to.state {
    case .closeWait:
      return "Frame \(frame) acknowledges one more than what came before it, and nothing ever "
        + "follows: that is the \(peer)'s FIN, which was not captured. Now the \(side)'s program "
        + "has to close."
    case .finWait2 where held(frame)?.isReset == true:
      return
        "The \(side) did not repeat its FIN, and the number of its RST (frame \(frame)) is the "
        + "one behind it: the FIN had been acknowledged, by what was not captured."
    case .finWait2:
      return "The \(peer)'s FIN, which frame \(frame) acknowledges, came no sooner than an answer "
        + "to the \(side)'s: that was acknowledged by then."
    case .timeWait:
      return "Frame \(frame) acknowledges one more than the \(side)'s FIN did: the \(peer)'s FIN, "
        + "which was not captured, had come."
    case .closed:
      return "The \(side) did not send its FIN (frame \(frame)) again where that was due: it was "
        + "answered, by what was not captured."
    case .synReceived:
      return "The \(side) sent a SYN-ACK (frame \(frame)) behind its SYN: a SYN of the \(peer)'s, "
        + "which was not captured, had come. Both sides opened at once."
    default:
      return
        "Frame \(frame) is no SYN-ACK any more: the \(peer)'s ACK, which was not captured, had "
        + "come."
    }
  }

  private func sentenceOfSilent(_ move: Move) -> String {
    let (side, peer, frame) = (move.side.name, move.side.peer.name, move.to.frames[0])
    let unsure =
      move.to.grade == .unknown ? " Whether it was a RST that ended it instead, is unknown." : ""
    switch move.to.state {
    case .closeWait:
      return "Nothing of the \(side)'s was captured. Its FIN, which frame \(frame) acknowledges, "
        + "came no sooner than an answer to the \(peer)'s: that had reached it in between."
    case .lastAck:
      return "Its own FIN was not captured; frame \(frame) acknowledges it."
    case .finWait1:
      return
        "Nothing of the \(side)'s was captured; frame \(frame) acknowledges its FIN, which had "
        + "been sent by then."
    case .finWait2:
      return "The ACK of its FIN (frame \(frame)) should have reached the \(side) here.\(unsure)"
    case .timeWait:
      return "The \(peer) did not repeat its own FIN (frame \(frame)), so that had come.\(unsure)"
    case .closed:
      return "The ACK of its FIN (frame \(frame)) should have reached the \(side) here."
        + (move.to.grade == .unknown
          ? " It was sent again, as if it had been lost: which one came is unknown." : "")
    case .synSent:
      return "Its SYN was not captured; frame \(frame) answers one."
    case .synReceived:
      return
        "The \(peer)'s SYN had reached it by the time that the \(peer) sent frame \(frame), or "
        + "soon after: both sides opened at once."
    default:
      return "The \(peer) went on with frame \(frame), so the handshake was done."
    }
  }
}
