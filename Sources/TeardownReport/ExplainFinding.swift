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
    return switch finding.code {
    case .closeWaitLeak: closeWait(of: finding.side ?? .server)
    case .finWait2Orphan: orphan(finding, last)
    case .halfClose:
      "\(first) is data that \(peer) sent after it had \(who)'s FIN, and \(last) acknowledges it: a "
        + "closed socket would have answered with a RST."
    case .finRetransmitted:
      "\(frames.asFrames(of: finding.count + 1) ?? first) bear the same FIN; copies with the same "
        + "IP-ID and timestamp are the network's and do not count."
    case .lastAckLost:
      "\(first) acknowledges \(peer)'s FIN, yet \(peer) sent that again when the ACK should have come."
    case .timeWaitRestarted:
      "TIME-WAIT begins anew with each segment that bears an ACK and is no RST (R9, above)."
    case .timeWaitSkipped:
      "\(first) came right after the last ACK and met a RST (\(last)): a kernel with too many "
        + "sockets in TIME-WAIT sends that ACK and keeps no socket."
    case .timeWaitReuse: reuse(finding, first, last)
    case .connectTimeout: connectTimeout(finding)
    case .readTimeout:
      "\(who)'s request (\(first)) was the last payload before its FIN (\(last)): no answer came."
    case .idleTimeout:
      "No request was outstanding when \(who) sent its FIN (\(last)), and the pause before it fits a "
        + "limit that programs come with."
    case .keepAliveRace: "The FIN and the request crossed: neither acknowledges the other."
    case .gaveUp: "\(last) is the last copy; another was due, and did not come."
    case .resetIgnored: ignoredReset(finding)
    case .resetSuspect: suspectReset(finding, first)
    case .icmpUnreachable: "\(first) quotes a segment of this connection."
    case .mtuBlackHole:
      "\(first) asks for smaller segments, and up to \(last) \(who) repeated one of "
        + "\(Wording.count(finding.values.count("octets") ?? 0, "octet")) all the same."
    case .synFloodLike: "Most SYNs were answered, and few of the answers acknowledged."
    case .portExhaustionRisk: "The ports in use and in TIME-WAIT come near the size of the range."
    case .superseded: "A SYN with another sequence number came for the same addresses and ports."
    case .midstream: "The first frame (frame \(record.firstFrame)) is neither SYN nor SYN-ACK."
    case .oneSided: "All frames of this connection were sent by \(peer)."
    case .gap: "\(first) acknowledges what no frame shows."
    case .duplicateFrames:
      "\(first) shows a segment that another frame showed: the same numbers, IP-ID and length within "
        + "5 ms are one segment."
    case .reordered: "\(first) was sent before a frame that stands in front of it."
    case .truncated: "The snap length cut them."
    case .clockStep: "The stamps after it do not go on from there."
    case .evidenceOverflow:
      "A flow keeps 32 segments as evidence; its first FINs are always among them."
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

  private func orphan(_ finding: Finding, _ last: String) -> String {
    let who = finding.side.map { "the \($0.name)" } ?? "one side"
    guard finding.grade != .observed else {
      return "The RST (\(last)) shows that \(who)'s program had closed its socket."
    }
    return "No FIN of the other side came within the \(Wording.duration(profile.finWait2)) "
      + "(\(profile.name)) that a host gives a closed socket."
  }

  private func connectTimeout(_ finding: Finding) -> String {
    let frames = finding.frames.array
    let sent =
      frames.count > 1
      ? "The first SYN is frame \(frames[0]), the last frame \(frames[1])" : "One SYN was sent"
    if finding.grade == .observed {
      return "\(sent); the RST in answer to the SYN-ACK shows that the client had given up."
    }
    return finding.values.word("schedule") == "kernel"
      ? "\(sent): as many as the kernel ever sends."
      : "\(sent); the kernel would have sent another, so the program gave up before it did."
  }

  private func reuse(_ finding: Finding, _ first: String, _ last: String) -> String {
    switch finding.values.word("verdict") {
    case "recycled":
      "\(last) begins with a sequence number 65537 above the old connection's last: Linux does so "
        + "only out of a TIME-WAIT that is on."
    case "accepted by ISN":
      "\(first) is a SYN with a higher number than the old connection's last, and \(last) accepts it."
    case "accepted by timestamp":
      "\(first) is a SYN with a lower number, which only a newer timestamp lets pass; \(last) "
        + "accepts it."
    case "refused":
      "\(first) is the new SYN, and its first answer bears old numbers: the old connection was still "
        + "there."
    case "reused": "\(first) is a SYN of the side that held TIME-WAIT itself."
    default:
      finding.frames.count > 1
        ? "\(first) is the new SYN. Its answers bore old numbers again and again, until \(last)."
        : "\(first) is the new SYN, and no SYN-ACK to it was captured."
    }
  }

  private func suspectReset(_ finding: Finding, _ rst: String) -> String {
    let who = finding.side.map { "the \($0.name)" } ?? "its sender"
    guard let ttl = finding.values.count("ttl"), let usual = finding.values.count("usualTTL") else {
      return "\(who) went on sending after \(rst), as no host does that has sent a RST."
    }
    return
      "\(rst) came with a TTL of \(ttl), where \(who)'s first segment had \(usual): it came from "
      + "elsewhere, or another way."
  }

  private func ignoredReset(_ finding: Finding) -> String {
    let receiver = finding.side.map { "the \($0.name)" } ?? "the receiver"
    let frames = finding.frames.array.asFrames(of: finding.count) ?? "the RST"
    let (bears, ends) = finding.count > 1 ? ("bear", "end") : ("bears", "ends")
    return finding.grade == .observed
      ? "\(receiver.capitalizedFirst) sent data, a FIN or a RST of its own when \(frames) should long "
        + "have come."
      : "\(frames) \(bears) a number that \(receiver) does not expect, and so \(ends) nothing (RFC 5961)."
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
    case .idleTimeout, .keepAliveRace: "the idle limit in the \(who)'s configuration"
    case .finWait2Orphan:
      "a later segment to the \(who): a RST in answer shows that its socket is gone, an ACK that it "
        + "still waits"
    case .gaveUp:
      "the \(who)'s sockets at that time (ss -tan), for a host that gives up sends nothing"
    case .resetIgnored: "what comes later: data that goes on shows that the connection lives"
    case .resetSuspect: "a capture next to the \(who), which shows whether it sent that RST"
    case .mtuBlackHole: "the route's MTU at the \(who)'s host (ip route get), before and after"
    case .closeWaitLeak: "a capture next to the \(who), which shows when the FIN came"
    default: "a capture next to the \(who)"
    }
  }
}
