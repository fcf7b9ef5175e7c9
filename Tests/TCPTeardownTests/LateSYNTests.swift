import FlowScripts
import PacketDecoding
import TCPTeardown
import Testing

/// What the flow before holds with later stamps is then taken over by the new one.
@Suite("A SYN that comes late in the file")
struct LateSYNTests {
  @Test("takes a FIN that the old flow holds as a repeat too over once")
  func heldTwice() {
    let records = FlowScript().records(
      """
      0 > S 0 0 0
      20 < S. 0 0 1
      20.1 > . 1 0 1
      30 > P. 1 5 1
      # Octets that were sent before, and a FIN: of the next incarnation, as the next line shows.
      100 > F. 1 1 1
      90 > S 9000 0 0
      """
    ).sorted { $0.stream < $1.stream }
    #expect(
      records.map(\.packets) == [PerSide(client: 3, server: 1), PerSide(client: 2, server: 0)])
    #expect(
      records.map(\.payloadOctets) == [
        PerSide(client: 5, server: 0), PerSide(client: 1, server: 0),
      ])
    // The FIN is the new flow's alone.
    #expect(records.map { $0.seen.contains(.fin) } == [false, true])
    #expect(records[0].teardown.closedBy == nil)
  }

  @Test("leaves the frames of every flow in order where a moved SYN opens a third one")
  func movedSYN() {
    let records = FlowScript().records(
      """
      # Both sides open at once; two more SYNs of the server's stand behind, with earlier stamps.
      4 > S 0 0 0
      32 < S 0 0 0
      33 > S. 0 0 23
      1 > P. 0 0 23
      -180 < S 2 0 0
      """)
    #expect(records.map(\.stream).sorted() == Array(0..<records.count))
    for record in records { #expect(record.firstFrame <= record.lastFrame) }
  }
}
