import FlowScripts
import PacketDecoding
import TCPTeardown
import Testing

private let open = Opened.nearClient

@Suite("R14, R15: one side does not close")
struct HalfClosedTests {
  @Test("data after a FIN that is acknowledged: it was a shutdown, and there is a reader")
  func halfClose() {
    let verdict = Verdict(
      of: """
        # FIN, its ACK, data both take part in, then the server's FIN.
        \(open)
        100 > F. 1 0 1
        110 < . 1 0 2
        300 < P. 1 10 2
        300.1 > . 2 0 11
        500 < F. 11 0 2
        500.1 > . 2 0 12
        """)
    #expect(verdict.findings == "half-close client o 1")
    #expect(verdict.timeWaits.hasPrefix("client at 500 o"))
  }

  @Test("data that was on its way when the FIN was sent is no half-close")
  func crossingData() {
    let verdict = Verdict(
      of: """
        # Data that does not acknowledge the FIN.
        \(open)
        100 > F. 1 0 1
        101 < P. 1 10 1
        101.1 > . 2 0 11
        110 < . 11 0 2
        """)
    #expect(verdict.findings(.halfClose) == "")
  }

  @Test(
    "CLOSE-WAIT for ten seconds is a leak, counted to the end of the capture",
    arguments: [(10_104, ""), (10_105, "close-wait-leak server o 1 duration=10000 closed=false")])
  func leak(end: Int, finding: String) {
    let verdict = Verdict(
      of: """
        # FIN, its ACK, and no FIN of the server's.
        \(open)
        100 > F. 1 0 1
        110 < . 1 0 2
        \(end) end
        """)
    #expect(verdict.findings == finding)
    #expect(verdict.close == """
      client: FIN-WAIT-1 100 oR1, FIN-WAIT-2 110 oR4
      server: CLOSE-WAIT 105 oR3
      """)
    #expect(verdict.head == "closing, client first (o, frames 4 5)")
  }

  @Test("a leak that ends is one too")
  func endedLeak() {
    let verdict = Verdict(
      of: """
        # The server closes after twelve seconds.
        \(open)
        100 > F. 1 0 1
        110 < . 1 0 2
        12110 < F. 1 0 2
        12110.1 > . 2 0 2
        """)
    #expect(
      verdict.findings(.closeWaitLeak)
        == "close-wait-leak server o 1 duration=12000 closed=true")
  }

  @Test("FIN-WAIT-2 beyond the profile's limit may be an orphan's, which is gone by then")
  func orphan() {
    let script = """
      # FIN, its ACK, and nothing more.
      \(open)
      100 > F. 1 0 1
      110 < . 1 0 2
      """
    #expect(Verdict(of: script + "\n60109 end").findings(.finWait2Orphan) == "")
    #expect(
      Verdict(of: script + "\n60110 end").findings(.finWait2Orphan)
        == "fin-wait-2-orphan client a 1 duration=60000")
  }
}

@Suite("R16: repeats of a FIN stop")
struct GaveUpTests {
  static let repeats = """
    # A FIN that nobody acknowledges, with doubling gaps.
    \(open)
    100 > F. 1 0 1
    300 > F. 1 0 1
    700 > F. 1 0 1
    1500 > F. 1 0 1
    3100 > F. 1 0 1
    """

  @Test("its sender gave up about one further back-off after the last")
  func gaveUp() {
    let verdict = Verdict(of: Self.repeats + "\n20000 end")
    #expect(verdict.close == "client: FIN-WAIT-1 100 oR1, CLOSED 6300 iR16\nserver:")
    #expect(verdict.bounds.contains("CLOSED 3100...6300"))
    #expect(verdict.findings(.gaveUp) == "gave-up client i 5 duration=3000")
    #expect(verdict.opening.contains("server: SYN-RECEIVED 5 oR0, ESTABLISHED 15"))
  }

  @Test("before the next repeat was due nobody gave up")
  func notYet() {
    let verdict = Verdict(of: Self.repeats + "\n6900 end")
    #expect(verdict.close == "client: FIN-WAIT-1 100 oR1\nserver:")
    #expect(verdict.findings(.gaveUp) == "")
  }

  @Test("one FIN alone tells no schedule")
  func oneFIN() {
    let verdict = Verdict(of: "# One FIN.\n\(open)\n100 > F. 1 0 1\n50000 end")
    #expect(verdict.close == "client: FIN-WAIT-1 100 oR1\nserver:")
  }

  @Test("LAST-ACK gives up in the same way")
  func lastAck() {
    let verdict = Verdict(
      of: """
        # The server's FIN is not acknowledged, however often it is repeated.
        \(open)
        100 > F. 1 0 1
        110 < F. 1 0 2
        310 < F. 1 0 2
        710 < F. 1 0 2
        1510 < F. 1 0 2
        20000 end
        """)
    #expect(verdict.close.hasSuffix("LAST-ACK 105 iR8, CLOSED 3105 iR16"))
    #expect(verdict.findings(.gaveUp) == "gave-up server i 4 duration=1400")
  }
}

@Suite("R20: nobody answers a SYN")
struct UnansweredTests {
  /// The SYNs of a connection, at these milliseconds, and the end of the capture.
  static func syns(_ times: [Int], end: Int) -> String {
    "# SYNs without answer.\n"
      + times.map { "\($0) > S 0 0 0\n" }.joined() + "\(end) end"
  }

  static let backOff = [0, 1000, 3000, 7000, 15000, 31000, 63000]
  static let linear = [0, 1000, 2000, 3000, 4000, 5000, 7000, 11000, 19000, 35000, 67000]

  @Test(
    "a whole schedule is the kernel's, which gives up when its next SYN would be due",
    arguments: [(backOff, 127_000...131_000), (linear, 131_000...135_000)])
  func kernel(times: [Int], range: ClosedRange<Int>) throws {
    let verdict = Verdict(of: Self.syns(times, end: 200_000))
    #expect(verdict.head == "unanswered")
    let closed = try #require(verdict.record.teardown.states.client.last)
    #expect(closed.state == .closed)
    #expect(closed.grade == .inferred)
    #expect(range.contains(Int((closed.enteredAt - FlowScript.start) / 1_000_000)))
    #expect(
      verdict.findings(.connectTimeout).hasSuffix(
        "attempts=\(times.count) schedule=kernel"))
  }

  @Test("measured SYNs, which run late, are the kernel's too")
  func measured() {
    let times = [0, 1000, 2000, 3100, 4100, 5100, 7100, 11400, 19600, 35700, 68700]
    let verdict = Verdict(of: Self.syns(times, end: 200_000))
    #expect(verdict.findings(.connectTimeout).hasSuffix("attempts=11 schedule=kernel"))
  }

  @Test(
    "a shorter schedule is an application's time-out: the longest round value that fits",
    arguments: [
      ([0], 1000), ([0, 1000], 3000), ([0, 1000, 2000], 3000), ([0, 1000, 3000], 6000),
      ([0, 1000, 3000, 7000], 15_000), ([0, 1000, 2000, 3000, 4000, 5000], 6000),
      ([0, 1000, 2000, 3000, 4000, 5000, 7000], 10_000),
      ([0, 1000, 3000, 7000, 15000], 30_000), ([0, 1000, 3000, 7000, 15000, 31000], 60_000),
    ])
  func application(times: [Int], timeout: Int) {
    let verdict = Verdict(of: Self.syns(times, end: 190_000))
    #expect(
      verdict.findings(.connectTimeout)
        == "connect-timeout client i 1 timeout=\(timeout) "
        + "attempts=\(times.count) schedule=application")
    #expect(verdict.path == "client: SYN-SENT CLOSED\nserver:")
  }

  @Test("a capture that ends before the next SYN was due leaves SYN-SENT open")
  func tooShort() {
    let verdict = Verdict(of: Self.syns([0, 1000], end: 3000))
    #expect(verdict.head == "unanswered")
    #expect(verdict.path == "client: SYN-SENT\nserver:")
    #expect(verdict.findings == "")
  }

  @Test("a SYN-ACK that is not acknowledged and a SYN repeated after it: the client never got it")
  func lostSYNAcks() {
    let verdict = Verdict(
      of: """
        # The SYN-ACKs are lost behind the capture; the client gives up after its SYN at 3 s.
        0 > S 0 0 0
        1 < S. 0 0 1
        1000 > S 0 0 0
        1001 < S. 0 0 1
        3000 > S 0 0 0
        3001 < S. 0 0 1
        20000 end
        """)
    #expect(verdict.path.hasPrefix("client: SYN-SENT CLOSED\n"))
    #expect(verdict.close.hasPrefix("client: CLOSED 6000 iR20"))
  }
}

@Suite("R23: ICMP errors")
struct UnreachableTests {
  @Test(
    "destination unreachable ends SYN-SENT",
    arguments: [(3, 0), (3, 1), (3, 3), (3, 10), (3, 13)])
  func unreachable(type: Int, code: Int) {
    let verdict = Verdict(of: "# SYN, ICMP.\n0 > S 0 0 0\n5 > icmp \(type) \(code) 0")
    #expect(verdict.head == "unreachable")
    #expect(verdict.close == "client: CLOSED 5 iR23\nserver:")
    #expect(verdict.findings == "icmp-unreachable client o 1 type=\(type) code=\(code)")
    #expect(verdict.record.packets == PerSide(client: 1, server: 0))
  }

  static let overIPv6 = FlowScript(
    client: Endpoint(address: .v6(0xFD00 << 112 | 1), port: 51324),
    server: Endpoint(address: .v6(0xFD00 << 112 | 2), port: 80))

  @Test("ICMPv6 destination unreachable does too", arguments: [0, 1, 3, 4])
  func unreachable6(code: Int) {
    let verdict = Verdict(
      of: "# SYN, ICMPv6.\n0 > S 0 0 0\n5 > icmp 1 \(code) 0", by: Self.overIPv6)
    #expect(verdict.head == "unreachable")
    #expect(verdict.close == "client: CLOSED 5 iR23\nserver:")
  }

  @Test("fragmentation needed, time exceeded and others end nothing", arguments: [
    (3, 4), (11, 0), (12, 0),
  ])
  func others(type: Int, code: Int) {
    let verdict = Verdict(of: "# SYN, ICMP.\n0 > S 0 0 0\n5 > icmp \(type) \(code) 0")
    #expect(verdict.head == "unanswered")
    #expect(verdict.path == "client: SYN-SENT\nserver:")
  }

  @Test("ICMPv6 packet too big and parameter problem end nothing", arguments: [(2, 0), (4, 1)])
  func others6(type: Int, code: Int) {
    let verdict = Verdict(
      of: "# SYN, ICMPv6.\n0 > S 0 0 0\n5 > icmp \(type) \(code) 0", by: Self.overIPv6)
    #expect(verdict.path == "client: SYN-SENT\nserver:")
  }

  @Test("ICMPv6 time exceeded, whose type is IPv4's unreachable, ends nothing")
  func timeExceeded6() {
    let verdict = Verdict(of: "# SYN, ICMPv6.\n0 > S 0 0 0\n5 > icmp 3 0 0", by: Self.overIPv6)
    withKnownIssue("the types of ICMP and ICMPv6 are not told apart") {
      #expect(verdict.path == "client: SYN-SENT\nserver:")
    }
  }

  @Test("on an open connection an error is only worth telling")
  func open() {
    let verdict = Verdict(
      of: """
        # A host unreachable while data flows.
        \(Opened.nearClient)
        50 > P. 1 10 1
        55 > icmp 3 1 1
        60 < . 1 0 11
        """)
    #expect(verdict.head == "open")
    #expect(verdict.close == "client:\nserver:")
    #expect(verdict.findings == "icmp-unreachable client o 1 type=3 code=1")
  }

  @Test("no SYN repeated where the next was due: the error had come")
  func proven() {
    let verdict = Verdict(of: "# SYN, ICMP.\n0 > S 0 0 0\n5 > icmp 3 1 0\n60000 end")
    withKnownIssue("R23: silence where a SYN was due leaves the end inferred") {
      #expect(verdict.close == "client: CLOSED 5 oR23\nserver:")
    }
  }

  @Test("a SYN repeated after the error shows that it had no effect")
  func repeated() {
    let verdict = Verdict(
      of: """
        # SYN, ICMP, SYN, SYN-ACK, ACK.
        0 > S 0 0 0
        5 > icmp 3 1 0
        1000 > S 0 0 0
        1010 < S. 0 0 1
        1010.1 > . 1 0 1
        """)
    #expect(verdict.head == "open")
    #expect(verdict.path.hasPrefix("client: SYN-SENT ESTABLISHED\n"))
  }

  @Test("an error that quotes no flow is counted and opens none")
  func stray() {
    var table = FlowTable(options: ReconstructionOptions())
    let records = FlowScript().records("# ICMP alone.\n0 > icmp 3 1 0", in: &table)
    #expect(records.isEmpty)
    #expect(table.counts.strayICMPErrors == 1)
  }
}

@Suite("R24, R26: impossible flags, and captures that end early")
struct EarlyEndTests {
  @Test(
    "flags that no endpoint sends are counted and are no event",
    arguments: [
      "SF 0 0 0", "SF. 0 0 11", "SR 0 0 0", "SR. 0 0 11", "F 1 0 0", "- 1 0 0", "FR. 1 0 11",
    ])
  func impossible(segment: String) {
    var table = FlowTable(options: ReconstructionOptions())
    let records = FlowScript().records(
      """
      # An open connection and one segment with impossible flags.
      \(Opened.nearClient)
      20 < P. 1 10 1
      30 > \(segment)
      40 > . 1 0 11
      """, in: &table)
    let verdict = Verdict(records[0])
    #expect(records.count == 1)
    #expect(verdict.head == "open")
    #expect(verdict.close == "client:\nserver:")
    #expect(table.counts.impossibleFlags == 1)
    #expect(verdict.record.packets == PerSide(client: 4, server: 2))
  }

  /// A whole close by the server, seen next to the client, and the path after each of its frames.
  static let whole = [
    ("0 > S 0 0 0", "SYN-SENT | "),
    ("10 < S. 0 0 1", "SYN-SENT ESTABLISHED | SYN-RECEIVED"),
    ("10 > . 1 0 1", "SYN-SENT ESTABLISHED | SYN-RECEIVED ESTABLISHED"),
    ("100 < F. 1 0 1", "SYN-SENT ESTABLISHED CLOSE-WAIT | SYN-RECEIVED ESTABLISHED FIN-WAIT-1"),
    (
      "100.1 > . 1 0 2",
      "SYN-SENT ESTABLISHED CLOSE-WAIT | SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2"
    ),
    (
      "200 > F. 1 0 2",
      "SYN-SENT ESTABLISHED CLOSE-WAIT LAST-ACK | "
        + "SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2"
    ),
    (
      "210 < . 2 0 2",
      "SYN-SENT ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED | "
        + "SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT"
    ),
  ]

  @Test("a capture that ends within a close leaves both sides where they are", arguments: 1...7)
  func cut(length: Int) {
    let lines = Self.whole.prefix(length)
    let verdict = Verdict(of: "# Cut.\n" + lines.map(\.0).joined(separator: "\n"))
    let states = verdict.record.teardown.states
    let path = [states.client, states.server].map {
      $0.map(\.state.rawValue).joined(separator: " ")
    }
    #expect(path.joined(separator: " | ") == lines.last?.1)
    for side in Side.allCases { #expect(states[side].last?.leftAt == nil) }
  }
}
