import FlowScripts
import TCPTeardown
import Testing

@Suite("R1, R3, R4, R6, R8: a close in order")
struct OrderlyCloseTests {
  @Test("four segments take both sides through every state of a close, next to the client")
  func fourSegments() {
    let verdict = Verdict(
      of: """
        # FIN, its ACK, FIN, its ACK.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < . 1 0 2
        200 < F. 1 0 2
        200 > . 2 0 2
        """)
    #expect(verdict.head == "orderly, client first (o, frames 4 5)")
    #expect(
      verdict.close == """
        client: FIN-WAIT-1 100 oR1, FIN-WAIT-2 110 oR4, TIME-WAIT 200 oR6
        server: CLOSE-WAIT 105 oR3, LAST-ACK 195 iR8, CLOSED 205 iR8
        """)
    #expect(verdict.timeWaits == "client at 200 o for 60000, capture-end a, seen 0, 0 restarts")
    #expect(verdict.findings == "")
  }

  @Test("the same close seen midway is off by the way to either side")
  func midway() {
    let verdict = Verdict(
      of: """
        # FIN, its ACK, FIN, its ACK, 5 ms from both.
        \(Opened.midway)
        100 > F. 1 0 1
        110 < . 1 0 2
        200 < F. 1 0 2
        210 > . 2 0 2
        """)
    #expect(
      verdict.close == """
        client: FIN-WAIT-1 95 iR1, FIN-WAIT-2 115 oR4, TIME-WAIT 205 oR6
        server: CLOSE-WAIT 105 oR3, LAST-ACK 195 iR8, CLOSED 215 iR8
        """)
  }

  @Test("three segments: FIN-WAIT-2 lasts no time")
  func threeSegments() {
    let verdict = Verdict(
      of: """
        # FIN, FIN that acknowledges it, ACK.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < F. 1 0 2
        110.1 > . 2 0 2
        """)
    #expect(verdict.head == "orderly, client first (o, frames 4 5)")
    #expect(
      verdict.close == """
        client: FIN-WAIT-1 100 oR1, FIN-WAIT-2 110 oR4, TIME-WAIT 110 oR6
        server: CLOSE-WAIT 105 oR3, LAST-ACK 105 iR8, CLOSED 115.1 iR8
        """)
  }

  @Test("equal stamps weaken no proof by numbers")
  func equalStamps() {
    let verdict = Verdict(
      of: """
        # The last ACK has the stamp of the FIN that it acknowledges.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < F. 1 0 2
        110 > . 2 0 2
        """)
    #expect(verdict.close.contains("FIN-WAIT-2 110 oR4"))
  }

  @Test("the server may be first: the roles of a close are not those of the opening")
  func serverFirst() {
    let verdict = Verdict(
      of: """
        # The server's FIN, the client's FIN that acknowledges it, the last ACK.
        \(Opened.nearServer)
        100 < F. 1 0 1
        110 > F. 1 0 2
        110.1 < . 2 0 2
        """)
    #expect(verdict.head == "orderly, server first (o, frames 4 5)")
    #expect(
      verdict.close == """
        client: CLOSE-WAIT 105 oR3, LAST-ACK 105 iR8, CLOSED 115.1 iR8
        server: FIN-WAIT-1 100 oR1, FIN-WAIT-2 110 oR4, TIME-WAIT 110 oR6
        """)
  }

  @Test("without an ACK of the peer's FIN there is no TIME-WAIT")
  func noLastACK() {
    let verdict = Verdict(
      of: """
        # The server's FIN is not answered for five seconds.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < F. 1 0 2
        5000 end
        """)
    #expect(verdict.path.contains("FIN-WAIT-1 FIN-WAIT-2\n"))
    #expect(verdict.timeWaits == "")
    #expect(verdict.head == "closing, client first (o, frames 4 5)")
  }

  @Test("a capture that ends at the peer's FIN lets TIME-WAIT be inferred")
  func endsAtFIN() {
    let verdict = Verdict(
      of: """
        # FIN, FIN that acknowledges it, and the capture ends.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < F. 1 0 2
        """)
    #expect(verdict.close.contains("FIN-WAIT-2 110 iR4, TIME-WAIT 110 iR6"))
    #expect(verdict.timeWaits == "client at 110 i for 60000, capture-end a, seen 0, 0 restarts")
  }

  @Test("120 s of silence prove that the last ACK arrived")
  func silence() {
    let script = """
      # A whole close; the capture goes on.
      \(Opened.nearClient)
      100 > F. 1 0 1
      110 < F. 1 0 2
      110 > . 2 0 2
      """
    #expect(Verdict(of: script + "\n119000 end").close.hasSuffix("CLOSED 115 iR8"))
    #expect(Verdict(of: script + "\n121000 end").close.hasSuffix("CLOSED 115 oR8"))
  }

  @Test("a RST without ACK to whatever comes later proves that the last ACK arrived")
  func closedByAnswer() {
    let verdict = Verdict(
      of: """
        # The client says its last ACK again; the server has no socket any more.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < F. 1 0 2
        110 > . 2 0 2
        900 > . 2 0 2
        910 < R 2 0 0
        """)
    #expect(verdict.close.hasSuffix("CLOSED 115 oR8"))
  }

  @Test("a new connection that meets a SYN-ACK proves that the last ACK arrived")
  func closedByNextConnection() {
    let verdict = Verdict.all(
      of: """
        # The server closed first; the client, in LAST-ACK, gets the last ACK and connects again.
        \(Opened.nearServer)
        100 < F. 1 0 1
        110 > F. 1 0 2
        110 < . 2 0 2
        1000 > S 90000 0 0
        1000 < S. 95000 0 90001
        1010 > . 90001 0 95001
        """)
    #expect(verdict[0].close.contains("CLOSED 115 oR8"))
  }
}

