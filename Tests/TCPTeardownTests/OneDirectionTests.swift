import FlowScripts
import TCPTeardown
import Testing

@Suite("R28: one direction only")
struct OneDirectionTests {
  private static let opened = """
    # Only the client's segments; a round trip takes 20 ms.
    0 > S 0 0 0
    20 > . 1 0 1
    """

  @Test("a step of one behind the own FIN is the other's FIN: it came second")
  func first() {
    let verdict = Verdict(
      of: """
        \(Self.opened)
        100 > F. 1 0 1
        200 > . 2 0 2
        """)
    #expect(verdict.head == "orderly, client first (i, frames 3 4)")
    #expect(
      verdict.close == """
        client: FIN-WAIT-1 100 iR1, FIN-WAIT-2 120 iR28, TIME-WAIT 200 iR28
        server: CLOSE-WAIT 110 iR28, LAST-ACK 190 iR28, CLOSED 210 iR28
        """)
    #expect(verdict.bounds.contains("FIN-WAIT-2 100...200, TIME-WAIT 100...200"))
    #expect(verdict.bounds.contains("CLOSE-WAIT 100...200, LAST-ACK 100...200, CLOSED 200..."))
    #expect(verdict.timeWaits.hasPrefix("client at 200 i"))
    #expect(verdict.findings(.oneSided) == "one-sided server o 1")
  }

  @Test("a step of one before the own FIN is the other's FIN: it came first")
  func second() {
    let verdict = Verdict(
      of: """
        \(Self.opened)
        100 > . 1 0 2
        300 > F. 1 0 2
        9000 end
        """)
    #expect(verdict.head == "orderly, server first (i, frames 3)")
    #expect(
      verdict.close == """
        client: CLOSE-WAIT 100 iR28, LAST-ACK 300 iR8, CLOSED 320 iR28
        server: FIN-WAIT-1 90 iR28, FIN-WAIT-2 110 iR28, TIME-WAIT 310 iR28
        """)
    #expect(verdict.timeWaits.hasPrefix("server at 310 i"))
  }

  @Test("the own FIN may be what steps, and needs no repeat where it was answered")
  func threeSegments() {
    let script = """
      \(Self.opened)
      30 > P. 1 10 1
      100 > F. 11 0 2
      """
    let answered = Verdict(of: script + "\n9000 end")
    #expect(answered.head == "orderly, server first (i, frames 4)")
    #expect(answered.path.hasSuffix("FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT"))
    // Too soon for a repeat: nothing shows that the FIN came.
    let cut = Verdict(of: script + "\n200 end")
    #expect(cut.head == "closing, server first (i, frames 4)")
    #expect(cut.path.hasSuffix("FIN-WAIT-1 FIN-WAIT-2"))
  }

  @Test("a FIN is told of although none was captured")
  func withoutFIN() {
    let verdict = Verdict(of: Self.opened + "\n100 > . 1 0 2\n9000 end")
    #expect(verdict.head == "closing, server first (i, frames 3)")
    #expect(
      verdict.close == """
        client: CLOSE-WAIT 100 iR28
        server: FIN-WAIT-1 90 iR28, FIN-WAIT-2 110 iR28
        """)
  }

  @Test("what was acknowledged sooner than an answer can come may have crossed the FIN")
  func sooner() {
    let verdict = Verdict(
      of: """
        \(Self.opened)
        100 > F. 1 0 1
        112 > . 2 0 2
        9000 end
        """)
    #expect(verdict.head == "closing, unknown first (u, frames 3)")
    #expect(verdict.close == "client: FIN-WAIT-1 100 uR1\nserver:")
  }

  @Test("data behind the own FIN shows it first, and not that the other closed")
  func data() {
    let verdict = Verdict(
      of: """
        \(Self.opened)
        100 > F. 1 0 1
        150 > . 2 0 501
        9000 end
        """)
    #expect(verdict.head == "closing, client first (i, frames 3 4)")
    #expect(verdict.close == "client: FIN-WAIT-1 100 iR1\nserver:")
  }

  @Test("acknowledgments that do not grow leave open who was first")
  func noGrowth() {
    let verdict = Verdict(
      of: """
        \(Self.opened)
        100 > F. 1 0 1
        200 > . 2 0 1
        """)
    #expect(verdict.head == "closing, unknown first (u, frames 3)")
  }

  @Test("single octets of data are no FIN: more is acknowledged after the first")
  func octets() {
    let verdict = Verdict(
      of: """
        \(Self.opened)
        100 > . 1 0 2
        200 > . 1 0 3
        9000 end
        """)
    #expect(verdict.head == "partial")
    #expect(verdict.close == "client:\nserver:")
  }

  @Test("a RST without ACK behind the FIN shows that the FIN had been acknowledged")
  func reset() {
    let verdict = Verdict(
      of: """
        \(Self.opened)
        100 > F. 1 0 1
        300 > R 2 0 0
        """)
    #expect(verdict.head == "reset, unknown first (u, frames 3)")
    #expect(verdict.path.hasPrefix("client: SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSED"))
    #expect(verdict.close.contains("CLOSED 310 uR12") || verdict.close.contains("CLOSED 300 uR12"))
  }

  @Test("the server's direction tells of the client's handshake, and of its FIN")
  func server() {
    let verdict = Verdict(
      of: """
        # Only the server's segments: SYN-ACK, an answer, its FIN, a step of one.
        0 < S. 0 0 1
        20 < P. 1 100 11
        200 < F. 101 0 11
        230 < . 102 0 12
        """)
    #expect(verdict.head == "orderly, server first (i, frames 3 4)")
    #expect(verdict.opening.contains("SYN-RECEIVED 0 iR0, ESTABLISHED 20 iR28"))
    #expect(
      verdict.path == """
        client: SYN-SENT ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED
        server: SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT
        """)
  }

  @Test("a RST with the number 0 answers a SYN that was not captured")
  func refusal() {
    let verdict = Verdict(of: "# The answer alone.\n0 < R. 4294962296 0 1")
    #expect(verdict.head == "refused")
    #expect(verdict.path == "client: SYN-SENT CLOSED\nserver:")
    #expect(verdict.reset.hasPrefix("server refused i"))
  }

  @Test("nothing is observed: how far from its side the capture was, nothing tells")
  func grades() {
    let verdict = Verdict(of: Self.opened + "\n100 > R. 1 0 1")
    let grades = Side.allCases.flatMap { verdict.record.teardown.states[$0].map(\.grade) }
    #expect(!grades.contains(.observed))
  }

  @Test("one direction without any FIN or SYN is partial")
  func partial() {
    let verdict = Verdict(of: "# Data one way.\n0 > P. 1 10 1\n5 > P. 11 10 1")
    #expect(verdict.head == "partial")
    #expect(verdict.findings == "midstream - o 1\none-sided server o 1")
  }
}
