import FlowScripts
import TCPTeardown
import Testing

@Suite("R0: how a connection came to be")
struct OpeningTests {
  @Test("each side is in its states a one-way delay before or after what the capture shows")
  func plain() {
    let verdict = Verdict(
      of: """
        # SYN, SYN-ACK and ACK, seen next to the client; then the server speaks.
        \(Opened.nearClient)
        20 < P. 1 10 1
        """)
    #expect(
      verdict.opening == """
        client: SYN-SENT 0 oR0, ESTABLISHED 10 oR0
        server: SYN-RECEIVED 5 oR0, ESTABLISHED 15 oR0
        """)
    #expect(verdict.head == "open")
    #expect(verdict.frames(of: .synSent, .client) == [[1]])
    #expect(verdict.frames(of: .synReceived, .server) == [[2]])
    #expect(verdict.frames(of: .established, .client) == [[3]])
  }

  @Test("that the ACK arrived is inferred as long as the server sends nothing but SYN-ACKs")
  func silentServer() {
    let verdict = Verdict(
      of: """
        # The client speaks, the server does not.
        \(Opened.nearClient)
        20 > P. 1 10 1
        """)
    #expect(
      verdict.opening == """
        client: SYN-SENT 0 oR0, ESTABLISHED 10 oR0
        server: SYN-RECEIVED 5 oR0, ESTABLISHED 15 iR0
        """)
  }

  @Test("the server speaks before the capture's ACK could have come: it was open by then")
  func serverSpeaksEarly() {
    let verdict = Verdict(
      of: """
        # Seen next to the client, which takes its time; the server's data bounds its ESTABLISHED.
        0 > S 0 0 0
        10 < S. 0 0 1
        10 > . 1 0 1
        18 < P. 1 10 1
        """)
    #expect(
      verdict.opening == """
        client: SYN-SENT 0 oR0, ESTABLISHED 10 oR0
        server: SYN-RECEIVED 5 oR0, ESTABLISHED 13 oR0
        """)
  }

  @Test("far from the client, what looks like its first SYN may be a repeat")
  func farFromClient() {
    let verdict = Verdict(
      of: """
        # The same handshake, seen next to the server.
        \(Opened.nearServer)
        11 < P. 1 10 1
        """)
    #expect(
      verdict.opening == """
        client: SYN-SENT -5 iR0, ESTABLISHED 5 oR0
        server: SYN-RECEIVED 0 oR0, ESTABLISHED 10 oR0
        """)
    #expect(verdict.bounds == "client: SYN-SENT ...-5\nserver:")
  }

  @Test("data completes a handshake as well as a bare ACK does")
  func dataCompletes() {
    let verdict = Verdict(
      of: """
        # SYN, SYN-ACK, data.
        0 > S 0 0 0
        10 < S. 0 0 1
        12 > P. 1 5 1
        30 < . 1 0 6
        """)
    #expect(
      verdict.opening == """
        client: SYN-SENT -1 oR0, ESTABLISHED 11 oR0
        server: SYN-RECEIVED 5 oR0, ESTABLISHED 17 oR0
        """)
  }

  @Test("an ACK of something else completes no handshake")
  func foreignACK() {
    let verdict = Verdict(
      of: """
        # The client acknowledges what came before the SYN-ACK.
        0 > S 0 0 0
        10 < S. 0 0 1
        12 > . 1 0 0
        5000 end
        """)
    #expect(verdict.path == "client: SYN-SENT\nserver: SYN-RECEIVED")
  }

  @Test("a SYN lost before the capture was sent a round trip before its answer")
  func lostSYN() {
    let verdict = Verdict(
      of: """
        # The capture starts with the SYN-ACK.
        10 < S. 0 0 1
        20 > . 1 0 1
        """)
    #expect(
      verdict.opening == """
        client: SYN-SENT 5 iR0, ESTABLISHED 15 oR0
        server: SYN-RECEIVED 10 oR0, ESTABLISHED 20 iR0
        """)
    #expect(verdict.record.rolesAreObserved)
  }

  @Test("a SYN-ACK that was not captured lies between the SYN and the ACK")
  func lostSYNAck() {
    let verdict = Verdict(
      of: """
        # SYN, ACK.
        0 > S 0 0 0
        20 > . 1 0 1
        """)
    #expect(
      verdict.opening == """
        client: SYN-SENT 0 iR0, ESTABLISHED 20 iR0
        server: SYN-RECEIVED 0 iR0, ESTABLISHED 20 iR0
        """)
    // Of one direction it is not known how far from the client it was captured (R28).
    #expect(
      verdict.bounds == "client: SYN-SENT ...0, ESTABLISHED ...20\nserver: SYN-RECEIVED ...20")
  }

  @Test("a delay learnt from the close does not put the server behind the client's ACK")
  func lateDelay() {
    let verdict = Verdict(
      of: """
        # No SYN-ACK; the FIN is acknowledged after 100 ms, which is no round trip.
        0 > S 0 0 0
        20 > . 1 0 1
        100 > F. 1 0 1
        200 < . 1 0 2
        """)
    #expect(verdict.opening.contains("server: SYN-RECEIVED 20 iR0"))
  }

  @Test("a SYN-ACK at the end of the capture is taken to have arrived")
  func endsAtSYNAck() {
    let verdict = Verdict(
      of: """
        # SYN, SYN-ACK, and the capture ends.
        0 > S 0 0 0
        10 < S. 0 0 1
        """)
    #expect(
      verdict.opening == """
        client: SYN-SENT 0 oR0, ESTABLISHED 10 iR0
        server: SYN-RECEIVED 5 oR0
        """)
  }

  @Test("a SYN-ACK that nobody acknowledges long after opens nothing")
  func unansweredSYNAck() {
    let verdict = Verdict(
      of: """
        # SYN, SYN-ACK, and nothing for five seconds.
        0 > S 0 0 0
        10 < S. 0 0 1
        5000 end
        """)
    #expect(verdict.path == "client: SYN-SENT\nserver: SYN-RECEIVED")
  }

  @Test("a repeated SYN-ACK shows that the ACK was lost: the next one opens the server")
  func lostACK() {
    let verdict = Verdict(
      of: """
        # The server repeats its SYN-ACK after a second.
        \(Opened.nearClient)
        1010 < S. 0 0 1
        1010 > . 1 0 1
        """)
    #expect(
      verdict.opening == """
        client: SYN-SENT 0 oR0, ESTABLISHED 10 oR0
        server: SYN-RECEIVED 5 oR0, ESTABLISHED 1015 iR0
        """)
  }

  @Test("a SYN-ACK that comes late, when the server has spoken, takes nothing back")
  func lateSYNAck() {
    let verdict = Verdict(
      of: """
        # The server's data, then an old copy of its SYN-ACK.
        \(Opened.nearClient)
        20 < P. 1 10 1
        1010 < S. 0 0 1
        1010 > . 1 0 11
        """)
    #expect(verdict.opening.hasSuffix("server: SYN-RECEIVED 5 oR0, ESTABLISHED 15 oR0"))
  }

  @Test("both sides' SYN: each goes through SYN-RECEIVED by the other's")
  func simultaneousOpen() {
    let verdict = Verdict(
      of: """
        # RFC 9293 Figure 7, seen next to the client: SYN and SYN-ACK both ways.
        0 > S 0 0 0
        4 < S 0 0 0
        4 > S. 0 0 1
        10 < S. 0 0 1
        10 > . 1 0 1
        """)
    #expect(
      verdict.path.split(separator: "\n").allSatisfy {
        $0.hasSuffix("SYN-SENT SYN-RECEIVED ESTABLISHED")
      })
    #expect(
      verdict.opening.hasPrefix(
        "client: SYN-SENT 0 oR0, SYN-RECEIVED 4 oR0, ESTABLISHED 10 oR0"))
  }

  @Test("the SYN-ACK of a simultaneous open opens the other side, not the ACK after it")
  func simultaneousOpenByTheSYNAck() {
    let verdict = Verdict(
      of: """
        # The client's SYN-ACK acknowledges the server's SYN long before its first bare ACK.
        0 > S 0 0 0
        4 < S 0 0 0
        4 > S. 0 0 1
        10 < S. 0 0 1
        500 > . 1 0 1
        """)
    #expect(
      verdict.opening.contains("server: SYN-SENT -1 oR0, SYN-RECEIVED 5 oR0, ESTABLISHED 9"))
  }
}
