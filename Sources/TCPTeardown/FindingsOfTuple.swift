internal import PacketDecoding

/// R17, R18: a SYN that met a TIME-WAIT on its tuple, and what became of it.
extension Reconstruction {
  /// What became of it: how its host let it in, or did not.
  private enum Reuse: String {
    case acceptedByNumber = "accepted by ISN"
    case acceptedByTimestamp = "accepted by timestamp"
    /// The host took it out of TIME-WAIT with the number that Linux gives such connections.
    case recycled
    /// The holder itself connected again from the port.
    case reused
    /// Answered with the old numbers once; the RST that this drew made way.
    case refused
    /// Refused again and again, or dropped.
    case blocked
  }

  /// Linux takes a SYN out of TIME-WAIT with an initial number of just this much more.
  private static let recyclingStep: UInt32 = 65537

  mutating func addReuse() {
    guard let place = kinds.nextSYNs.first else { return }
    let syn = evidence[place]
    for wait in record.teardown.timeWait {
      let met =
        wait.side == syn.side ? sent(syn.time, by: wait.side) : received(syn.time, by: wait.side)
      guard met >= wait.enteredAt, met <= wait.enteredAt + wait.duration else { continue }
      let answer = decisiveAnswer(toSYNsAfter: syn.time, by: syn.side.peer)
      let verdict = verdict(on: syn, answer, holder: wait.side)
      var values = [
        NamedValue("verdict", .word(verdict.rawValue)),
        NamedValue("age", .duration(met - wait.enteredAt)),
      ]
      if let answer, verdict == .refused || verdict == .blocked {
        values.append(NamedValue("cost", .duration(answer.time - syn.time)))
      }
      report(
        Finding(
          .timeWaitReuse, side: wait.side, frames: Frames(syn.frame, answer?.frame ?? 0),
          values: values))
    }
  }

  private func verdict(on syn: Observation, _ answer: Observation?, holder: Side) -> Reuse {
    let oldNext = facts.next[holder]
    if syn.side == holder {
      return syn.sequenceNumber == oldNext + Self.recyclingStep ? .recycled : .reused
    }
    let acks = kinds.by[holder] & kinds.ofNext & kinds.plainACKs
    let refusals = acks.filter { evidence[$0].time <= answer?.time ?? .max }
      .reduce(0) { $0 + Int(evidence[$1].count) }
    guard let answer, answer.flags.contains(.syn) else { return .blocked }
    if refusals > 0 { return refusals == 1 ? .refused : .blocked }
    if answer.sequenceNumber == oldNext + Self.recyclingStep { return .recycled }
    let expected = fin[syn.side].map { $0 + 1 } ?? facts.next[syn.side]
    return expected.precedes(syn.sequenceNumber) ? .acceptedByNumber : .acceptedByTimestamp
  }
}
