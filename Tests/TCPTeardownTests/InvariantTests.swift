import FlowScripts
import PacketDecoding
import TCPTeardown
import Testing

/// What holds of every verdict, whatever was captured.
@Suite("Whatever is captured")
struct InvariantTests {
  /// What a verdict can get wrong.
  enum Fault: CaseIterable {
    /// A side's states do not follow each other as Figure 5 and time do.
    case states
    /// A state's best guess lies outside of its bounds.
    case bounds
    /// TIME-WAIT as a state and in the ledger are not the same.
    case ledger
    /// A claim lacks the frames that prove it.
    case proof
    /// Packets, octets or flows do not add up.
    case counts
    /// A flow ends before it starts, by its stamps or its frames.
    case span
  }

  typealias Faults = [Fault: [String]]

  @Test("no capture traps, and every verdict keeps the rules", arguments: 0..<20 as Range<UInt64>)
  func verdicts(part: UInt64) {
    var faults: Faults = [:]
    for seed in part * 100..<part * 100 + 100 {
      let capture = RandomCapture(seed: seed)
      let result = capture.run()
      var found: Faults = [:]
      checkCounts(result, capture, &found)
      for record in result.records {
        check(record, frames: capture.packets.count, &found)
        checkEnd(record, result.end, &found)
      }
      for (kind, texts) in found { faults[kind, default: []].append("capture \(seed): \(texts)") }
    }
    for kind in Fault.allCases {
      #expect(faults[kind] == nil)
    }
  }

  @Test("the same capture gives the same verdicts")
  func deterministic() {
    for seed in 0..<100 as Range<UInt64> {
      let first = RandomCapture(seed: seed).run().records
      let second = RandomCapture(seed: seed).run().records
      #expect(first.map(\.teardown) == second.map(\.teardown))
    }
  }

  private func checkCounts(
    _ result: RandomCapture.Result, _ capture: RandomCapture, _ faults: inout Faults
  ) {
    let records = result.records
    var segments = 0
    var octets: UInt64 = 0
    for case .segment(let segment) in capture.packets.map(\.packet) {
      segments += 1
      octets += UInt64(segment.payloadLength)
    }
    let packets = records.reduce(0) { $0 + $1.packets.client + $1.packets.server }
    if packets != segments {
      faults[.counts, default: []].append("\(packets) packets of \(segments)")
    }
    let counted = records.reduce(0) { $0 + $1.payloadOctets.client + $1.payloadOctets.server }
    if counted != octets { faults[.counts, default: []].append("\(counted) octets of \(octets)") }
    if result.counts.segments != segments {
      faults[.counts, default: []].append("segments counted wrongly")
    }
    if result.left != 0 { faults[.counts, default: []].append("\(result.left) flows left") }
    if records.map(\.stream).sorted() != Array(0..<records.count) {
      faults[.counts, default: []].append("streams")
    }
  }

  private func check(_ record: FlowRecord, frames: Int, _ faults: inout Faults) {
    let teardown = record.teardown
    for side in Side.allCases { check(teardown.states[side], side, frames: frames, &faults) }
    checkTimeWaits(teardown, &faults)
    if record.evidence.count > 32 {
      faults[.counts, default: []].append("\(record.evidence.count) observations")
    }
    if record.start > record.end { faults[.span, default: []].append("ends before it starts") }
    if record.firstFrame > record.lastFrame {
      faults[.span, default: []].append("frames out of order")
    }
    if let closer = teardown.closedBy, closer.grade == .observed, closer.frames.count == 0 {
      faults[.proof, default: []].append("an observed closer without frames")
    }
    if let reset = teardown.reset, reset.frames.count == 0 {
      faults[.proof, default: []].append("a reset without frames")
    }
    // R28: the numbers of one side tell of the other's FIN, which was not captured.
    let isOneDirection = Side.allCases.contains { record.packets[$0] == 0 }
    if let closer = teardown.closedBy, !record.seen.contains(.fin),
      !isOneDirection || closer.grade == .observed
    {
      faults[.proof, default: []].append("a closer without a FIN")
    }
    if teardown.reset != nil, !record.seen.contains(.rst),
      !record.evidence.contains(where: {
        $0.isReset && $0.isOfNextIncarnation
      })
    {
      faults[.proof, default: []].append("reset without RST")
    }
    let values = teardown.findings.flatMap(\.values) + (teardown.reset?.values ?? [])
    for case .duration(let duration) in values.map(\.value) where duration < 0 {
      faults[.span, default: []].append("a duration of \(duration)")
    }
    // What superseded a flow is of the next; its frame is not always kept with this one.
    for finding in teardown.findings
    where finding.grade == .observed && finding.frames.count == 0 && finding.code != .superseded {
      faults[.proof, default: []].append("finding \(finding.code) observed without frames")
    }
    for finding in teardown.findings where finding.count < 1 {
      faults[.counts, default: []].append("finding \(finding.code) with count \(finding.count)")
    }
  }

