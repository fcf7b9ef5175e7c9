internal import PacketDecoding

/// What the facts of one flow come to, by the rules of docs/inference.md.
///
/// A pure function.
package func reconstruct(_ facts: FlowFacts, options: ReconstructionOptions) -> Teardown {
  var reconstruction = Reconstruction(options: options)
  reconstruction.facts = facts
  reconstruction.record.evidence = facts.evidence
  reconstruction.record.handshake = facts.handshake
  reconstruction.record.closing = facts.closing
  reconstruction.run()
  return reconstruction.record.teardown
}

/// The work of `reconstruct`: each step reads the evidence and what the steps before it found.
///
/// One does it for flow after flow: put the next one's facts in, its evidence where it is handed on,
/// and `run()`. The arrays stay, so that a plain flow takes no room anew; and most flows end with a
/// close that `tellPlainClose` tells with less.
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
  /// What one side's numbers tell, where nothing of the other was captured.
  var oneDirection: OneDirection?
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
    vantage = Vantage(facts.handshake, evidence: evidence.span)
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
    lowerGradesBehindGapAndEnd()
    lowerGradesOfOneDirection()
    record.teardown.states.client.conclude()
    record.teardown.states.server.conclude()
    record.teardown.outcome = outcome()
    record.teardown.hints = facts.hints
    addFindings()
    record.teardown.vantage = vantage
    // Mostly one array with the record's, which only its sole owner changes in place.
    evidence = []
  }

  /// Leaves nothing of the flow before.
  private mutating func forget() {
    fin = PerSide(both: nil)
    oneDirection = nil
    isUnreachableByICMP = false
    isResetEarly = false
    record.teardown.forget()
  }

  private mutating func sortEvidence() {
    evidence = record.evidence
    for place in evidence.indices.dropFirst()
    where evidence[place].time < evidence[place - 1].time {
      evidence.sort { ($0.time, $0.frame) < ($1.time, $1.frame) }
      break
    }
    kinds = EvidenceKinds(evidence.span)
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
      side, state,
      Estimate(time: time, grade: grade, frames: frames, earliest: earliest, latest: latest), rule)
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

  /// Lets `side`, which has a state, enter `state`; when it leaves one shows in the end.
  @inline(__always)
  mutating func enter(_ side: Side, _ state: State, _ entry: Estimate, _ rule: Rule) {
    var entry = entry
    let last = record.teardown.states[side].count - 1
    // What is estimated must not run back behind what came before it.
    entry.move(behind: record.teardown.states[side][last].enteredAt)
    record.teardown.states[side].append(StateInterval(state, entry, rule))
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
    move(
      side, event, at: time, grade: grade, rule: rule, frames: frames, earliest: earliest,
      latest: latest)
  }
}

extension [StateInterval] {
  /// A side leaves each state when it enters the next; and only what is inferred has bounds.
  mutating func conclude() {
    var states = mutableSpan
    for place in states.indices {
      if place > 0 { states[place - 1].leftAt = states[place].enteredAt }
      if states[place].grade != .inferred { states[place].dropBounds() }
    }
  }
}
