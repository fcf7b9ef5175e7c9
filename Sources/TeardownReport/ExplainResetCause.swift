internal import PacketDecoding
internal import TCPTeardown

/// Why the RST of a flow was sent: the evidence behind its cause.
extension Explanation {
  func reason(for reset: ResetVerdict) -> Reason {
    Reason(evidence(for: reset), settledBy: reset.grade == .observed ? nil : settles(reset))
  }

  private func evidence(for reset: ResetVerdict) -> String {
    let sender = "the \(reset.by.name)"
    let peer = "the \(reset.by.peer.name)"
    let rst = segment(of: reset).map { "frame \($0.frame)" } ?? "the RST"
    let offender = offender(of: reset).map { "frame \($0)" } ?? "a segment of \(peer)'s"
    let data = segment(of: reset).flatMap(data).map { "frame \($0)" } ?? "a segment of \(peer)'s"
    if reset.cause == .peerGone, segment(of: reset)?.isOfNextIncarnation == true {
      return "\(offender) answers a new SYN with the numbers of this connection, and \(rst) in "
        + "return shows that \(sender) had no socket of it any more."
    }
    let noACK = "\(rst) bears no ACK, and just the number that \(offender) acknowledged"
    switch reset.cause {
    case .refused: return "\(rst) answers the SYN with RST and ACK, before any SYN-ACK."
    case .timeWaitRefusal:
      return "\(offender) answers the SYN with the numbers of an older connection, so that was "
        + "still there; \(rst) bears just the number it acknowledged."
    case .synGaveUp:
      return "\(rst) answers the SYN-ACK with the number behind the SYN and without ACK, as a host "
        + "does that no longer connects."
    case .keepAliveRace:
      return "\(fin(of: reset.by)) and the request (\(data)) crossed: neither acknowledges the "
        + "other. \(rst.capitalizedFirst) bears no ACK: it answers for a closed socket."
    case .readTimeout:
      return
        "The last payload before \(fin(of: reset.by)) was \(sender)'s own\(lastPayload(of: reset.by)); "
        + "the answer (\(data)) came when nobody read any more, and met \(rst)."
    case .timeWaitAssassination:
      return "\(offender) is TIME-WAIT's answer to something late; \(sender), closed by then, "
        + "answered that with \(rst), which bears exactly the number that \(peer) expects."
    case .orphanGone: return "\(noACK): \(sender) had no socket of the connection any more."
    case .dataAfterClose:
      let isSure = reset.grade == .observed
      return "\(noACK), and \(sender) had sent a FIN before: data met a socket that its program "
        + "had closed\(isSure ? "" : ", or that its host had dropped since")."
    case .keepAliveFailed:
      return
        "\(sender) sent \(probes(reset)), each with the number before the next that was due, got "
        + "no answer, and sent \(rst), with ACK."
    case .retransmissionTimeout:
      return "\(sender) repeated what was not acknowledged\(attempts(reset)), got no answer, and "
        + "sent \(rst), with ACK."
    case .peerGone:
      return "\(noACK), and \(sender) had sent no FIN: its host did not know the connection."
    case .abort: return abort(reset, rst)
    case .unknown: return "\(rst) answers no segment of the capture."
    }
  }

  private func abort(_ reset: ResetVerdict, _ rst: String) -> String {
    let peer = reset.by.peer
    let socket = "\(rst) bears an ACK, as the RST of a socket does that is still there"
    guard reset.values.word("likely") == "unread-data" else {
      return
        "\(socket). The last payload, if there was any, was the \(reset.by.name)'s own: nothing "
        + "shows that it left anything unread."
    }
    return "\(socket). The last payload before it came from the \(peer.name)"
      + "\(lastPayload(of: peer)) and was not answered, so it may not have been read."
  }

  private func settles(_ reset: ResetVerdict) -> String {
    let sender = reset.by.name
    let peer = reset.by.peer.name
    return switch reset.cause {
    case .keepAliveRace: "the idle limit (keep-alive timeout) in the \(sender)'s configuration"
    case .readTimeout: "the read timeout in the \(sender)'s configuration, or its log"
    case .timeWaitAssassination:
      "a later segment to the \(peer): a RST in answer shows that TIME-WAIT was over, an ACK that "
        + "it was still on"
    case .peerGone:
      "the time at which the \(sender)'s host started, or a capture next to it: a middlebox on the "
        + "path may have sent the RST"
    case .keepAliveFailed, .retransmissionTimeout:
      "ETIMEDOUT in the \(sender)'s program, or a capture next to the \(peer)"
    case .unknown: "a capture that begins earlier, next to the \(sender)"
    case .dataAfterClose: "the \(sender)'s sockets before that RST (ss -tan state fin-wait-2)"
    case .refused, .timeWaitRefusal, .synGaveUp, .orphanGone, .abort:
      "a capture next to the \(sender)"
    }
  }

  private func segment(of reset: ResetVerdict) -> Observation? {
    reset.frames.array.compactMap(held).last { $0.isReset && $0.side == reset.by }
  }

  /// What the verdict names as answered by the RST, or what the RST's number names.
  private func offender(of reset: ResetVerdict) -> Int? {
    guard let rst = segment(of: reset) else { return nil }
    return offender(of: rst)
  }

  private func lastPayload(of side: Side) -> String {
    let payload = record.closing.lastPayloads[side]
    return payload.isKnown ? " (frame \(payload.frame))" : ""
  }

  private func probes(_ reset: ResetVerdict) -> String {
    let count = reset.values.count("attempts") ?? 0
    let time = reset.values.duration("duration").map { " in \($0)" } ?? ""
    return count > 0 ? "\(Wording.count(count, "probe"))\(time)" : "probes"
  }

  private func attempts(_ reset: ResetVerdict) -> String {
    let count = reset.values.count("attempts").map { " \(Wording.times($0))" } ?? ""
    let time = reset.values.duration("duration").map { " in \($0)" } ?? ""
    return count + time
  }
}
