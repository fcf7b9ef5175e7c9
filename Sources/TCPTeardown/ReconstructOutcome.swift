internal import PacketDecoding

/// The outcome: the first that fits.
extension Reconstruction {
  func outcome() -> Outcome {
    let handshake = facts.handshake
    if record.teardown.reset?.cause == .refused { return .refused }
    if isUnreachableByICMP { return .unreachable }
    if handshake.syn.isKnown, !handshake.synAck.isKnown, !handshake.ack.isKnown,
      !handshake.crossedSYN.isKnown, fin.client == nil, fin.server == nil
    {
      return .unanswered
    }
    if handshake.syn.isKnown, !handshake.ack.isKnown,
      record.teardown.states.client.last?.rule == .unansweredSYN, record.teardown.reset == nil
    {
      // There were answers, and none reached the client before it gave up.
      return .unanswered
    }
    if isResetEarly || record.teardown.reset?.cause == .synGaveUp { return .reset }
    if bothFINsAcknowledged(before: .max) { return order.isCrossed ? .simultaneous : .orderly }
    if order != .none { return .closing }
    let isSilent = facts.seen.isDisjoint(with: [.syn, .synAck, .fin, .rst])
    return silentSide != nil || isSilent ? .partial : .open
  }

  /// The side of which nothing was captured, if there is one.
  var silentSide: Side? {
    if facts.packets.client == 0 { return .client }
    return facts.packets.server == 0 ? .server : nil
  }
}
