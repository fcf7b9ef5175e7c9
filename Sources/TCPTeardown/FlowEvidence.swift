internal import PacketDecoding

/// Which segments a row keeps as observations, and in what room.
extension Flow {
  /// Observations kept one by one; beyond, a repeat is folded into the one it repeats.
  private static let roomForRepeats = 20
  /// Observations a flow holds at most.
  private static let room = 32
  /// Of `room`, what only a first FIN and a first ACK of one may take.
  private static let reserve = 4
  /// Two frames with the same content this close together may be one segment captured twice.
  private static let duplicateSpan: Int64 = 5 * .nanosecondsPerMillisecond

  /// Keeps `observation` if it tells something of a beginning or an end.
  mutating func holdIfTelling(
    _ observation: Observation, ahead: Bool, pool: inout EvidencePool
  ) {
    let side = observation.side
    if observation.flags.contains(.syn) { return }
    if observation.isFIN {
      hold(observation, pool: &pool)
    } else if marks.contains(.finPending(side.peer)), observation.acknowledges(fin[side.peer] + 1) {
      hold(observation, pool: &pool)
      if observation.payloadLength > 0 { noteData(from: side) }
    } else if marks.contains(.bothFINsAcknowledged) {
      hold(observation, pool: &pool)
    } else if marks.contains(.closing) {
      holdAfterEnd(observation, pool: &pool)
    } else if ahead {
      holdLatest(observation, at: \.ahead, pool: &pool)
    }
  }

  /// After a FIN or RST: the first and the last payload each way, the first and last bare ACK.
  private mutating func holdAfterEnd(_ observation: Observation, pool: inout EvidencePool) {
    let side = observation.side
    if marks.contains(.reset), latest[side].afterReset < 2 {
      latest[side].afterReset += 1
      hold(observation, pool: &pool)
      if observation.payloadLength > 0 { latest[side].hasFirstData = true }
    } else if observation.payloadLength > 0 {
      if !latest[side].hasFirstData {
        noteData(from: side)
        hold(observation, pool: &pool)
      } else {
        holdLatest(observation, at: \.data, pool: &pool)
      }
    } else if !latest[side].hasFirstAck {
      latest[side].hasFirstAck = true
      hold(observation, pool: &pool)
    } else {
      holdLatest(observation, at: \.ack, pool: &pool)
    }
  }

  private mutating func noteData(from side: Side) { latest[side].hasFirstData = true }

  /// Keeps only the newest of its kind.
  private mutating func holdLatest(
    _ observation: Observation, at kind: WritableKeyPath<LatestPlaces, Int32>,
    pool: inout EvidencePool
  ) {
    let place = latest[observation.side][keyPath: kind]
    if place >= 0 {
      pool[place] = observation
    } else if evidence.count < Self.room - Self.reserve {
      latest[observation.side][keyPath: kind] = pool.append(observation, to: &evidence)
    } else {
      overflow += 1
    }
  }

  /// Keeps `observation`, or folds it into one that it repeats; false for a mere duplicate frame.
  @discardableResult
  mutating func hold(_ observation: Observation, pool: inout EvidencePool) -> Bool {
    if isDuplicateFrame(observation, pool: pool) {
      duplicates += 1
      return false
    }
    let count = Int(evidence.count)
    if count >= Self.roomForRepeats, fold(observation, pool: &pool) { return true }
    let isFirstOfItsKind =
      (observation.isFIN && !marks.contains(.finAcknowledged(observation.side)))
      || marks.contains(.finPending(observation.side.peer))
    if count < (isFirstOfItsKind ? Self.room : Self.room - Self.reserve) {
      pool.append(observation, to: &evidence)
    } else {
      overflow += 1
    }
    return true
  }

  /// Adds `observation` to the newest held one with the same side, flags and numbers.
  private func fold(_ observation: Observation, pool: inout EvidencePool) -> Bool {
    var place = evidence.first
    var newest: Int32 = -1
    while place >= 0 {
      if pool[place].repeats(observation) { newest = place }
      place = pool.place(after: place)
    }
    guard newest >= 0 else { return false }
    pool[newest].lastTime = observation.time
    pool[newest].lastFrame = observation.frame
    if pool[newest].count < .max { pool[newest].count += 1 }
    return true
  }

  /// Whether a frame shows a segment that another frame showed just before.
  private func isDuplicateFrame(_ observation: Observation, pool: EvidencePool) -> Bool {
    var place = evidence.first
    while place >= 0 {
      if pool[place].isSameSegment(as: observation),
        abs(observation.time - pool[place].time) <= Self.duplicateSpan
      {
        return true
      }
      place = pool.place(after: place)
    }
    return false
  }

  /// Takes in a RST: evidence always, an end only where its number can be acceptable (R12).
  mutating func takeReset(_ observation: Observation, pool: inout EvidencePool) {
    let side = observation.side
    let opening = !handshake.synAck.isKnown && handshake.syn.isKnown
    noteClosing()
    hold(observation, pool: &pool)
    if opening {
      // A client's RST before any SYN-ACK answers an old acknowledgment and ends nothing here.
      if side == .server { marks.insert(.reset) }
      return
    }
    let number = observation.sequenceNumber
    let isAcceptable =
      !marks.contains(.numbered(side)) || number == sides[side].next
      || number == sides[side.peer].lastAck
      || (marks.contains(.sentFIN(side)) && number == fin[side])
    if isAcceptable {
      marks.insert(.reset)
      latest.client.afterReset = 0
      latest.server.afterReset = 0
    }
  }
}

extension Observation {
  /// Whether `other` has the same sender, flags and numbers.
  func repeats(_ other: Observation) -> Bool {
    side == other.side && flags == other.flags && sequenceNumber == other.sequenceNumber
      && acknowledgmentNumber == other.acknowledgmentNumber
      && payloadLength == other.payloadLength
      && marks.symmetricDifference(other.marks).isDisjoint(with: [.nextIncarnation, .icmpError])
  }

  /// Whether `other` is this very segment, captured again: not what an endpoint sends twice.
  func isSameSegment(as other: Observation) -> Bool {
    guard repeats(other) else { return false }
    if identification != 0 || other.identification != 0 {
      return identification == other.identification
    }
    return marks.contains(.timestamps) && timestampValue == other.timestampValue
      && timeToLive != other.timeToLive
  }
}
