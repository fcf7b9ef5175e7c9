import FlowScripts
import TCPTeardown
import Testing

@Suite("R24, R26, R27: impossible flags, gaps, and captures that end early")
struct EarlyEndTests {
  @Test(
    "flags that no endpoint sends are counted and are no event",
    arguments: [
      "SF 0 0 0", "SF. 0 0 11", "SR 0 0 0", "SR. 0 0 11", "F 1 0 0", "- 1 0 0", "FR. 1 0 11",
    ])
  func impossible(segment: String) {
    var table = FlowTable(options: ReconstructionOptions())
    let records = FlowScript().records(
      """
      # An open connection and one segment with impossible flags.
      \(Opened.nearClient)
      20 < P. 1 10 1
      30 > \(segment)
      40 > . 1 0 11
      """, in: &table)
    let verdict = Verdict(records[0])
    #expect(records.count == 1)
    #expect(verdict.head == "open")
    #expect(verdict.close == "client:\nserver:")
    #expect(table.counts.impossibleFlags == 1)
    #expect(verdict.record.packets == PerSide(client: 4, server: 2))
  }

  /// A whole close by the server, seen next to the client, and the path after each of its frames.
  static let whole = [
    ("0 > S 0 0 0", "SYN-SENT | "),
    ("10 < S. 0 0 1", "SYN-SENT ESTABLISHED | SYN-RECEIVED"),
    ("10 > . 1 0 1", "SYN-SENT ESTABLISHED | SYN-RECEIVED ESTABLISHED"),
    ("100 < F. 1 0 1", "SYN-SENT ESTABLISHED CLOSE-WAIT | SYN-RECEIVED ESTABLISHED FIN-WAIT-1"),
    (
      "100.1 > . 1 0 2",
      "SYN-SENT ESTABLISHED CLOSE-WAIT | SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2"
    ),
    (
      "200 > F. 1 0 2",
      "SYN-SENT ESTABLISHED CLOSE-WAIT LAST-ACK | "
        + "SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2"
    ),
    (
      "210 < . 2 0 2",
      "SYN-SENT ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED | "
        + "SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT"
    ),
  ]

  @Test("a capture that ends within a close leaves both sides where they are", arguments: 1...7)
  func cut(length: Int) {
    let lines = Self.whole.prefix(length)
    let verdict = Verdict(of: "# Cut.\n" + lines.map(\.0).joined(separator: "\n"))
    let states = verdict.record.teardown.states
    let path = [states.client, states.server].map {
      $0.map(\.state.rawValue).joined(separator: " ")
    }
    #expect(path.joined(separator: " | ") == lines.last?.1)
    for side in Side.allCases { #expect(states[side].last?.leftAt == nil) }
  }

  @Test("an acknowledgment of data that was never captured makes what follows inferred")
  func gap() {
    let verdict = Verdict(
      of: """
        # The server acknowledges 500 octets that the capture lacks; then a close.
        \(Opened.nearClient)
        50 < . 1 0 501
        100 > F. 501 0 1
        110 < F. 1 0 502
        110.1 > . 502 0 2
        """)
    #expect(verdict.findings(.gap) != "")
    #expect(verdict.close.hasPrefix("client: FIN-WAIT-1 100 iR1"))
  }
}
