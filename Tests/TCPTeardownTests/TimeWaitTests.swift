import FlowScripts
import TCPTeardown
import Testing

/// A close by the client, next to it: TIME-WAIT since 110 ms, and the server closed.
private let closed = """
  # FIN, FIN, ACK; then:
  \(Opened.nearClient)
  100 > F. 1 0 1
  110 < F. 1 0 2
  110.1 > . 2 0 2
  """

@Suite("R9, R11, R19: how long TIME-WAIT lasts")
struct TimeWaitTests {
  @Test(
    "without other evidence it lasts 2MSL of the profile",
    arguments: [
      (Profile.linux, 60_000), (.macos, 30_000), (.windows, 120_000), (.rfc9293, 240_000),
    ])
  func nominal(profile: Profile, length: Int) {
    let script = FlowScript(options: ReconstructionOptions(profile: profile))
    let verdict = Verdict(of: closed + "\n250000 end", by: script)
    #expect(
      verdict.timeWaits
        == "client at 110 o for \(length), 2MSL a, seen \(length), 0 restarts")
    #expect(verdict.close.contains("TIME-WAIT 110 oR6, CLOSED \(110 + length) aR19"))
    #expect(verdict.frames(of: .closed, .client) == [[]])
  }

  @Test("a capture that ends before does not see its end")
  func captureEnds() {
    let verdict = Verdict(of: closed + "\n50110 end")
    #expect(verdict.timeWaits == "client at 110 o for 60000, capture-end a, seen 50000, 0 restarts")
    #expect(verdict.path.contains("FIN-WAIT-2 TIME-WAIT\n"))
  }

  @Test("a repeated FIN that is acknowledged restarts it, and shows that the last ACK was lost")
  func restarted() {
    let verdict = Verdict(of: closed + "\n340 < F. 1 0 2\n340.1 > . 2 0 2")
    #expect(verdict.timeWaits == "client at 110 o for 60230, capture-end a, seen 230.1, 1 restarts")
    #expect(verdict.close.hasSuffix("LAST-ACK 105 iR8, CLOSED 345.1 iR8"))
    #expect(
      verdict.findings == """
        time-wait-restarted client i 1 duration=60230
        fin-retransmitted server o 1
        last-ack-lost client i 1
        """)
  }

  @Test("each repeat restarts it again")
  func restartedOften() {
    let verdict = Verdict(
      of: closed + """

        340 < F. 1 0 2
        340.1 > . 2 0 2
        800 < F. 1 0 2
        800.1 > . 2 0 2
        1700 < F. 1 0 2
        1700.1 > . 2 0 2
        """)
    #expect(verdict.timeWaits.contains("for 61590, capture-end a"))
    #expect(verdict.timeWaits.hasSuffix("3 restarts"))
  }

  @Test("an answer to something that the capture lacks shows that it was restarted")
  func restartedUnseen() {
    let verdict = Verdict(of: closed + "\n5000 > . 2 0 2")
    #expect(verdict.timeWaits.contains("for 64890, capture-end a"))
  }

  @Test("an old copy of its last ACK shows nothing")
  func oldCopy() {
    let verdict = Verdict(
      of: """
        # The network holds a copy of the last ACK for five seconds.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < F. 1 0 2
        110.1 > . 2 0 2 id=9
        5000 > . 2 0 2 id=9
        """)
    #expect(verdict.timeWaits.contains("for 60000, capture-end a"))
  }

  @Test("a late segment of the peer's restarts it")
  func lateData() {
    let verdict = Verdict(
      of: """
        # Data, a close, and a late copy of the data.
        \(Opened.nearClient)
        50 < P. 1 10 1
        100 > F. 1 0 11
        110 < F. 11 0 2
        110.1 > . 2 0 12
        2000 < P. 1 10 1
        2000.1 > . 2 0 12
        """)
    #expect(verdict.timeWaits.contains("for 61890, capture-end a"))
    #expect(verdict.timeWaits.hasSuffix("1 restarts"))
  }

  @Test("a RST with exactly the number expected ends it, where its host takes RSTs")
  func killed() {
    let verdict = Verdict(of: closed + "\n300 < R 2 0 0")
    #expect(verdict.timeWaits == "client at 110 o for 190, reset i, seen 190, 0 restarts")
    #expect(verdict.close.contains("TIME-WAIT 110 oR6, CLOSED 300 iR11"))
  }

  @Test("a RST with any other number does not", arguments: [0, 1, 3, 100])
  func notKilled(number: Int) {
    let verdict = Verdict(of: closed + "\n300 < R \(number) 0 0")
    #expect(verdict.timeWaits.contains("for 60000, capture-end a"))
  }

  @Test("a late duplicate, its ACK and the RST that this draws kill it without an attacker")
  func naturalAssassination() {
    let verdict = Verdict(
      of: """
        # Data and close; a late copy of the data is acknowledged, and the peer has no socket.
        \(Opened.nearClient)
        50 < P. 1 10 1
        100 > F. 1 0 11
        110 < F. 11 0 2
        110.1 > . 2 0 12
        2000 < P. 1 10 1
        2000.1 > . 2 0 12
        2010 < R 12 0 0
        """)
    #expect(verdict.timeWaits == "client at 110 o for 1900, reset i, seen 1900, 1 restarts")
    #expect(verdict.reset == "server time-wait-assassination i (frames 9 10)")
    #expect(verdict.head == "orderly, client first (o, frames 5 6)")
  }

  @Test("a host that answers after such a RST ignores it: TIME-WAIT goes on, and is restarted")
  func ignoresResets() {
    let verdict = Verdict(of: closed + "\n300 < R 2 0 0\n1000 < F. 1 0 2\n1000.1 > . 2 0 2")
    #expect(verdict.timeWaits.contains("for 60890, capture-end a"))
    #expect(verdict.path.contains("FIN-WAIT-2 TIME-WAIT\n"))
  }
}

