import FlowScripts
import PacketDecoding
import TCPTeardown
import Testing

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

  @Test(
    "fragmentation needed, time exceeded and others end nothing",
    arguments: [
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
    #expect(verdict.path == "client: SYN-SENT\nserver:")
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
    #expect(verdict.close == "client: CLOSED 5 oR23\nserver:")
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