@Suite("R1: when a FIN was sent")
struct FINSentTests {
  @Test("a FIN with payload waited for that payload: its time is a latest bound")
  func payload() {
    let verdict = Verdict(
      of: """
        # Data and FIN in one segment, seen next to its sender.
        \(Opened.nearClient)
        100 > FP. 1 20 1
        110 < . 1 0 22
        """)
    #expect(verdict.close.hasPrefix("client: FIN-WAIT-1 100 iR1"))
    #expect(verdict.bounds.hasPrefix("client: FIN-WAIT-1 10...100"))
  }

  @Test("far from its sender, the first FIN seen may be a repeat")
  func farAway() {
    let verdict = Verdict(
      of: """
        # A bare FIN of the client's, seen next to the server.
        \(Opened.nearServer)
        100 > F. 1 0 1
        100 < . 1 0 2
        """)
    #expect(verdict.close.hasPrefix("client: FIN-WAIT-1 95 iR1"))
    #expect(verdict.bounds.contains("FIN-WAIT-1 5...95"))
  }

  @Test("a segment behind the FIN's number shows that a copy was lost before the capture")
  func lostBeforeCapture() {
    let verdict = Verdict(
      of: """
        # The client's ACK has the number after its FIN, 200 ms before the first FIN seen.
        \(Opened.nearClient)
        100 < P. 1 10 1
        105 > . 2 0 11
        305 > F. 1 0 11
        315 < . 11 0 2
        """)
    #expect(verdict.close.hasPrefix("client: FIN-WAIT-1 105 iR1"))
    #expect(verdict.frames(of: .finWait1, .client) == [[5, 6]])
  }

  @Test("a RST behind the FIN's number shows nothing of the sort")
  func resetBehind() {
    let verdict = Verdict(
      of: """
        # A RST with the number after the FIN, and the FIN later: not its sender's doing.
        \(Opened.nearClient)
        105 > R 2 0 0
        305 > F. 1 0 1
        315 < . 1 0 2
        """)
    #expect(verdict.close.hasPrefix("client: FIN-WAIT-1 305 oR1"))
  }

  @Test("the passive side cannot have entered LAST-ACK before it got the peer's FIN")
  func boundOfLastAck() {
    let verdict = Verdict(
      of: """
        # FIN, its ACK, FIN, its ACK, next to the active side.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < . 1 0 2
        200 < F. 1 0 2
        200 > . 2 0 2
        """)
    #expect(verdict.bounds.contains("LAST-ACK 105...195"))
  }
}
