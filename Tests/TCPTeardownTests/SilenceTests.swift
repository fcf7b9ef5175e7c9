import FlowScripts
import TCPTeardown
import Testing

private let open = Opened.nearClient

@Suite("R14, R15: one side does not close")
struct HalfClosedTests {
  @Test("data after a FIN that is acknowledged: it was a shutdown, and there is a reader")
  func halfClose() {
    let verdict = Verdict(
      of: """
        # FIN, its ACK, data both take part in, then the server's FIN.
        \(open)
        100 > F. 1 0 1
        110 < . 1 0 2
        300 < P. 1 10 2
        300.1 > . 2 0 11
        500 < F. 11 0 2
        500.1 > . 2 0 12
        """)
    #expect(verdict.findings == "half-close client o 1")
    #expect(verdict.timeWaits.hasPrefix("client at 500 o"))
  }

  @Test("data that was on its way when the FIN was sent is no half-close")
  func crossingData() {
    let verdict = Verdict(
      of: """
        # Data that does not acknowledge the FIN.
        \(open)
        100 > F. 1 0 1
        101 < P. 1 10 1
        101.1 > . 2 0 11
        110 < . 11 0 2
        """)
    #expect(verdict.findings(.halfClose) == "")
  }

  @Test(
    "CLOSE-WAIT for ten seconds is a leak, counted to the end of the capture",
    arguments: [(10_104, ""), (10_105, "close-wait-leak server o 1 duration=10000 closed=false")])
  func leak(end: Int, finding: String) {
    let verdict = Verdict(
      of: """
        # FIN, its ACK, and no FIN of the server's.
        \(open)
        100 > F. 1 0 1
        110 < . 1 0 2
        \(end) end
        """)
    #expect(verdict.findings == finding)
    #expect(
      verdict.close == """
        client: FIN-WAIT-1 100 oR1, FIN-WAIT-2 110 oR4
        server: CLOSE-WAIT 105 oR3
        """)
    #expect(verdict.head == "closing, client first (o, frames 4 5)")
  }

  @Test("a leak that ends is one too")
  func endedLeak() {
    let verdict = Verdict(
      of: """
        # The server closes after twelve seconds.
        \(open)
        100 > F. 1 0 1
        110 < . 1 0 2
        12110 < F. 1 0 2
        12110.1 > . 2 0 2
        """)
    #expect(
      verdict.findings(.closeWaitLeak)
        == "close-wait-leak server o 1 duration=12000 closed=true")
  }

  @Test("FIN-WAIT-2 beyond the profile's limit may be an orphan's, which is gone by then")
  func orphan() {
    let script = """
      # FIN, its ACK, and nothing more.
      \(open)
      100 > F. 1 0 1
      110 < . 1 0 2
      """
    #expect(Verdict(of: script + "\n60109 end").findings(.finWait2Orphan) == "")
    #expect(
      Verdict(of: script + "\n60110 end").findings(.finWait2Orphan)
        == "fin-wait-2-orphan client a 1 duration=60000")
  }
}

@Suite("R16: repeats of a FIN stop")
struct GaveUpTests {
  static let repeats = """
    # A FIN that nobody acknowledges, with doubling gaps.
    \(open)
    100 > F. 1 0 1
    300 > F. 1 0 1
    700 > F. 1 0 1
    1500 > F. 1 0 1
    3100 > F. 1 0 1
    """

  @Test("its sender gave up about one further back-off after the last")
  func gaveUp() {
    let verdict = Verdict(of: Self.repeats + "\n20000 end")
    #expect(verdict.close == "client: FIN-WAIT-1 100 oR1, CLOSED 6300 iR16\nserver:")
    #expect(verdict.bounds.contains("CLOSED 3100...6300"))
    #expect(verdict.findings(.gaveUp) == "gave-up client i 5 duration=3000")
    #expect(verdict.opening.contains("server: SYN-RECEIVED 5 oR0, ESTABLISHED 15"))
  }

  @Test("before the next repeat was due nobody gave up")
  func notYet() {
    let verdict = Verdict(of: Self.repeats + "\n6900 end")
    #expect(verdict.close == "client: FIN-WAIT-1 100 oR1\nserver:")
    #expect(verdict.findings(.gaveUp) == "")
  }

  @Test("one FIN alone tells no schedule")
  func oneFIN() {
    let verdict = Verdict(of: "# One FIN.\n\(open)\n100 > F. 1 0 1\n50000 end")
    #expect(verdict.close == "client: FIN-WAIT-1 100 oR1\nserver:")
  }

  @Test("LAST-ACK gives up in the same way")
  func lastAck() {
    let verdict = Verdict(
      of: """
        # The server's FIN is not acknowledged, however often it is repeated.
        \(open)
        100 > F. 1 0 1
        110 < F. 1 0 2
        310 < F. 1 0 2
        710 < F. 1 0 2
        1510 < F. 1 0 2
        20000 end
        """)
    #expect(verdict.close.hasSuffix("LAST-ACK 105 iR8, CLOSED 3105 iR16"))
    #expect(verdict.findings(.gaveUp) == "gave-up server i 4 duration=1400")
  }
}
