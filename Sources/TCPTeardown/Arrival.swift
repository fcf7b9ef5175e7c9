internal import PacketDecoding

/// How a segment comes to its flow: who sent it, when, and where both sides' numbers stood.
struct Arrival {
  let side: Side
  /// Nanoseconds since the Unix epoch.
  let time: Int64
  /// Counted from 1 over all input.
  let frame: Int
  /// SND.NXT of either side before it, and its last acknowledgment.
  let nextNumbers: PerSide<SequenceNumber>
  let lastAcks: PerSide<SequenceNumber>
  /// Which entries of `nextNumbers` mean something.
  let marks: Observation.Marks

  var mark: Mark { Mark(time: time, frame: frame) }

  /// SND.NXT of the sender; meaningless unless `isNumbered`.
  var next: SequenceNumber { nextNumbers[side] }
  var isNumbered: Bool { marks.contains(side == .client ? .clientNumbers : .serverNumbers) }
}

/// What a segment means beyond the row that took it in.
struct Aftermath {
  /// The flow is settled, by this segment or since before.
  var isSettled = false
  /// How the segment came, where it tells of the flow that had the tuple before, too.
  var arrival: Arrival?
}

extension Flow {
  /// A segment of `side` comes, and has not been taken in.
  // Inlined, like whatever else looks at a whole row: a call would be handed a copy of it.
  @inline(__always)
  func arrival(from side: Side, at time: Int64, frame: Int) -> Arrival {
    var known: Observation.Marks = []
    if marks.contains(.clientNumbered) { known.insert(.clientNumbers) }
    if marks.contains(.serverNumbered) { known.insert(.serverNumbers) }
    return Arrival(
      side: side, time: time, frame: frame,
      nextNumbers: PerSide(client: sides.client.next, server: sides.server.next),
      lastAcks: PerSide(client: sides.client.lastAck, server: sides.server.lastAck),
      marks: known)
  }
}
