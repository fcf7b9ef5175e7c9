internal import TCPTeardown

extension ResetVerdict {
  /// Why the RST was sent, in one plain sentence.
  var sentence: String {
    let sender = "the \(by.name)"
    let peer = "the \(by.peer.name)"
    return switch cause {
    case .refused:
      "\(sender)'s host refused the SYN: nothing listens on that port, or a firewall rejects it"
    case .timeWaitRefusal:
      "the SYN met an old connection in TIME-WAIT on the same ports, "
        + "whose answer \(sender) met with a RST"
    case .synGaveUp: "the SYN-ACK came after \(sender) had given up connecting"
    case .keepAliveRace: keepAliveRaceText(sender: sender, peer: peer)
    case .readTimeout:
      "\(sender) had closed without an answer to its request\(after("timeout")); "
        + "the answer came later and met no reader"
    case .timeWaitAssassination:
      "a late segment reached TIME-WAIT, and \(sender)'s RST in return ended it early"
    case .orphanGone:
      "what \(peer) sent last came after \(sender)'s socket was gone: "
        + "it had closed before, and its host had let go of it"
    case .dataAfterClose: "\(peer) sent data after \(sender) had closed its socket"
    case .keepAliveFailed: "\(sender)'s keep-alive probes got no answer, and it gave up"
    case .retransmissionTimeout: "\(sender)'s repeats got no answer, and it gave up"
    case .peerGone: peerGoneText(sender: sender, peer: peer)
    case .abort: "\(sender) aborted the connection\(likelyText)"
    case .unknown: "\(sender) sent a RST, and nothing in the capture tells why"
    }
  }

  /// What to do about it; nil where there is nothing.
  var advice: String? {
    switch cause {
    case .refused: "check that the service runs, and on which address and port"
    case .timeWaitRefusal: "let the system choose the client's port, or wait before reusing it"
    case .synGaveUp: "raise the connect timeout, or find what slows the path or the accept queue"
    case .keepAliveRace:
      "let the client drop idle connections sooner than the server does, and repeat the request"
    case .readTimeout: "find why the answer took so long, or raise the read timeout"
    case .orphanGone:
      "have the \(by.peer.name) close soon after the \(by.name): "
        + "a host keeps a closed socket for a time only"
    case .dataAfterClose:
      "have the \(by.name) read to the end before it closes, or the \(by.peer.name) stop sending"
    case .keepAliveFailed, .retransmissionTimeout:
      "look for a dead host, a broken path, or a firewall that drops the connection"
    case .peerGone:
      "look for a restart of the \(by.name), or a middlebox that forgets idle connections"
    case .abort:
      values.word("likely") == "unread-data"
        ? "have the \(by.name) read all that was sent before it closes"
        : "look for SO_LINGER 0 or a crash in the \(by.name)'s process"
    case .timeWaitAssassination, .unknown: nil
    }
  }

  private func keepAliveRaceText(sender: String, peer: String) -> String {
    let octets = values.count("responseOctets") ?? 0
    let begun =
      octets == 0
      ? "no octet of a response came" : "\(Wording.count(octets, "octet")) of a response came"
    return "\(sender) closed an idle connection\(after("idle")) while \(peer)'s next request was "
      + "on its way; \(begun)"
  }

  private func peerGoneText(sender: String, peer: String) -> String {
    let preset = values.duration("preset").map { " (a common limit is \($0))" } ?? ""
    return "\(sender)'s host no longer knew the connection when \(peer) sent on"
      + "\(after("idle"))\(preset)"
  }

  private var likelyText: String {
    switch values.word("likely") {
    case "unread-data": ": probably it closed with data unread"
    case "linger-0 or process abort": ": SO_LINGER 0, or the process was aborted"
    case let other: other.map { ": " + $0 } ?? ""
    }
  }

  private func after(_ name: String) -> String {
    values.duration(name).map { " after \($0)" } ?? ""
  }
}

extension Teardown {
  /// What to do about the RST; nil where there is nothing.
  var resetAdvice: String? {
    guard let reset else { return nil }
    // Then neither a restart nor a middlebox made the host forget.
    let gaveUp =
      reset.cause == .peerGone
      && findings.contains { $0.code == .mtuBlackHole && $0.side == reset.by }
    return gaveUp
      ? "see mtu-black-hole: a host that gives up repeating forgets the connection" : reset.advice
  }
}
