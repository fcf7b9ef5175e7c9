import FlowScripts
import TCPTeardown
import Testing

private let open = Opened.midway

@Suite("R12, R18, R20: a RST in the handshake")
struct HandshakeResetTests {
  @Test("a RST that acknowledges the SYN refuses it")
  func refused() {
    let verdict = Verdict(of: "# SYN, RST with ACK.\n0 > S 0 0 0\n10 < R. 0 0 1")
    #expect(verdict.head == "refused")
    #expect(verdict.opening == "client: SYN-SENT 0 oR0\nserver:")
    #expect(verdict.close == "client: CLOSED 10 iR12\nserver:")
    #expect(verdict.reset == "server refused o (frames 2)")
  }

  @Test("the SYN's payload counts: its acknowledgment may cover it or not", arguments: [1, 101])
  func refusedWithPayload(acknowledgment: Int) {
    let verdict = Verdict(
      of: "# SYN with 100 octets, RST with ACK.\n0 > S 0 100 0\n10 < R. 0 0 \(acknowledgment)")
    #expect(verdict.head == "refused")
  }

  @Test("a RST that acknowledges anything else refuses nothing")
  func wrongAcknowledgment() {
    let verdict = Verdict(
      of: "# SYN, RST with another ACK.\n0 > S 0 0 0\n10 < R. 0 0 77\n500 end")
    #expect(verdict.path == "client: SYN-SENT\nserver:")
    #expect(verdict.reset == "none")
  }

  @Test("a RST without ACK refuses nothing")
  func withoutACK() {
    let verdict = Verdict(of: "# SYN, RST.\n0 > S 0 0 0\n10 < R 0 0 0\n500 end")
    #expect(verdict.path == "client: SYN-SENT\nserver:")
    #expect(verdict.reset == "none")
  }

  @Test("a client that repeats its SYN after the RST did not get it")
  func lostRefusal() {
    let verdict = Verdict(
      of: """
        # SYN, RST, SYN again, SYN-ACK: the RST was lost, or forged.
        0 > S 0 0 0
        10 < R. 0 0 1
        1000 > S 0 0 0
        1010 < S. 0 0 1
        1010.1 > . 1 0 1
        """)
    #expect(verdict.head == "open")
    #expect(verdict.path.hasPrefix("client: SYN-SENT ESTABLISHED\n"))
  }

  @Test("a RST without ACK to a SYN-ACK: the client had given up before")
  func gaveUp() {
    let verdict = Verdict(
      of: """
        # Two SYNs, then nothing; the SYN-ACK comes after two and a half seconds.
        0 > S 0 0 0
        1000 > S 0 0 0
        2500 < S. 0 0 1
        2500.1 > R 1 0 0
        """)
    #expect(verdict.head == "reset")
    #expect(verdict.reset == "client syn-gave-up o (frames 4)")
    #expect(verdict.close.hasPrefix("client: CLOSED 2000 iR20"))
    #expect(
      verdict.findings(.connectTimeout)
        == "connect-timeout client o 1 timeout=2000 attempts=2 schedule=application")
  }

  @Test("a SYN that was due and did not come shows that the client had given up before")
  func gaveUpLongBefore() {
    let verdict = Verdict(
      of: """
        # SYNs at 0 and 1 s; the next was due at 3 s at the latest. The SYN-ACK comes after 5.5 s.
        0 > S 0 0 0
        1000 > S 0 0 0
        5500 < S. 0 0 1
        5500.1 > R 1 0 0
        """)
    #expect(verdict.close.hasPrefix("client: CLOSED 3000 iR20"))
  }

  @Test("a client's RST with other numbers is no answer to the SYN-ACK")
  func otherNumber() {
    let verdict = Verdict(
      of: """
        # SYN, SYN-ACK, ACK, then a RST of the client's with ACK: an abort.
        \(open)
        900 > R. 1 0 1
        """)
    #expect(verdict.reset.hasPrefix("client abort o"))
    #expect(verdict.head == "reset")
  }

  @Test("no answer to a SYN ends a TIME-WAIT that the ledger does not know of")
  func closedWithoutHandshake() {
    let verdict = Verdict(
      of: """
        # A close around a SYN and a RST that answers it, as no endpoint sends them.
        333.262 > SP 0 0 0
        355.396 < . 1 1 2147483647
        270.683 < F. 0 0 0 ttl=255
        546.215 > F. -1 0 0
        591.775 < R. 3 0 1 ttl=63
        1059.877 > FP. -1 2 1 ttl=63 ts=2/1
        """)
    let states = Side.allCases.flatMap { verdict.record.teardown.states[$0] }
    let waits = states.filter { $0.state == .timeWait }
    #expect(waits.count == 1)
    #expect(waits.map(\.enteredAt) == verdict.record.teardown.timeWait.map(\.enteredAt))
  }
}
