import FlowScripts
import PacketDecoding
import TCPTeardown
import Testing

/// The server closes first, seen next to it: it is in TIME-WAIT since 110 ms, both next numbers 2.
private let serverWaits = """
  # The server closes first; then, on the same tuple:
  \(Opened.nearServer)
  100 < F. 1 0 1
  110 > F. 1 0 2
  110.1 < . 2 0 2
  """

/// The client closes first, seen next to the server: the client is in TIME-WAIT since 105 ms.
private let clientWaits = """
  # The client closes first; then, on the same tuple:
  \(Opened.nearServer)
  100 > F. 1 0 1
  100.1 < F. 1 0 2
  110.1 > . 2 0 2
  """

@Suite("R17, R18: a new SYN meets TIME-WAIT")
struct ReuseTests {
  /// The verdicts on the old flow and the new, by stream.
  static func pair(_ script: String, by flow: FlowScript = FlowScript()) -> [Verdict] {
    Verdict.all(of: script, by: flow).sorted { $0.record.stream < $1.record.stream }
  }

  @Test("a SYN-ACK for a number above the old ones: accepted by its number")
  func byNumber() {
    let flows = Self.pair(
      serverWaits + """

        1110 > S 1000 0 0
        1110.1 < S. 90000 0 1001
        1120.1 > . 1001 0 90001
        """)
    #expect(flows.count == 2)
    #expect(
      flows[0].timeWaits == "server at 110 o for 1000, reuse o, seen 1000, 0 restarts")
    #expect(
      flows[0].findings == "time-wait-reuse server o 1 verdict=accepted by ISN age=1000")
    #expect(flows[0].close.contains("TIME-WAIT 110 oR6, CLOSED 1110 oR17"))
    #expect(flows[0].head.hasPrefix("orderly"))
    #expect(flows[1].head == "open")
    #expect(flows[1].record.initialNumbers.client == FlowScript.initialNumbers.client + 1000)
  }

  @Test(
    "a SYN-ACK for a number that is not above them: accepted by its timestamp",
    arguments: [
      -1000, -1, 1,
    ])
  func byTimestamp(number: Int) {
    let flows = Self.pair(
      serverWaits + """

        1110 > S \(number) 0 0
        1110.1 < S. 90000 0 \(number + 1)
        """)
    #expect(
      flows[0].findings(.timeWaitReuse)
        == "time-wait-reuse server o 1 verdict=accepted by timestamp age=1000")
  }

  @Test(
    "a SYN-ACK of old SND.NXT + 65537 was taken out of TIME-WAIT, across the wrap too",
    arguments: [5000, 0xFFFF_0000, 0xFFFF_FFFD, 0xFFFF_FFFE, 0] as [UInt32])
  func recycled(serverStart: UInt32) {
    var script = FlowScript()
    script.initialNumbers.server = SequenceNumber(serverStart)
    for (step, verdict) in [(65536, "accepted by ISN"), (65537, "recycled")] {
      let flows = Self.pair(
        serverWaits + "\n1110 > S 1000 0 0\n1110.1 < S. \(2 + step) 0 1001", by: script)
      #expect(
        flows[0].findings(.timeWaitReuse)
          == "time-wait-reuse server o 1 verdict=\(verdict) age=1000")
    }
  }

  @Test(
    "a SYN of the holder's with its old SND.NXT + 65537 reuses its own TIME-WAIT",
    arguments: [(65537, "recycled"), (65536, "reused"), (70000, "reused")])
  func byHolder(step: Int, verdict: String) {
    let flows = Self.pair(
      clientWaits + """

        1110 > S \(2 + step) 0 0
        1110.1 < S. 90000 0 \(3 + step)
        1120.1 > . \(3 + step) 0 90001
        """)
    #expect(flows[0].timeWaits == "client at 105.1 o for 999.9, reuse o, seen 999.9, 0 restarts")
    #expect(
      flows[0].findings(.timeWaitReuse)
        == "time-wait-reuse client o 1 verdict=\(verdict) age=999.9")
  }

  static let refusal = """
    1110 > S -1000 0 0
    1110.1 < . 2 0 2
    1120.1 > R 2 0 0
    1140 > S -1000 0 0
    1140.1 < S. 90000 0 -999
    1150.1 > . -999 0 90001
    """

  @Test("SYN, ACK of old numbers, RST, SYN, SYN-ACK: refused once, and what that cost")
  func refused() {
    let flows = Self.pair(serverWaits + "\n" + Self.refusal)
    #expect(flows.count == 2)
    #expect(
      flows[0].timeWaits == "server at 110 o for 1010.1, reset i, seen 1010.1, 0 restarts")
    #expect(
      flows[0].findings(.timeWaitReuse)
        == "time-wait-reuse server o 1 verdict=refused age=1000 cost=30.1")
    #expect(flows[1].head == "open")
    #expect(flows[1].reset.hasPrefix("client time-wait-refusal o"))
    #expect(flows[1].record.client.port == 51324)
  }

  @Test("the old flow's answer moves no state of the new one")
  func oldAnswer() {
    let flows = Self.pair(serverWaits + "\n" + Self.refusal)
    #expect(
      flows[1].path == """
        client: SYN-SENT ESTABLISHED
        server: SYN-RECEIVED ESTABLISHED
        """)
    #expect(flows[1].close == "client:\nserver:")
  }

  @Test("refused again and again: blocked, until TIME-WAIT is over")
  func blocked() {
    let flows = Self.pair(
      serverWaits + """

        1110 > S -1000 0 0
        1110.1 < . 2 0 2
        1120.1 > R 2 0 0
        2110 > S -1000 0 0
        2110.1 < . 2 0 2
        2120.1 > R 2 0 0
        34110 > S -1000 0 0
        34110.1 < . 2 0 2
        34120.1 > R 2 0 0
        67110 > S -1000 0 0
        67110.1 < S. 90000 0 -999
        67120.1 > . -999 0 90001
        """)
    #expect(
      flows[0].findings(.timeWaitReuse)
        == "time-wait-reuse server o 1 verdict=blocked age=1000 cost=66000.1")
    #expect(flows[0].timeWaits.hasPrefix("server at 110 o for 60000, 2MSL a"))
    #expect(flows[1].head == "open")
  }

  @Test("a SYN that nothing answers was blocked, too")
  func dropped() {
    let flows = Self.pair(serverWaits + "\n1110 > S -1000 0 0\n2110 > S -1000 0 0\n5000 end")
    #expect(
      flows[0].findings(.timeWaitReuse) == "time-wait-reuse server o 1 verdict=blocked age=1000")
    #expect(flows[0].timeWaits.contains("for 60000, capture-end a"))
  }

  @Test("a RST with ACK tells of no listener, and of no TIME-WAIT in the way")
  func noListener() {
    let flows = Self.pair(serverWaits + "\n1110 > S 1000 0 0\n1110.1 < R. 0 0 1001")
    #expect(flows[0].timeWaits == "server at 110 o for 1000, gone o, seen 1000, 0 restarts")
    #expect(flows[1].head == "refused")
  }

  @Test("after 2MSL a new SYN finds the tuple free")
  func afterwards() {
    let flows = Self.pair(
      serverWaits + "\n61110 > S 1000 0 0\n61110.1 < S. 90000 0 1001\n61120.1 > . 1001 0 90001")
    #expect(flows[0].timeWaits == "server at 110 o for 60000, 2MSL a, seen 60000, 0 restarts")
    #expect(flows[0].findings(.timeWaitReuse) == "")
  }

  @Test("a SYN of an old connection's other side is a connection the other way round")
  func otherWayRound() {
    let flows = Self.pair(
      serverWaits + "\n1110 < S 90000 0 0\n1120 > S. 1000 0 90001\n1120.1 < . 90001 0 1001")
    #expect(flows.count == 2)
    #expect(flows[1].record.client.port == 80)
    #expect(flows[1].head == "open")
    #expect(
      flows[0].findings(.timeWaitReuse)
        == "time-wait-reuse server o 1 verdict=reused age=1000")
  }
}
