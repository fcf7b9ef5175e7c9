internal import TCPTeardown

extension Finding {
  private var who: String { side.map { "the \($0.name)" } ?? "one side" }
  private var peer: String { side.map { "the \($0.peer.name)" } ?? "the other side" }

  /// What was found in a flow over IPv4 or IPv6, in one plain sentence.
  func sentence(isIPv6: Bool) -> String {
    switch code {
    case .closeWaitLeak where grade == .unknown:
      "\(who) sent no FIN for \(duration("duration")) after it had acknowledged \(peer)'s, unless "
        + "that was before the capture"
    case .closeWaitLeak:
      "\(who) knew for \(duration("duration")) that \(peer) had closed, and did not close"
    case .finWait2Orphan: orphanSentence
    case .halfClose: "\(who) shut down its sending side only, and went on reading"
    case .finRetransmitted:
      "\(who) sent its FIN \(count == 1 ? "once more" : "\(Wording.grouped(count)) more times") "
        + "for want of an ACK"
    case .lastAckLost: "\(who)'s ACK of the last FIN was lost, and the FIN came again"
    case .timeWaitRestarted:
      "late segments restarted \(who)'s TIME-WAIT; it lasts \(duration("duration")) in all"
    case .timeWaitSkipped:
      "\(who) had no TIME-WAIT \(duration("age")) after it should have entered it"
    case .timeWaitReuse: reuseSentence
    case .connectTimeout:
      "\(who) stopped trying to connect after about \(duration("timeout")), "
        + "with \(Wording.count(values.count("attempts") ?? 1, "SYN")) sent"
    case .readTimeout:
      "\(who) closed \(duration("timeout")) after its request, without an answer"
    case .idleTimeout:
      "\(who) closed after \(duration("idle")) of idleness\(presetText)"
    case .keepAliveRace:
      "\(who) closed after \(duration("idle")) of idleness, "
        + "while a request of \(peer)'s was on its way"
    case .gaveUp:
      "\(who) sent its FIN \(Wording.times(count)), got no ACK and gave up"
    case .resetIgnored: "a RST to \(who) changed nothing\(reason)"
    case .resetSuspect: "a RST in the name of \(who) probably was somebody else's\(reason)"
    case .icmpUnreachable: icmpSentence(isIPv6: isIPv6)
    case .mtuBlackHole:
      "segments of \(who) were too large for a link on the path, and it went on repeating them"
    case .synFloodLike: "many connection attempts were never completed"
    case .portExhaustionRisk: "the client's ports towards one service were nearly used up"
    case .truncated:
      "\(Wording.count(count, "packet")) \(count == 1 ? "was" : "were") "
        + "cut off before the end of the TCP header"
    case .clockStep: "\(Wording.count(count, "time stamp")) jumped by more than a minute"
    case .superseded: "a new connection took the same ports before this one had closed"
    case .midstream: "the connection was older than the capture"
    case .oneSided: "nothing that \(who) sent was captured"
    case .gap: "segments were acknowledged that the capture lacks"
    case .duplicateFrames: "\(Wording.count(count, "frame")) repeated what another showed"
    case .reordered: "the capture is not in the order of sending"
    case .evidenceOverflow:
      "\(Wording.count(count, "segment")) of the end found no room in the evidence"
    }
  }

  /// What to do next.
  var advice: String {
    switch code {
    case .closeWaitLeak where grade == .unknown:
      "see first which side closed: capture from the connection's beginning"
    case .closeWaitLeak:
      "find in \(who)'s program who holds the socket: it must close when a read gives 0 octets"
    case .finWait2Orphan: "see why \(peer) did not close sooner; \(who)'s host lets go by itself"
    case .halfClose: "nothing, if that is the protocol (shutdown instead of close)"
    case .finRetransmitted: "look for loss on the path from \(who), or a capture point beyond it"
    case .lastAckLost: "nothing, unless there are many: then look for loss on the path"
    case .timeWaitRestarted: "look for loss or delay on the path from \(peer)"
    case .timeWaitSkipped:
      "compare TCPTimeWaitOverflow (nstat) on \(who)'s host with net.ipv4.tcp_max_tw_buckets"
    case .timeWaitReuse:
      isReuseDelayed
        ? "do not bind clients to fixed ports; more client addresses or ports help"
        : "nothing: TIME-WAIT was no obstacle"
    case .connectTimeout:
      "check the path both ways, the firewalls and \(peer)'s accept queue"
    case .readTimeout: "find why \(peer) took so long, or raise the read timeout"
    case .idleTimeout:
      "nothing, unless the other side then uses the connection: see keep-alive-race"
    case .keepAliveRace:
      "let \(peer) drop idle connections sooner than \(who) does, and repeat the request"
    case .gaveUp: "see whether \(peer)'s host was alive: it may hold the connection still"
    case .resetIgnored: "nothing, unless there are many: then look for a middlebox that resets"
    case .resetSuspect: "compare its TTL and IP-ID with other frames: a firewall may have sent it"
    case .icmpUnreachable: "see what the router or host that sent it says, and its routes"
    case .mtuBlackHole:
      "let ICMP through to \(who)'s host, or lower its MTU (ip link, or clamp the MSS)"
    case .synFloodLike:
      "look at SYN cookies and the accept queue (nstat: TCPReqQFullDoCookies, ListenDrops)"
    case .portExhaustionRisk: "reuse connections, or give the client more addresses or ports"
    case .truncated: "capture with a longer snap length"
    case .clockStep: "see whether the host's clock was set while it captured"
    case .superseded: "see whether the client's ports are reused too fast, or frames are missing"
    case .midstream: "start the capture earlier to see the beginning"
    case .oneSided: "capture where both directions pass"
    case .gap: "see the capture's drop counts, and capture fewer packets or octets"
    case .duplicateFrames: "capture on one interface only, or one side of the mirror port"
    case .reordered: "sort the file (reordercap), or merge files by time"
    case .evidenceOverflow: "look at the flow in Wireshark"
    }
  }

  private var presetText: String {
    values.duration("preset").map { " (a common limit is \($0))" } ?? ""
  }

  private func duration(_ name: String) -> String { values.duration(name) ?? "some time" }

  private var reason: String { values.word("reason").map { ": " + $0 } ?? "" }

  private var orphanSentence: String {
    grade == .observed
      ? "\(who)'s program had closed the socket: what came after \(duration("duration")) in "
        + "FIN-WAIT-2 met nobody"
      : "\(who) has been in FIN-WAIT-2 for \(duration("duration")); if its program has closed the "
        + "socket, the host has let go of it by now"
  }

  private var reuseSentence: String {
    let age = duration("age")
    let cost = values.duration("cost").map { ", which cost \($0)" } ?? ""
    let what =
      switch values.word("verdict") {
      case "accepted by ISN": "a new SYN was accepted, its sequence number being higher"
      case "accepted by timestamp": "a new SYN was accepted, its timestamp being newer"
      case "recycled": "the host recycled it for a new connection"
      case "reused": "its holder reused the ports for a new connection"
      case "refused": "a new SYN was answered with the old numbers and had to be repeated"
      case "blocked": "a new SYN came and was kept out"
      case let other: other ?? "a new SYN came"
      }
    return "\(who)'s TIME-WAIT was \(age) old when \(what)\(cost)"
  }

  private func icmpSentence(isIPv6: Bool) -> String {
    let error = ICMPText.name(
      type: values.count("type") ?? 0, code: values.count("code") ?? 0, isIPv6: isIPv6)
    return "\(who)'s segment was answered with ICMP \(error)"
      + (count > 1 ? ", \(Wording.times(count))" : "")
  }
}
