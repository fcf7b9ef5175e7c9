import FlowScripts
import TCPTeardown
import Testing

@Suite("R3: when the peer got a FIN")
struct FINReceivedTests {
  @Test("one copy, one answer: it came a one-way delay after the capture saw it")
  func delayedACK() {
    let verdict = Verdict(
      of: """
        # The ACK comes 40 ms late (delayed ACK).
        \(Opened.nearClient)
        100 > F. 1 0 1
        150 < . 1 0 2
        """)
    #expect(verdict.close.hasSuffix("server: CLOSE-WAIT 105 oR3"))
  }

  static let twoCopies = """
    # Two copies of the FIN and one answer.
    \(Opened.nearClient)
    100 > F. 1 0 1
    330 > F. 1 0 1
    """

  @Test("of two copies the last that the answer can answer is taken, with bounds")
  func secondCopy() {
    let verdict = Verdict(of: Self.twoCopies + "\n340 < . 1 0 2")
    #expect(verdict.close.hasSuffix("server: CLOSE-WAIT 335 iR3"))
    #expect(verdict.bounds.contains("CLOSE-WAIT 105...335"))
  }

  @Test("a copy too young to have been answered is not taken")
  func tooYoung() {
    let verdict = Verdict(
      of: """
        # The repeat passes the ACK on its way.
        \(Opened.nearClient)
        100 > F. 1 0 1
        330 > F. 1 0 1
        332 < . 1 0 2
        """)
    #expect(verdict.close.hasSuffix("server: CLOSE-WAIT 105 iR3"))
  }

  @Test("a DSACK that covers the FIN proves that an earlier copy had come")
  func duplicateReport() {
    let verdict = Verdict(of: Self.twoCopies + "\n340 < . 1 0 2 sack=1:2")
    #expect(verdict.close.hasSuffix("server: CLOSE-WAIT 105 oR3"))
  }

  @Test("a SACK block of anything else proves nothing")
  func otherSACK() {
    let verdict = Verdict(of: Self.twoCopies + "\n340 < . 1 0 2 sack=2:3")
    #expect(verdict.close.hasSuffix("server: CLOSE-WAIT 335 iR3"))
  }

  @Test(
    "the timestamp that the answer echoes tells the copy",
    arguments: [(1000, "105 o"), (1230, "335 o"), (999, "335 i")])
  func timestamps(echo: Int, expected: String) {
    let verdict = Verdict(
      of: """
        # Two copies with timestamps; the answer echoes one of them, or neither.
        \(Opened.nearClient)
        100 > F. 1 0 1 ts=1000/1
        330 > F. 1 0 1 ts=1230/1
        340 < . 1 0 2 ts=7/\(echo)
        """)
    #expect(verdict.close.hasSuffix("server: CLOSE-WAIT \(expected)R3"))
  }

  @Test("an ACK of one number less or more covers no FIN", arguments: [1, 3])
  func nearMiss(acknowledgment: Int) {
    let verdict = Verdict(
      of: """
        # The FIN is number 1: only an ACK of exactly 2 covers it.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < . 1 0 \(acknowledgment)
        900 end
        """)
    #expect(verdict.close == "client: FIN-WAIT-1 100 oR1\nserver:")
  }

  @Test("a FIN that overtook data waits for that data")
  func overtakesData() {
    let verdict = Verdict(
      of: """
        # FIN first, then the data before it, then one ACK for both.
        \(Opened.nearClient)
        100 > F. 101 0 1
        104 > P. 1 100 1
        114 < . 1 0 102
        """)
    #expect(verdict.close.hasSuffix("server: CLOSE-WAIT 109 iR3"))
    #expect(verdict.bounds.contains("CLOSE-WAIT 105...109"))
  }
}
