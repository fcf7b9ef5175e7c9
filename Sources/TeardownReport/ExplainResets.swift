internal import PacketDecoding
internal import TCPTeardown

/// R10 and R12 to R16: RSTs, and sockets that were gone.
extension Explanation {
  /// R10: a side answers with a RST because no socket of its knows the connection.
  func lackOfSocket(_ move: Move) -> Reason {
    let side = move.side.name
    let cited = move.to.frames.array
    let resets = cited.filter { held($0)?.isReset == true }
    let frame = resets.first { held($0)?.side == move.side } ?? move.to.frames[0]
    let reset = held(frame)
    let offender =
      reset.flatMap(offender).map { "frame \($0)" } ?? "a segment of the \(move.side.peer.name)'s"
    if let syn = cited.first(where: { held($0)?.flags.isOpening == true }) {
      return Reason(
        "The \(side) opened a new connection from the same port (SYN in frame \(syn)) and answered "
          + "the old one with a RST (frame \(frame)): it had no socket of that any more.",
        settledBy: "the log of the \(side)'s host, where a restart shows")
    }
    guard move.from?.state == .timeWait else {
      if let killer = resets.first(where: { held($0)?.side == move.side.peer }) {
        return Reason(
          "The \(side) answered \(offender) with a RST without ACK (frame \(frame)): its host had no "
            + "socket any more, most likely since the RST of frame \(killer) came.",
          settledBy: closerLook(at: move.side, "whether that RST came"))
      }
      let alive = move.to.earliest.map { " Its last sign of life was at \(relative($0))." } ?? ""
      return Reason(
        "The \(side) answered \(offender) with a RST without ACK (frame \(frame)): its host had no "
          + "socket of that connection any more.\(alive)",
        settledBy:
          "the log of the \(side)'s host, where a restart shows, or a capture next to it: a "
          + "middlebox may have forgotten the connection")
    }
    if reset?.isOfNextIncarnation == true {
      return Reason(
        "A new SYN met a RST with ACK (frame \(frame)): no TIME-WAIT stood in its way, nor did "
          + "anything listen.")
    }
    if move.isObserved {
      return Reason(
        "The \(side) answered \(offender) with a RST (frame \(frame)) and not with an ACK: no "
          + "socket was in TIME-WAIT any more.")
    }
    return Reason(
      "The \(side) answered \(offender) with a RST (frame \(frame)), so soon that TIME-WAIT was "
        + "skipped rather than over.",
      settledBy: "the counter TCPTimeWaitOverflow on the \(side)'s host (nstat -az), and its limit "
        + "net.ipv4.tcp_max_tw_buckets")
  }

  /// R12: a RST ends the side that gets it.
  func arrivalOfReset(_ move: Move) -> Reason {
    let side = move.side.name
    let peer = move.side.peer.name
    let frame = move.to.frames[0]
    let settledBy =
      "ECONNRESET in the \(side)'s program, which shows that the RST came, or data or a FIN that the "
      + "\(side) sends later, which shows that it did not"
    switch move.from?.state {
    case .synSent:
      return Reason(
        "The RST (frame \(frame)) acknowledges the SYN, so it refuses the connection.",
        settledBy: "ECONNREFUSED from the client's connect(), which shows that the RST came, or a "
          + "repeated SYN, which shows that it did not")
    case .synReceived:
      return Reason(
        "The \(peer)'s RST (frame \(frame)) answers the SYN-ACK, and takes the half-open "
          + "connection off the server's queue.",
        settledBy: "more of capture: a repeated SYN-ACK shows that the RST was lost, silence that "
          + "it came")
    default: break
    }
    let silence =
      move.to.earliest.map { earliest in
        guard let reset = held(frame), reset.time - earliest > .nanosecondsPerSecond else {
          return ""
        }
        return
          " The \(side) had been silent since \(relative(earliest)), and may have let go before."
      } ?? ""
    return Reason(
      "The \(peer)'s RST (frame \(frame)) bears a number that the \(side) accepts, so it ends the "
        + "connection there at once.\(silence)",
      settledBy: settledBy)
  }

