import FlowScripts
import TCPTeardown
import Testing

private let open = Opened.midway

@Suite("Why a side was reset (section 8)")
struct ResetCauseTests {
  @Test("data to a side that had closed meets RST without ACK")
  func dataAfterClose() {
    let verdict = Verdict(
      of: """
        # FIN, its ACK, then the peer's data shortly after.
        \(open)
        100 > F. 1 0 1
        110 < . 1 0 2
        300 < P. 1 10 2
        310 > R 2 0 0
        """)
    #expect(verdict.reset == "client data-after-close o (frames 6 7)")
    #expect(verdict.path.contains("FIN-WAIT-1 FIN-WAIT-2 CLOSED\n"))
    #expect(verdict.path.hasSuffix("CLOSE-WAIT CLOSED"))
  }

  @Test("the same data later than the profile's limit met no socket: the orphan was gone")
  func orphanGone() {
    let verdict = Verdict(
      of: """
        # FIN, its ACK, data after 70 s.
        \(open)
        100 > F. 1 0 1
        110 < . 1 0 2
        70000 < P. 1 10 2
        70010 > R 2 0 0
        """)
    #expect(verdict.reset.hasPrefix("client orphan-gone o (frames 6 7)"))
  }

  @Test("a request that got no answer before its sender closed timed out")
  func readTimeout() {
    let verdict = Verdict(
      of: """
        # A request; FIN after two seconds; the answer after four meets RST.
        \(open)
        30 > P. 1 78 1
        40 < . 1 0 79
        2030 > F. 79 0 1
        2040 < . 1 0 80
        4000 < P. 1 500 80
        4010 > R 80 0 0
        """)
    #expect(verdict.reset.hasPrefix("client read-timeout i"))
    #expect(verdict.reset.hasSuffix("timeout=2000"))
    #expect(verdict.findings(.readTimeout) == "read-timeout client i 1 timeout=2000")
  }

  @Test("a request that crosses the FIN of an idle server loses the race")
  func keepAliveRace() {
    let verdict = Verdict(
      of: """
        # A request and its response; five seconds idle; FIN and the next request cross.
        \(open)
        30 > P. 1 78 1
        50 < P. 1 500 79
        60 > . 79 0 501
        5050 < F. 501 0 79
        5051 > P. 79 78 501
        5061 < R 501 0 0
        """)
    #expect(verdict.reset.hasPrefix("server keep-alive-race i"))
    #expect(verdict.reset.hasSuffix("idle=5000 responseOctets=0"))
    #expect(verdict.findings(.keepAliveRace).hasPrefix("keep-alive-race server i 1 idle=5000"))
  }

  @Test("unanswered keep-alive probes before a RST with ACK: the prober gave up")
  func keepAliveFailed() {
    let verdict = Verdict(
      of: """
        # Data, then nine probes of SND.NXT - 1 without answer, then RST.
        \(open)
        30 > P. 1 10 1
        40 < . 1 0 11
        \((1...9).map { "\(($0 + 1) * 1000) > . 10 0 1" }.joined(separator: "\n"))
        11000 > R. 11 0 1
        """)
    #expect(verdict.reset.hasPrefix("client keep-alive-failed"))
  }

  @Test("unanswered repeats before a RST with ACK: the retransmissions timed out")
  func retransmissionTimeout() {
    let verdict = Verdict(
      of: """
        # Data again and again without answer, then RST.
        \(open)
        30 > P. 1 10 1
        230 > P. 1 10 1
        630 > P. 1 10 1
        1430 > P. 1 10 1
        3030 > P. 1 10 1
        6230 > R. 11 0 1
        """)
    #expect(verdict.reset.hasPrefix("client retransmission-timeout"))
  }

  @Test("probes of a keep-alive that are answered change nothing")
  func keepAliveAnswered() {
    let verdict = Verdict(
      of: """
        # Data, then probes of SND.NXT - 1 and their answers.
        \(open)
        30 > P. 1 10 1
        40 < . 1 0 11
        1000 > . 10 0 1
        1010 < . 1 0 11
        2000 > . 10 1 1
        2010 < . 1 0 11
        """)
    #expect(verdict.head == "open")
    #expect(verdict.close == "client:\nserver:")
    #expect(verdict.findings == "")
  }

  @Test("a probe that meets RST without ACK: there is no socket any more")
  func keepAliveMeetsNoSocket() {
    let verdict = Verdict(
      of: """
        # Data, a minute of idleness, a probe, RST.
        \(open)
        30 > P. 1 10 1
        40 < P. 1 10 11
        50 > . 11 0 11
        60040 > . 10 0 11
        60050 < R 11 0 0
        """)
    #expect(verdict.reset.hasPrefix("server peer-gone i"))
    #expect(verdict.path.hasSuffix("server: SYN-RECEIVED ESTABLISHED CLOSED"))
  }
}
