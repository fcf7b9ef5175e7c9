import PacketDecoding
import TCPTeardown
import Testing

@testable import tcpclose

/// The analysis of each recorded case, from both ends, against the kernel's own account.
@Suite("Against the kernel")
struct KernelTests {
  @Test(arguments: Fixtures.cases, Side.allCases)
  func agrees(name: String, vantage: Side) throws {
    guard let path = Fixtures.capture(name, vantage) else { return }
    let wrong = try Self.claims(of: name, vantage, path).filter { $0.failure != nil }
    let undecidable = Fixtures.undecidable(name, vantage)
    for claim in wrong where !undecidable.contains(claim.name) {
      Issue.record("\(claim.name): \(claim.failure ?? "")")
    }
    let stale = undecidable.subtracting(wrong.map(\.name))
    #expect(stale.isEmpty, "undecidable.tsv lists what is right: \(stale.sorted())")
  }

  /// As many entries as need it today: a rule that guesses worse is noticed.
  private static let mostExceptions = 33

  @Test func `no claim that is graded observed is wrong`() throws {
    var right = [Grade: Int]()
    var wrong = [Grade: Int]()
    var vantages = (right: 0, wrong: 0)
    var exceptions = [Claims.Exception: [String]]()
    for name in Fixtures.cases {
      for vantage in Side.allCases {
        guard let path = Fixtures.capture(name, vantage) else { continue }
        let claims = try Self.claims(of: name, vantage, path)
        for claim in claims {
          if let exception = claim.exception {
            let entry = "\(name), \(vantage.name): \(claim.name)"
            exceptions[exception, default: []].append("\(entry), by \(claim.error / 1_000_000) ms")
          }
          guard let grade = claim.grade else { continue }
          if let failure = claim.failure {
            wrong[grade, default: 0] += 1
            #expect(grade != .observed, "\(name), \(vantage.name): \(claim.name): \(failure)")
          } else {
            right[grade, default: 0] += 1
          }
        }
        if claims.contains(where: { $0.failure != nil }) {
          vantages.wrong += 1
        } else {
          vantages.right += 1
        }
      }
    }
    print("vantage points: \(vantages.right) right, \(vantages.wrong) not decided by packets")
    for grade in Grade.allCases.reversed() {
      print("\(grade.name): \(right[grade, default: 0]) right, \(wrong[grade, default: 0]) wrong")
    }
    let count = exceptions.values.reduce(0) { $0 + $1.count }
    print("entries whose bounds, and not their best guess, hold the kernel's time: \(count)")
    for exception in Claims.Exception.allCases {
      let entries = exceptions[exception, default: []]
      print("  \(exception.rawValue): \(entries.count)")
      // A kind that nothing needs any more is no exception.
      #expect(!entries.isEmpty, "\(exception) is not needed")
      for entry in entries { print("    \(entry)") }
    }
    #expect(count <= Self.mostExceptions)
  }

  /// One vantage point a row, and few of them: a rule that fails is no row here.
  @Test func `what packets cannot decide is rare`() {
    #expect(Fixtures.undecidableRows.count <= 8)
    for row in Fixtures.undecidableRows {
      #expect(Fixtures.cases.contains(row.name), "\(row.name) is no case")
    }
  }

  private static func claims(
    of name: String, _ vantage: Side, _ path: String
  ) throws -> [Claims.Claim] {
    let truth = try Truth(of: name)
    let records = try Fixtures.records(of: path)
    let end = (records.map(\.end).max() ?? 0) + 100 * Claims.millisecond
    return truth.flows.flatMap { flow -> [Claims.Claim] in
      guard let record = record(of: flow, in: records) else {
        // A SYN that never got here leaves nothing to say.
        let isSilent = vantage == .server && flow.sides.server.states.isEmpty
        return isSilent ? [] : [Claims.Claim(name: "record", failure: "there is none")]
      }
      return Claims(record: record, flow: flow, vantage: vantage, end: end).all
    }
  }

  /// The record of the flow that the kernel opened then: tuples are used again.
  static func record(of flow: Truth.TrueFlow, in records: [FlowRecord]) -> FlowRecord? {
    let ends = [flow.client.endpoint, flow.server.endpoint]
    return records.filter { [$0.client, $0.server] == ends || [$0.server, $0.client] == ends }
      .filter { abs($0.start - flow.opened) < 1500 * Claims.millisecond }
      .min { abs($0.start - flow.opened) < abs($1.start - flow.opened) }
  }
}