  /// R13: a side resets the connection itself.
  func sendingOfReset(_ move: Move) -> Reason {
    let side = move.side.name
    let frame = move.to.frames[0]
    // A RST that looks like somebody else's leaves a doubt.
    let settling =
      move.to.grade == .observed
      ? nil : "a capture next to the \(side), which shows whether it sent that RST"
    guard let reset = held(frame), reset.flags.contains(.ack) else {
      return Reason(
        "The \(side) sent a RST (frame \(frame)) and nothing but RSTs after it: its end of the "
          + "connection was gone.", settledBy: settling)
    }
    return Reason(
      "The \(side) sent a RST with ACK (frame \(frame)) and nothing but RSTs after it: its socket "
        + "was still there, and was aborted.", settledBy: settling)
  }

  /// R14: data meets a socket whose program has closed it.
  func dataAfterFIN(_ move: Move) -> Reason {
    let side = move.side.name
    let frame = move.to.frames[0]
    guard let reset = held(frame), !reset.flags.contains(.ack) else {
      return Reason(
        "The \(side) sent a RST with ACK (frame \(frame)) behind its FIN: its socket was still "
          + "there, and was aborted.")
    }
    let data = data(answeredBy: reset).map { "data (frame \($0))" } ?? "data"
    guard !move.isObserved else {
      return Reason(
        "The \(side) answered \(data) with a RST (frame \(frame)): its program had closed the "
          + "socket, so nobody could read it, and the host dropped the connection.")
    }
    return Reason(
      "The \(side) answered \(data) with a RST (frame \(frame)): its program had closed the "
        + "socket. Whether it was in FIN-WAIT-2 until then or dropped before, a RST does not tell.",
      settledBy: "the \(side)'s sockets between these times (ss -tan state fin-wait-2)")
  }

  /// R15: FIN-WAIT-2 of a closed socket has an end that nothing on the wire shows.
  func expiryOfOrphan(_ move: Move) -> Reason {
    let side = move.side.name
    let limit = Wording.duration(profile.finWait2)
    let settledBy =
      "a segment to the \(side) between these times: an ACK in answer means that FIN-WAIT-2 was "
      + "still on, a RST that it was over"
    let reset = evidence.first {
      $0.isReset && $0.side == move.side && !$0.flags.contains(.ack) && !$0.isOfNextIncarnation
    }
    let answer = reset.map { reset in
      let offender = offender(of: reset).map { "frame \($0)" } ?? "a FIN"
      return "\(offender) with a RST (frame \(reset.frame))"
    }
    guard move.to.grade == .unknown else {
      let proof = answer.map { "; it answered \($0), so it was over by then" } ?? ""
      return Reason(
        "A host drops a closed socket in FIN-WAIT-2 after \(limit) (\(profile.name)) and sends "
          + "nothing\(proof).",
        settledBy: settledBy)
    }
    let alive = evidence.last {
      $0.side == move.side && !$0.isReset && !$0.isOfNextIncarnation && !$0.isICMPError
        && $0.time <= reset?.time ?? .max
    }
    let since = alive.map { " since frame \($0.frame)" } ?? ""
    return Reason(
      "The \(side) answered \(answer ?? "a FIN with a RST") and not with an ACK, so FIN-WAIT-2 was "
        + "over, though \(limit) (\(profile.name)) had not passed. When it ended\(since), nothing "
        + "tells.",
      settledBy: settledBy)
  }

  /// R16: a FIN was repeated until its sender gave up.
  func givingUp(_ move: Move) -> Reason {
    let side = move.side.name
    let frame = move.to.frames[0]
    let copies = Wording.times(count(ofFINOf: move.side))
    let settledBy =
      "the \(side)'s sockets at that time (ss -tan), for a host that gives up sends nothing"
    if let reset = held(frame), reset.isReset {
      let last = self.copies(ofFINOf: move.side).last.map { ", the last in frame \($0.lastFrame)" }
      return Reason(
        "The \(side) had sent its FIN \(copies)\(last ?? ""), without an ACK. Its RST (frame "
          + "\(frame)) shows that it had given up before.",
        settledBy: settledBy)
    }
    return Reason(
      "The \(side) sent its FIN \(copies), without an ACK. After frame \(frame) the next repeat "
        + "was due and did not come, so it had given up.",
      settledBy: settledBy)
  }
}
