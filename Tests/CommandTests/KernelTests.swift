import PacketCapture
import PacketDecoding
import TCPTeardown
import Testing

@testable import tcpclose

/// The analysis of each recorded case, from both ends, against the kernel's own account.
@Suite("Against the kernel")
struct KernelTests {
  private static let millisecond: Int64 = 1_000_000

  @Test(arguments: Fixtures.cases, Side.allCases)
  func agrees(name: String, vantage: Side) throws {
    guard let path = Fixtures.capture(name, vantage) else { return }
    let truth = try Truth(of: name)
    let records = try Fixtures.records(of: path)
    let end = (records.map(\.end).max() ?? 0) + 100 * Self.millisecond
    for flow in truth.flows.sorted(by: { $0.opened < $1.opened }) {
      guard let record = Self.record(of: flow, in: records) else {
        // A SYN that never got here leaves nothing to say.
        #expect(vantage == .server && flow.sides.server.states.isEmpty, "no record")
        continue
      }
      let claims = Claims(record: record, flow: flow, vantage: vantage, end: end)
      for (claim, failure) in claims.failures
      where !Fixtures.isUndecidable(name, vantage, claim) {
        Issue.record("\(claim): \(failure)")
      }
    }
  }

  /// The record of the flow that the kernel opened then: tuples are used again.
  private static func record(of flow: Truth.TrueFlow, in records: [FlowRecord]) -> FlowRecord? {
    records.filter { $0.client == flow.client.endpoint && $0.server == flow.server.endpoint }
      .filter { abs($0.start - flow.opened) < 1500 * millisecond }
      .min { abs($0.start - flow.opened) < abs($1.start - flow.opened) }
  }
}
