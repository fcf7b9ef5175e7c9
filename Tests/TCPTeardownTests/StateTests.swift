import TCPTeardown
import Testing

@Suite("RFC 9293 Figure 5")
struct StateTests {
  /// Figure 5 as a table of its own: one row a state, one column an event; "." is "no arrow".
  ///
  /// RST and the last column are not in the figure: §3.10.7 closes the connection on a reset, and
  /// a side may let go of it without a segment.
  static let figure5 = """
                 popen  sSYN     rSYN         rSYNACK     ackSYN      sFIN       rFIN       ackFIN     RST    2MSL   delete
    CLOSED       LISTEN SYN-SENT .            .           .           .          .          .          .      .      .
    LISTEN       .      SYN-SENT SYN-RECEIVED .           .           .          .          .          .      .      CLOSED
    SYN-SENT     .      .        SYN-RECEIVED ESTABLISHED .           .          .          .          CLOSED .      CLOSED
    SYN-RECEIVED .      .        .            .           ESTABLISHED FIN-WAIT-1 .          .          CLOSED .      CLOSED
    ESTABLISHED  .      .        .            .           .           FIN-WAIT-1 CLOSE-WAIT .          CLOSED .      CLOSED
    FIN-WAIT-1   .      .        .            .           .           .          CLOSING    FIN-WAIT-2 CLOSED .      CLOSED
    FIN-WAIT-2   .      .        .            .           .           .          TIME-WAIT  .          CLOSED .      CLOSED
    CLOSE-WAIT   .      .        .            .           .           LAST-ACK   .          .          CLOSED .      CLOSED
    CLOSING      .      .        .            .           .           .          .          TIME-WAIT  CLOSED .      CLOSED
    LAST-ACK     .      .        .            .           .           .          .          CLOSED     CLOSED .      CLOSED
    TIME-WAIT    .      .        .            .           .           .          .          .          CLOSED CLOSED CLOSED
    """

  @Test(arguments: State.allCases, Event.allCases)
  func arrow(from state: State, on event: Event) throws {
    let rows = Self.figure5.split(separator: "\n").map { $0.split(separator: " ") }
    let row = try #require(rows.first { $0[0] == state.rawValue })
    let column = try #require(Event.allCases.firstIndex(of: event)) + 1
    let expected = row[column] == "." ? nil : State(rawValue: String(row[column]))
    #expect(state.next(on: event) == expected)
  }
}
