internal import PacketDecoding

/// What the facts of one flow come to, by the rules of docs/inference.md.
///
/// A pure function.
package func reconstruct(_ facts: FlowFacts, options: ReconstructionOptions) -> Teardown {
  var reconstruction = Reconstruction(options: options)
  reconstruction.facts = facts
  reconstruction.run()
  return reconstruction.record.teardown
}

/// The work of `reconstruct`: each step reads the evidence and what the steps before it found.
///
/// One does it for flow after flow: put the next one's facts in, and `run()`. Its arrays stay, so
/// that a plain flow takes no room anew.
struct Reconstruction: ~Copyable {
  // Only makes it a type that is handed on by address. Swift 6.3 otherwise copies all of its 1,500
  // octets for each call that borrows them: that was a third of the work.
  private let byAddress: any Sendable = ()
  let options: ReconstructionOptions
  var facts = FlowFacts()
  /// By time, and so free of the order in which a file happens to hold it.
  private(set) var evidence: [Observation] = []
  var kinds = EvidenceKinds()
  var vantage = Vantage()
  /// The number of either side's FIN: that of its last octet of payload, plus one.
  var fin = PerSide<SequenceNumber?>(both: nil)
  /// Which FIN was sent first.
  var order = CloseOrder.none
  /// What shows that the side whose FIN was second had the first, by its place in the evidence.
  var otherFINShown: Int?
  /// A SYN met an ICMP error.
  var isUnreachableByICMP = false
  /// An acceptable RST ended a side before both FINs were acknowledged.
  var isResetEarly = false
  /// What comes of it is put together where it is handed on.
  var record = FlowRecord()

  init(options: ReconstructionOptions) { self.options = options }

  mutating func run() {
    forget()
    sortEvidence()
    vantage = Vantage(facts.handshake, evidence: evidence)
    findFINs()
    learnDelaysFromClose()
    beginStates()
    findOrder()
    record.teardown.closedBy = closer()
    moveThroughClose()
    applyResets()
    expireWithoutSegments()
    applyICMPErrors()
    keepTimeWaits()
    lowerGradesBehindGap()
    record.teardown.outcome = outcome()
    record.teardown.hints = facts.hints
    addFindings()
    record.teardown.vantage = vantage
  }

  /// Leaves nothing of the flow before.
  private mutating func forget() {
    fin = PerSide(both: nil)
    isUnreachableByICMP = false
    isResetEarly = false
    record.teardown.forget()
  }

  private mutating func sortEvidence() {
    evidence = facts.evidence
    for place in evidence.indices.dropFirst()
    where evidence[place].time < evidence[place - 1].time {
      evidence.sort { ($0.time, $0.frame) < ($1.time, $1.frame) }
      break
    }
    kinds = EvidenceKinds(evidence)
  }

  /// Lets go of the flow's evidence, so that the next one's can take its room.
  mutating func removeEvidence() {
    evidence = []
    record.evidence = []
    facts.evidence.removeAll(keepingCapacity: true)
  }

  /// The time at `side` of something it sent, seen at the capture at `time`.
  @inline(__always)
  func sent(_ time: Int64, by side: Side) -> Int64 { time - vantage.delay[side] }

  /// The time at `side` of something it receives, seen at the capture at `time`.
  @inline(__always)
  func received(_ time: Int64, by side: Side) -> Int64 { time + vantage.delay[side] }

  /// The state that `side` is in at `time`, as far as the steps so far know.
  func state(of side: Side, at time: Int64) -> State? {
    record.teardown.states[side].last { $0.enteredAt <= time }?.state
  }

  /// Takes in a finding; one that says the same as an earlier one adds to its count.
  mutating func report(_ finding: Finding) {
    let same = record.teardown.findings.firstIndex {
      $0.code == finding.code && $0.side == finding.side && $0.values == finding.values
    }
    guard let same else {
      record.teardown.findings.append(finding)
      return
    }
    record.teardown.findings[same].count += finding.count
    for frame in finding.frames.array { record.teardown.findings[same].frames.add(frame) }
  }

  /// Puts `side` through `event`, where RFC 9293 has that arrow from the state it is in.
  mutating func move(
    _ side: Side, _ event: Event, at time: Int64, grade: Grade, rule: Rule, frames: Frames,
    earliest: Int64? = nil, latest: Int64? = nil
  ) {
    guard let state = lastState(of: side)?.next(on: event) else { return }
    enter(
      StateInterval(
        state: state, enteredAt: time, grade: grade, rule: rule, frames: frames,
        earliest: earliest, latest: latest), by: side)
  }

  /// The state that `side` is in after the steps so far.
  @inline(__always)
  func lastState(of side: Side) -> State? {
    let last = record.teardown.states[side].count - 1
    return last < 0 ? nil : record.teardown.states[side][last].state
  }

  /// Where in the states of `side` the first of that kind stands.
  func place(of state: State, at side: Side) -> Int? {
    for place in record.teardown.states[side].indices
    where record.teardown.states[side][place].state == state {
      return place
    }
    return nil
  }

  /// Lets `side`, which has a state, leave it for `next`.
  mutating func enter(_ next: StateInterval, by side: Side) {
    var next = next
    let last = record.teardown.states[side].count - 1
    // What is estimated must not run back behind what came before it.
    next.enteredAt = max(next.enteredAt, record.teardown.states[side][last].enteredAt)
    record.teardown.states[side][last].leftAt = next.enteredAt
    if next.grade == .observed {
      next.earliest = nil
      next.latest = nil
    } else {
      next.earliest = next.earliest.map { min($0, next.enteredAt) }
      next.latest = next.latest.map { max($0, next.enteredAt) }
    }
    record.teardown.states[side].append(next)
  }

  /// Closes `side` at `time`, taking back whatever it was thought to enter after that.
  mutating func close(
    _ side: Side, on event: Event, at time: Int64, grade: Grade, rule: Rule, frames: Frames,
    earliest: Int64? = nil, latest: Int64? = nil
  ) {
    while record.teardown.states[side].count > 1, let last = record.teardown.states[side].last,
      last.enteredAt > time
    {
      record.teardown.states[side].removeLast()
    }
    if let last = record.teardown.states[side].indices.last {
      record.teardown.states[side][last].leftAt = nil
    }
    move(
      side, event, at: time, grade: grade, rule: rule, frames: frames, earliest: earliest,
      latest: latest)
  }
}