  private func check(
    _ states: [StateInterval], _ side: Side, frames: Int, _ faults: inout Faults
  ) {
    for (place, state) in states.enumerated() {
      let name = "\(side.name) \(state.state.rawValue)"
      if place == 0, ![.synSent, .synReceived, .established].contains(state.state) {
        faults[.states, default: []].append("\(name) is no beginning")
      }
      if state.grade == .observed, state.frames.count == 0 {
        faults[.proof, default: []].append("\(name) observed without frames")
      }
      if state.frames.array.contains(where: { $0 > frames }) {
        faults[.proof, default: []].append("\(name): frames")
      }
      if state.grade != .inferred, state.earliest != nil || state.latest != nil {
        faults[.bounds, default: []].append("\(name) has bounds and is \(state.grade.name)")
      }
      if let earliest = state.earliest, earliest > state.enteredAt {
        faults[.bounds, default: []].append("\(name) entered before its earliest")
      }
      if let latest = state.latest, latest < state.enteredAt {
        faults[.bounds, default: []].append("\(name) entered after its latest")
      }
      guard place + 1 < states.count else {
        if state.leftAt != nil {
          faults[.states, default: []].append("\(name), the last, was left")
        }
        continue
      }
      let next = states[place + 1]
      if state.leftAt != next.enteredAt {
        faults[.states, default: []].append("\(name) and the next do not meet")
      }
      if next.enteredAt < state.enteredAt {
        faults[.states, default: []].append("\(name): time goes back")
      }
      if !Event.allCases.contains(where: { state.state.next(on: $0) == next.state }) {
        faults[.states, default: []].append("\(name) -> \(next.state.rawValue) is no arrow")
      }
    }
  }

  /// R26: what lies behind the capture's end is not observed.
  private func checkEnd(_ record: FlowRecord, _ end: Int64, _ faults: inout Faults) {
    for side in Side.allCases {
      for state in record.teardown.states[side]
      where state.grade == .observed && state.enteredAt > end {
        faults[.span, default: []].append(
          "\(side.name) \(state.state.rawValue) observed behind the end")
      }
    }
  }

  private func checkTimeWaits(_ teardown: Teardown, _ faults: inout Faults) {
    for side in Side.allCases {
      let states = teardown.states[side].filter { $0.state == .timeWait }
      let entries = teardown.timeWait.filter { $0.side == side }
      if states.map(\.enteredAt) != entries.map(\.enteredAt) {
        faults[.ledger, default: []].append(
          "\(side.name): \(states.count) TIME-WAIT, \(entries.count) entries")
      }
      if states.map(\.grade) != entries.map(\.grade) {
        faults[.ledger, default: []].append("\(side.name): TIME-WAIT and its entry differ in grade")
      }
      for (state, entry) in zip(states, entries) {
        if entry.duration < 0 || entry.observedFor < 0 || entry.observedFor > entry.duration {
          faults[.ledger, default: []].append(
            "\(side.name): \(entry.observedFor) seen of \(entry.duration)")
        }
        if let left = state.leftAt, left != entry.enteredAt + entry.duration {
          faults[.ledger, default: []].append(
            "\(side.name): left TIME-WAIT at another time than the entry's end")
        }
        if state.leftAt == nil, entry.endedBy != .captureEnd {
          faults[.ledger, default: []].append(
            "\(side.name): TIME-WAIT ended by \(entry.endedBy), and was not left")
        }
      }
    }
  }
}
