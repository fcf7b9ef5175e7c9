internal import PacketDecoding

/// What the facts of one flow come to, by the rules of docs/inference.md.
///
/// A pure function.
package func reconstruct(_ facts: FlowFacts, options: ReconstructionOptions) -> Teardown {
  var reconstruction = Reconstruction(facts, options: options)
  reconstruction.run()
  return reconstruction.result
}

/// The work of `reconstruct`: each step reads the evidence and what the steps before it found.
struct Reconstruction: ~Copyable {
  let facts: FlowFacts
  let options: ReconstructionOptions
  /// By time, and so free of the order in which a file happens to hold it.
  let evidence: [Observation]
  var vantage: Vantage
  /// The number of either side's FIN: that of its last octet of payload, plus one.
  var fin = PerSide<SequenceNumber?>(both: nil)
  /// Where in the evidence either FIN stands first, and its first acknowledgment.
  var firstCopies = PerSide<Int?>(both: nil)
  var firstCovers = PerSide<Int?>(both: nil)
  /// Which FIN was sent first.
  var order = CloseOrder.none
  /// A SYN met an ICMP error.
  var isUnreachableByICMP = false
  /// An acceptable RST ended a side before both FINs were acknowledged.
  var isResetEarly = false
  var result = Teardown()

  init(_ facts: FlowFacts, options: ReconstructionOptions) {
    self.facts = facts
    self.options = options
    var sorted = facts.evidence
    for index in sorted.indices.dropFirst() where sorted[index].time < sorted[index - 1].time {
      sorted.sort { ($0.time, $0.frame) < ($1.time, $1.frame) }
      break
    }
    evidence = sorted
    vantage = Vantage(facts.handshake, evidence: sorted)
  }

  mutating func run() {
    findFINs()
    learnDelaysFromClose()
    beginStates()
    order = closeOrder()
    result.closedBy = closer()
    moveThroughClose()
    applyResets()
    expireWithoutSegments()
    applyICMPErrors()
    keepTimeWaits()
    lowerGradesBehindGap()
    result.outcome = outcome()
    result.hints = facts.hints
    addFindings()
    result.vantage = vantage
  }

  /// The time at `side` of something it sent, seen at the capture at `time`.
  func sent(_ time: Int64, by side: Side) -> Int64 { time - vantage.delay[side] }

  /// The time at `side` of something it receives, seen at the capture at `time`.
  func received(_ time: Int64, by side: Side) -> Int64 { time + vantage.delay[side] }

  /// The state that `side` is in at `time`, as far as the steps so far know.
  func state(of side: Side, at time: Int64) -> State? {
    result.states[side].last { $0.enteredAt <= time }?.state
  }

  /// Takes in a finding; one that says the same as an earlier one adds to its count.
  mutating func report(_ finding: Finding) {
    let same = result.findings.firstIndex {
      $0.code == finding.code && $0.side == finding.side && $0.values == finding.values
    }
    guard let same else {
      result.findings.append(finding)
      return
    }
    result.findings[same].count += finding.count
    for frame in finding.frames.array { result.findings[same].frames.add(frame) }
  }

  /// Puts `side` through `event`, where RFC 9293 has that arrow from the state it is in.
  @discardableResult
  mutating func move(
    _ side: Side, _ event: Event, at time: Int64, grade: Grade, rule: Rule, frames: Frames,
    earliest: Int64? = nil, latest: Int64? = nil
  ) -> Bool {
    guard let last = result.states[side].indices.last,
      let next = result.states[side][last].state.next(on: event)
    else { return false }
    // What is estimated must not run back behind what came before it.
    let entered = max(time, result.states[side][last].enteredAt)
    result.states[side][last].leftAt = entered
    var interval = StateInterval(
      state: next, enteredAt: entered, grade: grade, rule: rule, frames: frames)
    if grade != .observed {
      interval.earliest = earliest.map { min($0, entered) }
      interval.latest = latest.map { max($0, entered) }
    }
    result.states[side].append(interval)
    return true
  }

  /// Closes `side` at `time`, taking back whatever it was thought to enter after that.
  mutating func close(
    _ side: Side, on event: Event, at time: Int64, grade: Grade, rule: Rule, frames: Frames,
    earliest: Int64? = nil, latest: Int64? = nil
  ) {
    while result.states[side].count > 1, let last = result.states[side].last,
      last.enteredAt > time
    {
      result.states[side].removeLast()
    }
    if let last = result.states[side].indices.last { result.states[side][last].leftAt = nil }
    move(
      side, event, at: time, grade: grade, rule: rule, frames: frames, earliest: earliest,
      latest: latest)
  }
}
