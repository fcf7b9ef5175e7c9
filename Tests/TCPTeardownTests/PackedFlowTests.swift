import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown

@Suite("Flows that are packed while they wait to be final")
struct PackedFlowTests {
  private static let options = ReconstructionOptions()

  @Test("a packed flow takes less than half of a row and four observations")
  func size() {
    let whole = MemoryLayout<Flow>.stride + 4 * MemoryLayout<Observation>.stride
    #expect(MemoryLayout<PackedFlow>.stride * 2 < whole)
  }

  @Test(
    "a close that waited packed is told just as one that waited in its row",
    arguments: ClosePlot.Change.allCases)
  func sameRecords(_ change: ClosePlot.Change) {
    var packed = 0
    for seed in 0..<300 as Range<UInt64> {
      let plot = ClosePlot(change, seed: seed)
      let expected = Self.tell(plot.script, packing: false)
      let told = Self.tell(plot.script, packing: true)
      #expect(told.words == expected.words, "\(change), seed \(seed):\n\(plot.script)")
      #expect(expected.packed == 0)
      packed += told.packed
    }
    // What comes behind a close takes the flow out again, but it was in.
    switch change {
    case .none, .times, .shortCapture, .hints, .repeated, .reset, .icmp: #expect(packed > 200)
    case .lost, .swapped, .number, .payload, .report: break
    }
  }

  @Test("whatever comes of a flow that was packed")
  func sameOfRandomCaptures() {
    for seed in 0..<1000 as Range<UInt64> {
      let capture = RandomCapture(seed: seed)
      #expect(capture.told(packing: true) == capture.told(packing: false), "seed \(seed)")
    }
  }

  /// A close by the book, with frames and stamps as the arguments have them.
  private static func close(lasting last: Int64, frame: Int) -> FlowTable {
    var table = FlowTable(options: options)
    table.packsFrom = 0
    let script = FlowScript()
    let close = """
      0 > S 0 0 0
      1 < S. 0 0 1
      2 > . 1 0 1
      3 > F. 1 0 1
      4 < F. 1 0 2
      """
    script.feed(close, to: &table, frame: 1)
    script.feed("\(last) > . 2 0 2", to: &table, frame: frame)
    return table
  }

  @Test("a flow is packed if its stamps and frames have room, and told in any case")
  func bounds() {
    let room = (1 << 40 - 1) / 1_000_000
    for (last, frame, isPacked) in [
      (5, 6, true), (Int64(room), 6, true), (Int64(room) + 1, 6, false),
      (5, 1 << 23, true), (5, 1 << 23 + 1, false),
    ] {
      var table = Self.close(lasting: last, frame: frame)
      let packed = table.closed.count
      #expect(packed == (isPacked ? 1 : 0), "\(last) ms, frame \(frame)")
      let records = FlowScript.finish(&table)
      #expect(records.count == 1)
      #expect(records[0].lastFrame == frame)
      #expect(records[0].end - records[0].start == last * 1_000_000)
      #expect(records[0].teardown.outcome == .orderly)
    }
  }

  @Test("a record of which nobody wants the evidence is the same but for it")
  func withoutEvidence() {
    for keepsEvidence in [true, false] {
      var table = Self.close(lasting: 5, frame: 6)
      table.advance(to: FlowScript.start + 50_000_000_000)
      while table.finishSome(), table.count > 0 {}
      var due = DueFlows()
      table.takeDue(&due)
      var recorder = Recorder(options: Self.options, keepsEvidence: keepsEvidence)
      recorder.record(due) { record in
        #expect(record.evidence.count == (keepsEvidence ? 3 : 0))
        #expect(record.teardown == reconstruct(due.facts(0), options: Self.options))
      }
    }
  }

  /// What a script comes to, and how many flows were packed, if only for a while.
  private static func tell(_ script: String, packing: Bool) -> (words: [String], packed: Int) {
    var table = FlowTable(options: options)
    table.packsFrom = packing ? 0 : .max
    FlowScript(options: options).feed(script, to: &table)
    let packed = table.closed.places
    return (FlowScript.finish(&table).map(\.words), packed)
  }
}

extension RandomCapture {
  /// All that its records tell.
  fileprivate func told(packing: Bool) -> [String] {
    var table = FlowTable(options: ReconstructionOptions())
    table.packsFrom = packing ? 0 : .max
    var recorder = Recorder(options: table.options)
    var words: [String] = []
    feed(to: &table) { table in recorder.drain(&table) { words.append($0.words) } }
    return words + FlowScript.finish(&table, &recorder).map(\.words)
  }
}

extension FlowRecord {
  /// All that it tells, in words.
  fileprivate var words: String {
    var words: [String] = []
    for child in Mirror(reflecting: self).children where child.label != "zeek" {
      words.append("\(child.label ?? ""): \(child.value)")
    }
    words += [zeekConnectionState, zeekHistory]
    return words.joined(separator: "\n")
  }
}
