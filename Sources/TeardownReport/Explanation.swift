internal import PacketDecoding
internal import TCPTeardown

/// Why one flow's record says what it says: reasons from rule, states, grade and evidence.
///
/// It reads the record alone, so a reason can only name what the verdict rests on.
struct Explanation {
  let record: FlowRecord
  let profile: Profile
  /// Where the capture ended, in nanoseconds since the Unix epoch.
  let until: Int64
  /// By time, as the rules read it.
  let evidence: [Observation]

  init(_ record: FlowRecord, profile: Profile, until: Int64) {
    self.record = record
    self.profile = profile
    self.until = max(until, record.end)
    evidence = record.evidence.sorted { ($0.time, $0.frame) < ($1.time, $1.frame) }
  }

  /// Why a claim follows, and what would settle it where the segments do not prove it.
  struct Reason: Equatable {
    /// A sentence, or several.
    var why: String
    /// What stands behind "settled by", without a full stop.
    var settledBy: String?

    init(_ why: String, settledBy: String? = nil) {
      self.why = why
      self.settledBy = settledBy
    }
  }

  /// One entry into a state.
  struct Move {
    let side: Side
    /// Nil for the first state known.
    let from: StateInterval?
    let to: StateInterval

    var isObserved: Bool { to.grade == .observed }
  }

  var teardown: Teardown { record.teardown }
  var vantage: Vantage { record.teardown.vantage }

  /// All states that `side` went through, in order.
  func moves(of side: Side) -> [Move] {
    let states = teardown.states[side]
    return states.indices.map {
      Move(side: side, from: $0 > 0 ? states[$0 - 1] : nil, to: states[$0])
    }
  }

  /// A moment on the time axis of the flow.
  func relative(_ time: Int64) -> String {
    Wording.seconds(time.saturatingSubtracting(record.start))
  }
}

/// What the evidence holds.
extension Explanation {
  /// The segment of `frame`, where it is held as evidence.
  func held(_ frame: Int) -> Observation? {
    evidence.first { $0.frame == frame } ?? evidence.first { $0.lastFrame == frame }
  }

  /// The copies of that side's FIN.
  func copies(ofFINOf side: Side) -> [Observation] {
    evidence.filter { $0.isFIN && $0.side == side && !$0.isOfNextIncarnation }
  }

  /// How often that side's FIN was captured.
  func count(ofFINOf side: Side) -> Int { copies(ofFINOf: side).reduce(0) { $0 + Int($1.count) } }

  /// The first captured copy of that side's FIN, as a sentence names it.
  func fin(of side: Side) -> String {
    guard let copy = copies(ofFINOf: side).first else { return "the \(side.name)'s FIN" }
    return "the \(side.name)'s FIN (frame \(copy.frame))"
  }

  /// A segment of `side` that acknowledges what came with the segment of `frame` or after it.
  func proof(ofArrivalOf frame: Int, at side: Side) -> Observation? {
    guard let arrived = held(frame) else { return nil }
    return evidence.first {
      $0.side == side && $0.time > arrived.time && $0.flags.contains(.ack) && !$0.isReset
        && !$0.isICMPError && !$0.isOfNextIncarnation
        && $0.acknowledgmentNumber - arrived.sequenceNumber > 0
    }
  }

  /// The frame that a RST answers: what the verdict names, else the last segment that acknowledged
  /// just the number of the RST.
  func offender(of reset: Observation) -> Int? {
    if let verdict = teardown.reset, verdict.frames.contains(reset.frame) {
      return verdict.frames.array.first {
        guard let segment = held($0) else { return false }
        return segment.side == reset.side.peer && !segment.isReset
      }
    }
    return evidence.last {
      $0.side == reset.side.peer && $0.time <= reset.time && $0.flags.contains(.ack) && !$0.isReset
        && !$0.isICMPError && $0.acknowledgmentNumber == reset.sequenceNumber
    }?.frame
  }

  /// The frame of the data that a RST answers: the last payload before the end began, where no
  /// segment is held.
  func data(answeredBy reset: Observation) -> Int? {
    if let offender = offender(of: reset) { return offender }
    let payload = record.closing.lastPayloads[reset.side.peer]
    return payload.isKnown ? payload.frame : nil
  }

  /// Whether anything but a RST acknowledges that side's FIN.
  func isAcknowledged(finOf side: Side) -> Bool {
    guard let copy = copies(ofFINOf: side).first else { return false }
    return evidence.contains {
      $0.side == side.peer && !$0.isReset && !$0.isOfNextIncarnation && $0.acknowledges(copy.end)
    }
  }

  func finding(_ code: Finding.Code, of side: Side? = nil) -> Finding? {
    teardown.findings.first { $0.code == code && (side == nil || $0.side == side) }
  }
}

extension [String] {
  /// `1`, `1 and 2`, `1, 2 and 3`.
  var listed: String {
    guard let last, count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}

extension [Int] {
  /// `frame 1`, `frames 1 and 2`; nil without any.
  var asFrames: String? {
    isEmpty ? nil : "frame\(count == 1 ? "" : "s") \(map(String.init).listed)"
  }

  /// The same of some that stand for `all`: `frames 1, 2 and 5 more`.
  func asFrames(of all: Int) -> String? {
    guard all > count, !isEmpty else { return asFrames }
    return "frames \((map(String.init) + ["\(Wording.grouped(all - count)) more"]).listed)"
  }
}

extension String {
  /// The text with its first letter large: the beginning of a sentence.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
