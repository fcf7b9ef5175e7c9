import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown

@Suite("Settled flows leave their rows")
struct SettledFlowsTests {
  @Test(
    "what leaves its row and comes back gives the record of what stays, as a live view has it",
    arguments: 0..<80 as Range<UInt64>)
  func same(seed: UInt64) {
    var leaving = FlowTable(options: ReconstructionOptions())
    var staying = FlowTable(
      options: ReconstructionOptions(), announceAfter: 500 * .nanosecondsPerMillisecond)
    for (place, (time, packet)) in RandomCapture(seed: seed).packets.enumerated() {
      leaving.advance(to: time)
      staying.advance(to: time)
      switch packet {
      case .segment(let segment):
        leaving.take(segment, at: time, frame: place + 1)
        staying.take(segment, at: time, frame: place + 1)
      case .error(let error):
        leaving.take(error, at: time, frame: place + 1)
        staying.take(error, at: time, frame: place + 1)
      }
      #expect(leaving.count == staying.count)
    }
    #expect(leaving.counts == staying.counts)
    let records = FlowScript.finish(&leaving).filter(\.isFinal).sorted { $0.stream < $1.stream }
    let others = FlowScript.finish(&staying).filter(\.isFinal).sorted { $0.stream < $1.stream }
    #expect(records.map(\.teardown) == others.map(\.teardown))
    #expect(records.map(\.evidence) == others.map(\.evidence))
    #expect(records.map(\.stream) == others.map(\.stream))
    #expect(records.map(\.lastFrame) == others.map(\.lastFrame))
  }

  @Test("evidence of any length comes back as it was", arguments: 0...9)
  func evidence(length: Int) {
    var pool = EvidencePool()
    var settled = SettledFlows()
    let nowhere = Segment().source
    let tuple = Tuple(nowhere, nowhere)
    var flow = Flow(stream: 7, key: tuple.key, time: 0, frame: 1, marks: [])
    for number in 0..<length { pool.append(PoolTests.observation(number), to: &flow.evidence) }
    settled.add(flow, hash: tuple.hash, deadline: 5, latest: .max, pool: &pool)
    let numbers = (0..<length).map(Int64.init)
    let slot = settled.slot(of: tuple)
    #expect(Self.times(of: slot, settled, pool) == numbers)
    var out = settled.takeOut(slot, pool: &pool)
    #expect(pool.observations(of: out.evidence).map(\.time) == numbers)
    pool.append(PoolTests.observation(length), to: &out.evidence)
    settled.putBack(out, pool: &pool)
    #expect(settled.slot(of: tuple) == slot && settled.count == 1)
    #expect(Self.times(of: slot, settled, pool) == numbers + [Int64(length)])
    #expect(settled.next(due: 4) == nil)
    #expect(settled.next(due: 5) == slot)
    settled.remove(slot, hash: tuple.hash)
    #expect(settled.slot(of: tuple) == -1 && settled.count == 0)
  }

  private static func times(
    of slot: Int, _ settled: SettledFlows, _ pool: EvidencePool
  ) -> [Int64] {
    var observations: [Observation] = []
    settled.addEvidence(of: slot, pool, to: &observations)
    return observations.map(\.time)
  }
}
