internal import PacketDecoding
internal import TCPTeardown

/// Why a finding was made.
extension Explanation {
  func reason(for finding: Finding) -> Reason {
    Reason(evidence(for: finding), settledBy: finding.grade == .observed ? nil : settles(finding))
  }

  private func evidence(for finding: Finding) -> String {
    let who = finding.side.map { "the \($0.name)" } ?? "one side"
    let peer = finding.side.map { "the \($0.peer.name)" } ?? "the other side"
    let frames = finding.frames.array
    let first = frames.first.map { "frame \($0)" } ?? "a frame"
    let last = frames.last.map { "frame \($0)" } ?? "a frame"
    switch finding.code {
    case .closeWaitLeak: return closeWait(of: finding.side ?? .server)
    case .finWait2Orphan: return "\(peer)'s ACK of the FIN came, and no FIN of its own."
    case .halfClose:
      return
        "\(first) is data that \(peer) sent after it had \(who)'s FIN, and \(last) acknowledges "
        + "it: a closed socket would have answered with a RST."
    case .finRetransmitted:
      let more = finding.count + 1 - frames.count
      let others = more > 0 ? ", and \(Wording.grouped(more)) more," : ""
      return
        "\(frames.asFrames ?? first)\(others) bear the same FIN; copies with the same IP-ID and "
        + "timestamp are the network's and do not count."
    case .lastAckLost:
      return "\(first) acknowledges \(peer)'s FIN, yet \(peer) sent that again when the ACK should "
        + "have come."
    case .timeWaitRestarted: return restart(of: finding.side)
    case .timeWaitSkipped:
      return
        "\(first) came right after the last ACK and met a RST (\(last)): a kernel with too many "
        + "sockets in TIME-WAIT sends that ACK and keeps no socket."
    case .timeWaitReuse: return reuse(finding, first, last)
    case .connectTimeout:
      return
        "\(frames.asFrames ?? first) show the first SYN and the last; another was due, and did not "
        + "come."
    case .readTimeout:
      let request = finding.side.map { record.closing.lastPayloads[$0] }
      let named = request.flatMap { $0.isKnown ? " (frame \($0.frame))" : nil } ?? ""
      return
        "The last payload before \(who)'s FIN (\(first)) was \(who)'s own\(named): its request "
        + "had no answer."
    case .idleTimeout:
      return "Nothing was outstanding, and nothing was sent before the FIN (\(first))."
    case .keepAliveRace: return "The FIN and the request crossed: neither acknowledges the other."
    case .gaveUp: return "After \(last) the next repeat was due, and did not come."
    case .resetIgnored: return ignoredReset(finding, first)
    case .resetSuspect: return suspectReset(finding, first)
    case .icmpUnreachable: return "\(first) quotes a segment of this connection."
    case .mtuBlackHole:
      return "An ICMP error asked for smaller segments, and large ones were repeated."
    case .synFloodLike: return "Most SYNs were answered, and few of the answers acknowledged."
    case .portExhaustionRisk: return "The ports in use and in TIME-WAIT come near the range's size."
    case .superseded:
      return "A SYN with another sequence number came for the same addresses and ports."
    case .midstream:
      return "The first frame (frame \(record.firstFrame)) is neither SYN nor SYN-ACK."
    case .oneSided: return "All frames of this connection were sent by \(peer)."
    case .gap: return "\(first) acknowledges what no frame shows."
    case .duplicateFrames:
      return "Frames with the same numbers, IP-ID and length within 5 ms are one segment."
    case .reordered: return "\(first) was sent before a frame that stands in front of it."
    case .truncated: return "The snap length cut them."
    case .clockStep: return "The stamps after it do not go on from there."
    case .evidenceOverflow: return "A flow keeps 32 segments as evidence, its first FINs always."
    }
  }

  private func closeWait(of side: Side) -> String {
    let wait = teardown.states[side].first { $0.state == .closeWait }
    let began = wait.map { " (\($0.rule) below)" } ?? ""
    let entered = "The \(side.name) had the \(side.peer.name)'s FIN\(began)"
    guard let wait, let left = wait.leftAt else {
      return "\(entered), and has sent no FIN up to the end of the capture."
    }
    let next = teardown.states[side].first { $0.enteredAt >= left && $0.state != .closeWait }
    let end = next?.state == .lastAck ? "sent its own" : "left CLOSE-WAIT"
    return "\(entered), and \(end) only at \(relative(left))."
  }

  private func restart(of side: Side?) -> String {
    guard let side, let wait = teardown.timeWait(of: side) else {
      return "Segments came while TIME-WAIT was on."
    }
    let frames = lateSegments(in: wait).map(\.frame).asFrames
    return "\(frames ?? "a segment") came while TIME-WAIT was on, which "
      + "begins anew with each segment that bears an ACK."
  }

  private func reuse(_ finding: Finding, _ first: String, _ last: String) -> String {
    switch finding.values.word("verdict") {
    case "recycled":
      "\(last) begins with a sequence number 65537 above the old connection's last: Linux does so "
        + "only out of a TIME-WAIT that is on."
    case "accepted by ISN":
      "\(first) is a SYN with a higher number than the old connection's last, and \(last) accepts it."
    case "accepted by timestamp":
      "\(first) is a SYN with a lower number, which only a newer timestamp lets pass; \(last) accepts it."
    case "refused":
      "\(first) is the new SYN, and the first answer bears old numbers: the old connection was still "
        + "there."
    case "reused": "\(first) is a SYN of the side that held TIME-WAIT itself."
    default: "\(first) is the new SYN, and no answer to it was captured."
    }
  }

  private func ignoredReset(_ finding: Finding, _ rst: String) -> String {
    let receiver = finding.side.map { "the \($0.name)" } ?? "the receiver"
    return finding.values.word("reason") == nil
      ? "\(rst) bears a number that \(receiver) does not expect, so it ends nothing (RFC 5961)."
      : "\(receiver.capitalizedFirst) sent data, a FIN or a RST of its own when \(rst) should long "
        + "have come."
  }

  private func suspectReset(_ finding: Finding, _ rst: String) -> String {
    let sender = finding.side.map { "the \($0.name)" } ?? "its sender"
    return
      "\(sender.capitalizedFirst) went on sending after \(rst), as no host does that has reset "
      + "its connection."
  }

  private func settles(_ finding: Finding) -> String {
    let who = finding.side?.name ?? "client"
    let peer = finding.side?.peer.name ?? "server"
    return switch finding.code {
    case .lastAckLost: "a capture next to the \(peer), which shows whether the ACK came"
    case .timeWaitRestarted:
      "the timer that the \(who)'s host shows for it (ss -tano state time-wait)"
    case .connectTimeout:
      "the error of connect(): ETIMEDOUT means the kernel's limit, any other the program's"
    case .readTimeout: "the read timeout in the \(who)'s configuration, or its log"
    case .gaveUp:
      "the \(who)'s sockets at that time (ss -tan), for a host that gives up sends nothing"
    case .resetIgnored: "what comes later: data that goes on shows that the connection lives"
    case .resetSuspect: "the TTL and IP-ID of the RST, held against the \(who)'s other frames"
    case .closeWaitLeak: "a capture next to the \(who), which shows when the FIN came"
    default: "a capture next to the \(who)"
    }
  }
}
