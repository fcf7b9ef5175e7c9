import FlowScripts
import TCPTeardown
import Testing

@Suite("R2: who closed first")
struct OrderTests {
  @Test("a FIN that acknowledges the other's came second, whatever the order in the file")
  func reversedFile() {
    let verdict = Verdict(
      of: """
        # The server's FIN acknowledges the client's, and stands before it with an earlier stamp.
        \(Opened.nearClient)
        100 < F. 1 0 2
        101 > F. 1 0 1
        102 > . 2 0 2
        """)
    #expect(verdict.head.hasPrefix("orderly, client first (o"))
    #expect(
      verdict.path == """
        client: SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT
        server: SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED
        """)
  }

  @Test("frames that stand in the file against their stamps are taken by their stamps")
  func stampsAgainstFile() {
    let verdict = Verdict(
      of: """
        # The last ACK and the second FIN stand before the first FIN.
        \(Opened.nearClient)
        110.1 > . 2 0 2
        110 < F. 1 0 2
        100 > F. 1 0 1
        """)
    #expect(verdict.head.hasPrefix("orderly, client first (o"))
    #expect(verdict.close.hasPrefix("client: FIN-WAIT-1 100 oR1, FIN-WAIT-2 110"))
  }

  @Test("an ACK that stands before its FIN with the same stamp is an ACK of it")
  func equalStamps() async {
    await #expect(processExitsWith: .success) {
      let verdict = Verdict(
        of: """
          # A capture on two interfaces: the ACK of the FIN first, both at the same time.
          \(Opened.nearClient)
          100 < . 1 0 2
          100 > F. 1 0 1
          200 < F. 1 0 2
          200.1 > . 2 0 2
          """)
      precondition(verdict.head.hasPrefix("orderly, client first"))
    }
  }

  @Test("an earlier segment that acknowledges the FIN proves as much as the second FIN")
  func earlierSegment() {
    let verdict = Verdict(
      of: """
        # The server acknowledges the FIN, then sends its own with the old acknowledgment.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < . 1 0 2
        200 < F. 1 0 1
        200 > . 2 0 2
        """)
    #expect(verdict.head == "orderly, client first (o, frames 4 5)")
  }

  static let crossing = """
    # Both FINs leave before the other's comes; both are acknowledged.
    \(Opened.nearClient)
    100 > F. 1 0 1
    104 < F. 1 0 1
    104 > . 2 0 2
    110 < . 2 0 2
    """

  @Test("FINs that neither side had when it sent its own crossed: both are active closers")
  func crossed() {
    let verdict = Verdict(of: Self.crossing)
    #expect(verdict.head == "simultaneous, both first (o, frames 4 5)")
    #expect(
      verdict.close == """
        client: FIN-WAIT-1 100 oR1, CLOSING 104 oR7, TIME-WAIT 110 iR7
        server: FIN-WAIT-1 99 iR1, CLOSING 105 oR7, TIME-WAIT 109 iR7
        """)
    #expect(
      verdict.timeWaits == """
        client at 110 i for 60000, capture-end a, seen 0, 0 restarts
        server at 109 i for 60000, capture-end a, seen 1, 0 restarts
        """)
  }

  @Test("TIME-WAIT after CLOSING is observed once the next repeat is overdue")
  func crossedForLong() {
    let verdict = Verdict(of: Self.crossing + "\n1200 end")
    #expect(verdict.close.contains("TIME-WAIT 110 oR7"))
    #expect(verdict.close.contains("TIME-WAIT 109 oR7"))
  }

  @Test("an ACK of the peer's FIN proves CLOSING only")
  func closingOnly() {
    let verdict = Verdict(
      of: """
        # The client acknowledges the server's FIN; its own is not acknowledged.
        \(Opened.nearClient)
        100 > F. 1 0 1
        104 < F. 1 0 1
        104 > . 2 0 2
        304 end
        """)
    #expect(verdict.path.contains("client: SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSING\n"))
    #expect(verdict.timeWaits == "")
    #expect(verdict.head.hasPrefix("closing, both first"))
  }

  @Test("FINs further apart than a round trip: the earlier was lost, and its sender was first")
  func lostFIN() {
    let verdict = Verdict(
      of: """
        # The client's FIN is lost behind the capture; the server closes 145 ms later.
        \(Opened.nearClient)
        100 > F. 1 0 1
        250 < F. 1 0 1
        250 > . 2 0 2
        350 > F. 1 0 2
        360 < . 2 0 2
        """)
    #expect(verdict.head == "simultaneous, client first (i, frames 4)")
    #expect(
      verdict.close == """
        client: FIN-WAIT-1 100 oR1, CLOSING 250 oR7, TIME-WAIT 360 iR7
        server: FIN-WAIT-1 245 iR1, FIN-WAIT-2 255 iR4, TIME-WAIT 355 iR7
        """)
  }

  @Test(
    "where the round trip is unknown, FINs crossed unless they are seconds apart",
    arguments: [(900, "both first (o, frames 3 4)"), (5000, "client first (i, frames 3)")])
  func unknownRoundTrip(second: Int, closer: String) {
    let verdict = Verdict(
      of: """
        # No handshake; data of both, then two FINs that acknowledge neither.
        0 < P. 1 10 1
        1 > P. 1 10 11
        100 > F. 11 0 11
        \(second) < F. 11 0 11
        """)
    #expect(verdict.head == "closing, \(closer)")
  }

  @Test("an ACK with the number behind its own sender's FIN shows that the FINs crossed")
  func behindOwnFIN() {
    let verdict = Verdict(
      of: """
        # The client's FIN is missing; its ACK of the server's has the number after it.
        \(Opened.nearClient)
        100 < F. 1 0 1
        100.2 > . 2 0 2
        300 > F. 1 0 2
        310 < . 2 0 2
        """)
    #expect(verdict.head.hasPrefix("simultaneous, both first (o"))
  }

  @Test("the same ACK with the number of the FIN shows that its sender had not closed yet")
  func beforeOwnFIN() {
    let verdict = Verdict(
      of: """
        # As before, one number less: the client's FIN was still to come.
        \(Opened.nearClient)
        100 < F. 1 0 1
        100.2 > . 1 0 2
        300 > F. 1 0 2
        310 < . 2 0 2
        """)
    #expect(verdict.head == "orderly, server first (o, frames 4 5)")
  }

  @Test("a reset has no closer, and one FIN alone is its sender's")
  func oneOrNone() {
    #expect(Verdict(of: FlowScript.aborted).head == "reset")
    #expect(Verdict(of: FlowScript.leak).head == "closing, client first (o, frames 4 5)")
  }
}
