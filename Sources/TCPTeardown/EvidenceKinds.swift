internal import PacketDecoding

/// Which pieces of a flow's evidence are of which kind.
///
/// Every rule looks for some kind of evidence: each piece is looked at once, and a rule that asks
/// for what there is none of is done.
struct EvidenceKinds {
  /// By the sender; of an ICMP error, by whose segment it quotes.
  private(set) var by = PerSide(both: Places.none)
  /// What either side sent on this connection.
  private(set) var segments = PerSide(both: Places.none)
  private(set) var icmpErrors = Places.none
  /// Of the flow that took the tuple over.
  private(set) var ofNext = Places.none
  private(set) var syns = Places.none
  private(set) var resets = Places.none
  /// Whatever acknowledges something.
  private(set) var acks = Places.none
  /// ACK, and neither SYN, FIN nor RST.
  private(set) var plainACKs = Places.none
  /// FINs that can be events.
  private(set) var fins = Places.none
  private(set) var payloads = Places.none
  /// Repeats of what their sender had sent before.
  private(set) var repeats = Places.none
  /// Copies of either side's FIN, and what acknowledges it, resets too; known after `findFINs()`.
  var copies = PerSide(both: Places.none)
  var covers = PerSide(both: Places.none)
  /// Segments with the number behind either side's FIN that stand before its first copy.
  var behindFIN = PerSide(both: Places.none)

  init() {}

  init(_ evidence: borrowing Span<Observation>) {
    for place in 0..<min(evidence.count, Places.limit) {
      let flags = evidence[place].flags
      let marks = evidence[place].marks
      by.client.insert(place, if: evidence[place].side == .client)
      icmpErrors.insert(place, if: marks.contains(.icmpError))
      ofNext.insert(place, if: marks.contains(.nextIncarnation))
      repeats.insert(place, if: marks.contains(.repeated))
      syns.insert(place, if: flags.contains(.syn))
      resets.insert(place, if: flags.contains(.rst))
      acks.insert(place, if: flags.contains(.ack))
      plainACKs.insert(place, if: flags.isAckAlone)
      fins.insert(place, if: flags.isFIN)
      payloads.insert(place, if: evidence[place].payloadLength > 0)
    }
    by.server = Places(count: evidence.count) - by.client
    segments.client = by.client - icmpErrors - ofNext
    segments.server = by.server - icmpErrors - ofNext
  }

  /// SYNs that open the next connection on the tuple.
  var nextSYNs: Places { ofNext & syns - acks }
}
