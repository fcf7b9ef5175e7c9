import FlowScripts
import TCPTeardown
import Testing

@Suite("R4, R5: when a side got the ACK of its FIN")
struct ACKOfFINTests {
  static let halfClosed = """
    # FIN, its ACK.
    \(Opened.midway)
    100 > F. 1 0 1
    110 < . 1 0 2
    """

  @Test("an ACK seen is inferred to have come")
  func inferred() {
    let verdict = Verdict(of: Self.halfClosed + "\n300 end")
    #expect(verdict.close.contains("FIN-WAIT-2 115 iR4"))
    #expect(verdict.bounds.contains("FIN-WAIT-2 115..."))
  }

  @Test("it is observed once the next repeat of the FIN is overdue")
  func overdue() {
    #expect(Verdict(of: Self.halfClosed + "\n1090 end").close.contains("FIN-WAIT-2 115 iR4"))
    #expect(Verdict(of: Self.halfClosed + "\n1200 end").close.contains("FIN-WAIT-2 115 oR4"))
  }

  @Test("it is observed once the side acknowledges what was sent with the ACK or after it")
  func proven() {
    let verdict = Verdict(of: Self.halfClosed + "\n150 < P. 1 10 2\n160 > . 2 0 11")
    #expect(verdict.close.contains("FIN-WAIT-2 115 oR4"))
  }

  @Test("an acknowledgment of what was sent before proves nothing")
  func notProven() {
    let verdict = Verdict(of: Self.halfClosed + "\n150 < P. 1 10 2\n160 > . 2 0 1")
    #expect(verdict.close.contains("FIN-WAIT-2 115 iR4"))
  }

  @Test("a repeat of the FIN that left after the ACK should have come takes that back")
  func withdrawn() {
    let verdict = Verdict(of: Self.halfClosed + "\n350 > F. 1 0 1\n360 < . 1 0 2")
    #expect(
      verdict.close == """
        client: FIN-WAIT-1 95 iR1, FIN-WAIT-2 365 iR4
        server: CLOSE-WAIT 105 oR3
        """)
    #expect(verdict.findings(.finRetransmitted) == "fin-retransmitted client o 1")
  }

  @Test("a repeat within a round trip takes nothing back: it crossed the ACK")
  func crossed() {
    let verdict = Verdict(of: Self.halfClosed + "\n125 > F. 1 0 1\n135 < . 1 0 2")
    #expect(verdict.close.contains("FIN-WAIT-2 115 iR4"))
  }

  @Test("an ACK counts despite a repeat when the side acknowledges payload of that very segment")
  func acknowledgedPayload() {
    let verdict = Verdict(
      of: """
        # The ACK of the FIN carries data; the FIN is repeated; then that data is acknowledged.
        \(Opened.midway)
        100 > F. 1 0 1
        110 < P. 1 10 2
        350 > F. 1 0 1
        351 > . 2 0 11
        """)
    #expect(verdict.close.contains("FIN-WAIT-2 115 oR4"))
  }

  @Test("payload that was sent twice proves nothing of its first copy")
  func payloadSentTwice() {
    let verdict = Verdict(
      of: """
        # The same, but the data is repeated too before it is acknowledged.
        \(Opened.midway)
        100 > F. 1 0 1
        110 < P. 1 10 2
        350 > F. 1 0 1
        360 < P. 1 10 2
        370 > . 2 0 11
        """)
    #expect(verdict.close.contains("FIN-WAIT-2 365"))
  }

  @Test(
    "a copy with the IP-ID and TSval of an earlier one is the network's, and no repeat",
    arguments: [
      ("id=7 ts=1000/5", "115", ""), ("id=8 ts=1000/5", "365", "fin-retransmitted client o 1"),
      ("id=7 ts=1250/5", "365", "fin-retransmitted client o 1"),
    ])
  func networkDuplicate(marks: String, finWait2: String, finding: String) {
    let verdict = Verdict(
      of: """
        # The second copy of the FIN comes 250 ms later.
        \(Opened.midway)
        100 > F. 1 0 1 id=7 ts=1000/5
        110 < . 1 0 2 ts=900/1000
        350 > F. 1 0 1 \(marks)
        360 < . 1 0 2 ts=1150/1000
        """)
    #expect(verdict.close.contains("FIN-WAIT-2 \(finWait2) "))
    #expect(verdict.findings(.finRetransmitted) == finding)
  }

  @Test(
    "an echo older than the ACK's timestamp proves that the ACK had not come",
    arguments: [(899, "140"), (900, "115")])
  func olderEcho(echo: Int, finWait2: String) {
    let verdict = Verdict(
      of: """
        # The repeat leaves within a round trip of the ACK: times alone decide nothing.
        \(Opened.midway)
        100 > F. 1 0 1 ts=1000/800
        110 < . 1 0 2 ts=900/1000
        125 > F. 1 0 1 ts=1025/\(echo)
        135 < . 1 0 2 ts=925/1025
        """)
    #expect(verdict.close.contains("FIN-WAIT-2 \(finWait2) "))
  }
}
