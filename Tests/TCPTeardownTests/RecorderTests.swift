import FlowScripts
import Testing

@testable import TCPTeardown

@Suite("Records of flow after flow")
struct RecorderTests {
  private static let options = ReconstructionOptions()

  @Test("nothing of a flow is left in the record of the next")
  func nothingLeft() {
    var recorder = Recorder(options: Self.options)
    var flows = 0
    for seed in 0..<500 as Range<UInt64> {
      let due = RandomCapture(seed: seed).due()
      var metTimeWait: Set<Int> = []
      var place = 0
      recorder.record(due) { record in
        let flow = due.flows[place]
        var facts = due.facts(place)
        facts.metTimeWait = metTimeWait.contains(record.stream)
        let alone = reconstruct(facts, options: Self.options)
        if let successor = flow.successor, !alone.timeWait.isEmpty { metTimeWait.insert(successor) }
        #expect(record.teardown == alone)
        #expect(record.evidence == facts.evidence)
        place += 1
      }
      #expect(place == due.count)
      flows += place
    }
    #expect(flows > 500)
  }

  @Test("a record that is kept stays as it was")
  func kept() {
    let due = RandomCapture(seed: 1).due()
    var recorder = Recorder(options: Self.options)
    var kept: [FlowRecord] = []
    for _ in 0..<2 { recorder.record(due) { kept.append(copy $0) } }
    #expect(due.count > 1)
    #expect(kept[..<due.count].map(\.teardown) == kept[due.count...].map(\.teardown))
    #expect(kept[..<due.count].map(\.evidence) == kept[due.count...].map(\.evidence))
  }
}

extension DueFlows {
  /// All that is known of a flow, but for its predecessor's TIME-WAIT.
  func facts(_ place: Int) -> FlowFacts {
    var facts = FlowFacts()
    tell(place, to: &facts)
    let (flow, row) = (flows[place], flows[place].place)
    facts.evidence =
      flow.isPacked
      ? (0..<Int(packed[row].count)).map { packed[row].observation(at: $0) }
      : Array(observations[flow.evidence])
    return facts
  }
}
