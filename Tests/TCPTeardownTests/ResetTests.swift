import FlowScripts
import TCPTeardown
import Testing

private let open = Opened.midway

@Suite("R12, R13: which RST counts")
struct ResetTests {
  @Test("a RST with the sender's next number closes it when sent and the other when received")
  func exact() {
    let verdict = Verdict(
      of: """
        # Data each way, then an abort by the server.
        \(open)
        30 > P. 1 10 1
        40 < P. 1 10 11
        100 < R. 11 0 11
        """)
    #expect(verdict.head == "reset")
    #expect(verdict.close == "client: CLOSED 105 iR12\nserver: CLOSED 95 oR13")
    #expect(verdict.reset == "server abort o (frames 6) likely=linger-0 or process abort")
  }

  @Test("an abort right after the peer's unanswered payload is likely unread data")
  func unreadData() {
    let verdict = Verdict(
      of: "# Data, then a RST with ACK.\n\(open)\n50 > P. 1 10 1\n100 < R. 1 0 11")
    #expect(verdict.reset == "server abort o (frames 5) likely=unread-data")
  }

  @Test("a RST with the acknowledgment of the segment that it answers counts")
  func answersSegment() {
    let verdict = Verdict(
      of: """
        # The server has crashed; data meets RST without ACK, after two seconds of idleness.
        \(open)
        2050 > P. 1 10 1
        2060 < R 1 0 0
        """)
    #expect(verdict.reset == "server peer-gone i (frames 4 5) idle=2030")
    #expect(verdict.path.hasSuffix("server: SYN-RECEIVED ESTABLISHED CLOSED"))
  }

  @Test("a RST that is in the window but not exact is challenged: the connection lives")
  func notExact() {
    let verdict = Verdict(
      of: """
        # Data, a RST 100 numbers ahead, and data again.
        \(open)
        50 < P. 1 10 1
        60 > . 1 0 11
        100 < R 111 0 0
        110 > . 1 0 11
        200 < P. 11 10 1
        210 > . 1 0 21
        """)
    #expect(verdict.head == "open")
    #expect(verdict.close == "client:\nserver:")
    #expect(verdict.reset == "none")
    #expect(verdict.findings.hasPrefix("rst-ignored client i 1 reason="))
  }

  @Test(
    "one number off is ignored, exact is not",
    arguments: [(10, "open"), (11, "reset"), (12, "open")])
  func oneOff(number: Int, outcome: String) {
    let verdict = Verdict(
      of: """
        # The server's next number is 11; its data was acknowledged.
        \(open)
        50 < P. 1 10 1
        60 > . 1 0 11
        100 < R. \(number) 0 1
        5000 end
        """)
    #expect(verdict.head == outcome)
  }

  @Test("after its FIN a side's RST with the FIN's own number counts")
  func atFIN() {
    let verdict = Verdict(
      of: """
        # FIN and data cross; the data draws a RST with the number of the FIN.
        \(open)
        100 < F. 1 0 1
        104 > P. 1 10 1
        114 < R 1 0 0
        """)
    #expect(verdict.head.hasPrefix("reset, server first"))
    #expect(verdict.path.contains("client: SYN-SENT ESTABLISHED CLOSE-WAIT CLOSED\n"))
  }

  @Test(
    "that number counts though the FIN was acknowledged, and no other below the next",
    arguments: [(10, false), (11, true), (12, true), (13, false)])
  func atAcknowledgedFIN(number: Int, counts: Bool) {
    let verdict = Verdict(
      of: """
        # Data, the server's FIN with number 11, its ACK, and a RST.
        \(open)
        50 < P. 1 10 1
        60 > . 1 0 11
        100 < F. 11 0 1
        110 > . 1 0 12
        120 < R \(number) 0 0
        5000 end
        """)
    #expect(verdict.head.hasPrefix(counts ? "reset" : "closing"))
    #expect(verdict.path.contains("CLOSE-WAIT CLOSED") == counts)
    #expect((verdict.findings(.resetIgnored) == "") == counts)
  }

  @Test("data that leaves long after the RST should have come shows that it was lost")
  func lost() {
    let verdict = Verdict(
      of: """
        # The server aborts; the client sends data 400 ms later.
        \(open)
        30 > P. 1 10 1
        100 < R. 1 0 11
        500 > P. 11 10 1
        """)
    #expect(
      verdict.path == """
        client: SYN-SENT ESTABLISHED
        server: SYN-RECEIVED ESTABLISHED CLOSED
        """)
    #expect(verdict.findings(.resetIgnored).hasPrefix("rst-ignored client o 1"))
  }

  @Test("data on its way when the RST came shows nothing")
  func crossed() {
    let verdict = Verdict(
      of: """
        # The same, the data leaving within a round trip.
        \(open)
        30 > P. 1 10 1
        100 < R. 1 0 11
        115 > P. 11 10 1
        """)
    #expect(verdict.close == "client: CLOSED 105 iR12\nserver: CLOSED 95 oR13")
    #expect(verdict.findings(.resetIgnored) == "")
  }

  @Test("a RST from a side that goes on sending is somebody else's")
  func forged() {
    let verdict = Verdict(
      of: """
        # A RST with the server's exact number, and the server's data after it.
        \(open)
        50 < P. 1 10 1
        60 > . 1 0 11
        100 < R. 11 0 1
        200 < P. 11 10 1
        210 > . 1 0 21
        """)
    #expect(verdict.head == "open")
    #expect(verdict.close == "client:\nserver:")
    #expect(verdict.findings(.resetSuspect).hasPrefix("reset-suspect server i 1"))
  }

  @Test("several RSTs of one side are no going on")
  func severalResets() {
    let verdict = Verdict(
      of: """
        # Two segments in flight draw a RST each.
        \(open)
        50 > P. 1 10 1
        51 > P. 11 10 1
        60 < R 1 0 0
        61 < R 1 0 0
        """)
    #expect(verdict.head == "reset")
    #expect(verdict.findings(.resetSuspect) == "")
    #expect(verdict.findings(.resetIgnored) == "")
  }

  @Test("a RST right after a FIN that nobody acknowledged makes no TIME-WAIT")
  func afterUnacknowledgedFIN() {
    let verdict = Verdict(
      of: """
        # FIN, its ACK, the server's FIN, and the server's RST 5 ms later.
        \(open)
        100 > F. 1 0 1
        110 < . 1 0 2
        200 < F. 1 0 2
        205 < R. 2 0 2
        5000 end
        """)
    #expect(verdict.timeWaits == "")
    #expect(!verdict.path.contains("TIME-WAIT"))
  }

  @Test("a RST after an orderly close changes no outcome")
  func afterOrderlyClose() {
    let verdict = Verdict(
      of: """
        # A close, and a RST with ACK much later.
        \(open)
        100 > F. 1 0 1
        110 < F. 1 0 2
        120 > . 2 0 2
        900 < R. 2 0 2
        """)
    #expect(verdict.head.hasPrefix("orderly, client first"))
  }
}
