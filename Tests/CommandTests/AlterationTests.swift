import PacketDecoding
import TCPTeardown
import Testing

/// Verdicts rest on proof: what happens to a capture on its way may make them less sure, never
/// turn one into another.
@Suite("Altered captures")
struct AlterationTests {
  @Test("no other order of the file, and no doubled frame, turns a verdict into another")
  func reorderedAndDoubled() throws {
    var comparison = Comparison()
    for alteration in Alteration.all where !alteration.losesSegments {
      try Self.forEachCapture { try comparison.compare(alteration, of: $0) }
    }
    comparison.report()
  }

  @Test("a capture that began later turns no verdict into another definite one")
  func beheaded() throws {
    var comparison = Comparison()
    try Self.forEachCapture { try comparison.compare(.beheaded, of: $0) }
    comparison.report()
    #expect(comparison.verdicts > 1000)
    #expect(
      comparison.unknown * 20 <= comparison.verdicts,
      "unknown took the place of \(comparison.unknown) of \(comparison.verdicts) verdicts")
  }

  private static func forEachCapture(_ body: (RecordedCapture) throws -> Void) throws {
    for name in Fixtures.cases {
      for vantage in Side.allCases {
        guard let path = Fixtures.capture(name, vantage) else { continue }
        try body(RecordedCapture(name: name, vantage: vantage, path: path))
      }
    }
  }
}

/// One recorded case from one end.
private struct RecordedCapture {
  let name: String
  let vantage: Side
  let path: String
}

/// The verdicts on captures before and after they were altered.
private struct Comparison {
  private(set) var verdicts = 0
  /// Verdicts that were definite before and are unknown now.
  private(set) var unknown = 0
  /// What turned into something else, and in how many flows.
  private var turned: [String: Int] = [:]

  mutating func compare(_ alteration: Alteration, of capture: RecordedCapture) throws {
    let file = try TemporaryFile(alteration.apply(to: CaptureBytes(path: capture.path)).octets)
    let after = Self.byEnds(try Fixtures.records(of: file.path))
    let before = Self.byEnds(try Fixtures.records(of: capture.path))
    let place = "\(capture.name), \(capture.vantage.name), \(alteration)"
    for (ends, flows) in before.sorted(by: { $0.value[0].stream < $1.value[0].stream }) {
      // Of a handshake alone nothing is left that could be judged.
      if alteration.losesSegments, !flows[0].outgrewHandshake { continue }
      let altered = after[ends] ?? []
      if flows.count != altered.count {
        let counts = "\(flows.count) -> \(altered.count)"
        turned["\(place), flows of one pair of ends: \(counts)", default: 0] += 1
      } else {
        for (flow, other) in zip(flows, altered) { compare(flow, other, alteration, place) }
      }
    }
  }

  private mutating func compare(
    _ flow: FlowRecord, _ altered: FlowRecord, _ alteration: Alteration, _ place: String
  ) {
    let cut = alteration.losesSegments
    let before = Verdicts(flow, client: flow.client, withoutHandshake: cut)
    let after = Verdicts(altered, client: flow.client, withoutHandshake: cut)
    for claim in Verdicts.Claim.allCases {
      verdicts += 1
      if before[claim] == after[claim] { continue }
      if cut, after.leavesOpen(claim, of: before) {
        unknown += 1
      } else {
        let what = "\(place), \(claim.rawValue): \(before[claim]) -> \(after[claim])"
        turned[what, default: 0] += 1
      }
    }
  }

  /// Fails with one list of all that turned.
  func report() {
    guard !turned.isEmpty else { return }
    let lines = turned.map { $0.value == 1 ? $0.key : "\($0.key) (\($0.value) times)" }.sorted()
    let count = turned.values.reduce(0, +)
    let heading = "\(count) verdicts turned into others (case, capture, alteration, claim):"
    Issue.record(Comment(rawValue: ([heading] + lines).joined(separator: "\n  ")))
  }

  /// The flows of each pair of ends, in the order in which they began.
  private static func byEnds(_ records: [FlowRecord]) -> [Set<Endpoint>: [FlowRecord]] {
    Dictionary(grouping: records) { [$0.client, $0.server] }
      .mapValues { $0.sorted { $0.start < $1.start } }
  }
}

extension FlowRecord {
  /// The handshake was done, and more came.
  fileprivate var outgrewHandshake: Bool {
    seen.contains(.ack) && !seen.isDisjoint(with: [.data, .fin, .rst])
  }
}
