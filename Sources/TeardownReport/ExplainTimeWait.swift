internal import PacketDecoding
internal import TCPTeardown

/// R9, R11, R17 and R19: how TIME-WAIT ends.
extension Explanation {
  func resetInTimeWait(_ move: Move) -> Reason {
    let side = move.side.name
    let frame = move.to.frames[0]
    return Reason(
      "The \(move.side.peer.name)'s RST (frame \(frame)) bears exactly the number that the \(side) "
        + "expects. Linux lets it end TIME-WAIT, unless net.ipv4.tcp_rfc1337 is 1.",
      settledBy:
        "a later segment to the \(side): a RST in answer shows that TIME-WAIT was over, an "
        + "ACK that it was still on")
  }

  func newConnection(_ move: Move) -> Reason {
    let side = move.side.name
    let frame = move.to.frames[0]
    guard let answer = held(frame), answer.flags.contains(.ack) else {
      return Reason(
        "The \(side) took the ports for a new connection itself (SYN in frame \(frame)), so its "
          + "TIME-WAIT was over.")
    }
    let syn = evidence.first { $0.isOfNextIncarnation && $0.flags.isOpening }
    return Reason(
      "The \(side) answered a new SYN\(syn.map { " (frame \($0.frame))" } ?? "") of the same ports "
        + "with a SYN-ACK (frame \(frame)): the old connection made way for it.")
  }

  func nominalEnd(_ move: Move) -> Reason {
    let side = move.side.name
    let restarted = (teardown.timeWait(of: move.side)?.restarts ?? 0) > 0
    let last = restarted ? "its last restart" : "it began"
    let later = evidence.first {
      guard $0.side == move.side, $0.time > move.to.enteredAt else { return false }
      return $0.isOfNextIncarnation
        ? $0.flags.contains(.syn) : $0.isReset && !$0.flags.contains(.ack)
    }
    let kind = later?.isReset == true ? "RST" : "SYN-ACK"
    let seen =
      later.map { ", and the \(kind) in frame \($0.frame) shows that it was by then" } ?? ""
    return Reason(
      "No segment tells when TIME-WAIT ends. It is taken to be over 2MSL, "
        + "\(Wording.duration(profile.timeWait)) (\(profile.name)), after \(last)\(seen).",
      settledBy: "a late segment to the \(side): a RST in answer shows that TIME-WAIT was over, an "
        + "ACK that it was still on")
  }
}

/// What a TIME-WAIT as a whole rests on.
extension Explanation {
  /// Why `wait` began, what restarted it, why it ended: a sentence each.
  func reasons(for wait: TimeWait) -> [Reason] {
    var reasons = [Reason(beginning(of: wait))]
    if wait.restarts > 0 { reasons.append(Reason(restarts(of: wait))) }
    reasons.append(end(of: wait))
    return reasons
  }

  private func beginning(of wait: TimeWait) -> String {
    let side = wait.side.name
    let rule = teardown.states[wait.side].last { $0.state == .timeWait }?.rule
    let by = rule.map { " (\($0) below)" } ?? ""
    return teardown.closedBy?.sides == .both
      ? "The FINs crossed, so the \(side) holds TIME-WAIT, as the \(wait.side.peer.name) does\(by)."
      : "The \(side) closed first, so it is the side that holds TIME-WAIT\(by)."
  }

  /// What began a TIME-WAIT anew: segments of the other side, or answers to what was not captured.
  func restarts(of wait: TimeWait) -> String {
    let frames = finding(.timeWaitRestarted, of: wait.side)?.frames.array ?? []
    let times = Wording.times(wait.restarts)
    let own = frames.filter { held($0)?.side == wait.side }
    if !own.isEmpty, let named = own.asFrames {
      return "\(named) \(own.count == 1 ? "answers" : "answer") something late that the capture "
        + "lacks, which began TIME-WAIT anew, \(times) in all (R9)."
    }
    let named = frames.asFrames(of: wait.restarts).map { " (\($0))" } ?? ""
    return "What came late from the \(wait.side.peer.name)\(named) began it anew, \(times) (R9)."
  }

  private func end(of wait: TimeWait) -> Reason {
    let side = wait.side.name
    let length = Wording.duration(profile.timeWait)
    switch wait.endedBy {
    case .captureEnd:
      let since =
        wait.observedFor > 0
        ? "\(Wording.duration(wait.observedFor)) after it began" : "before that"
      return Reason(
        "The capture ends \(since); it is taken to last 2MSL, \(length) "
          + "(\(profile.name)), from its \(wait.restarts > 0 ? "last restart" : "beginning") on.",
        settledBy: "a later segment to the \(side): an ACK in answer means that TIME-WAIT is still "
          + "on, a RST that it is over")
    case .twoMSL: return Reason("Its end is assumed (R19 below).")
    case .reuse: return Reason("A new connection of the same ports ended it (R17 below).")
    case .reset: return Reason("A RST ended it (R11 below).")
    case .gone:
      return Reason(
        "It was over when a segment met a RST: its length is an upper bound (R10 below).")
    }
  }
}
