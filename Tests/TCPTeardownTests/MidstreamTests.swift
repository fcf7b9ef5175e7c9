import FlowScripts
import TCPTeardown
import Testing

@Suite("R25: a capture that starts in the middle")
struct MidstreamTests {
  @Test("the first state is ESTABLISHED, assumed, from the start and without frames")
  func assumed() {
    let verdict = Verdict(of: FlowScript.midstream)
    #expect(
      verdict.opening == """
        client: ESTABLISHED 0 aR25
        server: ESTABLISHED 0 aR25
        """)
    #expect(verdict.frames(of: .established, .client) == [[]])
    #expect(verdict.findings == "midstream - o 1")
    #expect(verdict.head == "partial")
  }

  @Test("who closed first stands where the other side sends data before it closes")
  func closerKnown() {
    let verdict = Verdict(
      of: """
        # Data of both sides, then a plain close.
        0 < P. 1 10 1
        1 > P. 1 10 11
        100 > F. 11 0 11
        110 < . 11 0 12
        200 < F. 11 0 12
        200 > . 12 0 12
        """)
    #expect(verdict.head == "orderly, client first (o, frames 3 4)")
  }

  @Test("who closed first is unknown where the other side never sends data again")
  func closerUnknown() {
    let verdict = Verdict(
      of: """
        # Only the client is heard of, then its FIN gets a last ACK: the server may have
        # closed before.
        0 > P. 1 10 1
        1 < . 1 0 11
        100 > F. 11 0 1
        110 < . 1 0 12
        9000 end
        """)
    #expect(verdict.head == "closing, unknown first (u, frames 3)")
    let grades = Set(verdict.record.teardown.states.client.dropFirst().map(\.grade))
    #expect(grades == [.unknown])
  }

  @Test("a handshake makes the same close the client's")
  func nearMiss() {
    let verdict = Verdict(
      of: """
        # The same segments behind a handshake.
        \(Opened.nearClient)
        50 > P. 1 10 1
        60 < . 1 0 11
        100 > F. 11 0 1
        110 < . 1 0 12
        9000 end
        """)
    #expect(verdict.head == "closing, client first (o, frames 6 7)")
  }
}