@Suite("R10: a late FIN meets no socket")
struct NoSocketTests {
  @Test("a repeat that meets RST shortly after: TIME-WAIT was most likely skipped")
  func skipped() {
    let verdict = Verdict(of: closed + "\n340 < F. 1 0 2\n340.1 > R 2 0 0")
    #expect(verdict.timeWaits == "client at 110 i for 230, gone i, seen 230, 0 restarts")
    #expect(verdict.findings(.timeWaitSkipped) == "time-wait-skipped client o 1 age=230")
  }

  @Test("later than a second after its entry TIME-WAIT was there, and is gone")
  func gone() {
    let verdict = Verdict(of: closed + "\n1340 < F. 1 0 2\n1340.1 > R 2 0 0")
    #expect(verdict.timeWaits == "client at 110 o for 1230, gone o, seen 1230, 0 restarts")
    #expect(verdict.findings(.timeWaitSkipped) == "")
  }

  @Test("after 2MSL its end is the assumed one")
  func after2MSL() {
    let verdict = Verdict(of: closed + "\n63000 < F. 1 0 2\n63000.1 > R 2 0 0")
    #expect(verdict.timeWaits == "client at 110 o for 60000, 2MSL a, seen 60000, 0 restarts")
  }

  @Test("a RST as the first answer to the peer's FIN: there was no TIME-WAIT at all")
  func neverEntered() {
    let verdict = Verdict(
      of: """
        # The peer closes 70 s after the FIN-WAIT-2 of an orphan began.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < . 1 0 2
        70000 < F. 1 0 2
        70000.1 > R 2 0 0
        """)
    #expect(verdict.timeWaits == "")
    #expect(verdict.reset == "client orphan-gone o (frames 6 7)")
    #expect(
      verdict.close == """
        client: FIN-WAIT-1 100 oR1, FIN-WAIT-2 110 oR4, CLOSED 60110 aR15
        server: CLOSE-WAIT 105 oR3, LAST-ACK 69995 iR8, CLOSED 70005.1 iR12
        """)
    #expect(verdict.head == "reset, client first (o, frames 4 5)")
  }

  @Test("before the profile's limit nothing tells when the orphan went")
  func unknownWhen() {
    let verdict = Verdict(
      of: """
        # The peer closes after 20 s and meets no socket.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < . 1 0 2
        20000 < F. 1 0 2
        20000.1 > R 2 0 0
        """)
    #expect(verdict.close.contains("FIN-WAIT-2 110 oR4, CLOSED 20000.1 uR15"))
    // Only what is inferred has bounds: of an unknown entry the guess claims nothing.
    #expect(verdict.bounds.split(separator: "\n").first == "client:")
  }

  @Test("an ACK of the late FIN shows that the socket was there: TIME-WAIT begins now")
  func stillThere() {
    let verdict = Verdict(
      of: """
        # The peer closes after 70 s, and that is acknowledged: shutdown, not close.
        \(Opened.nearClient)
        100 > F. 1 0 1
        110 < . 1 0 2
        70000 < F. 1 0 2
        70000.1 > . 2 0 2
        """)
    #expect(verdict.timeWaits == "client at 70000 o for 60000, capture-end a, seen 0.1, 0 restarts")
    #expect(verdict.reset == "none")
  }
}
