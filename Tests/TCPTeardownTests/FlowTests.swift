import FlowScripts
import PacketDecoding
import TCPTeardown
import Testing

@Suite("Section 7: where one flow ends and the next begins")
struct FlowTests {
  static let closed = """
    # A whole close; then:
    \(Opened.nearClient)
    100 > F. 1 0 1
    110 < F. 1 0 2
    110.1 > . 2 0 2
    """

  @Test("the same SYN is a repeat, also after a close")
  func sameSYN() {
    let verdicts = Verdict.all(of: Self.closed + "\n500 > S 0 0 0")
    #expect(verdicts.count == 1)
    #expect(verdicts[0].record.packets.client == 5)
    #expect(verdicts[0].head.hasPrefix("orderly"))
  }

  @Test("a SYN with another number opens a flow, and the old one is superseded")
  func otherSYN() {
    let verdicts = Verdict.all(of: Self.closed + "\n500 > S 1 0 0\n510 < S. 9000 0 2")
    #expect(verdicts.map(\.record.stream) == [0, 1])
    #expect(verdicts.map(\.record.written) == [.superseded, .captureEnd])
    #expect(verdicts[1].record.firstFrame == 7)
    #expect(verdicts[0].record.lastFrame == 6)
  }

  @Test("a flow whose tuple is taken over before it closed says so")
  func superseded() {
    let verdicts = Verdict.all(
      of: """
        # An open connection, a new SYN, a SYN-ACK.
        \(Opened.nearClient)
        500 > S 1000 0 0
        510 < S. 9000 0 1001
        510.1 > . 1001 0 9001
        """)
    #expect(verdicts[0].head == "open")
    #expect(verdicts[0].findings == "superseded - o 1")
    #expect(verdicts[1].head == "open")
    #expect(verdicts[1].findings == "")
  }

  @Test("a SYN behind its SYN-ACK in the file takes it over from the old flow")
  func synBehindSYNAck() {
    let verdicts = Verdict.all(
      of: Self.closed + "\n1010 < S. 9000 0 1001\n1000 > S 1000 0 0\n1010.1 > . 1001 0 9001")
    let (old, new) = (verdicts[0].record, verdicts[1].record)
    #expect(verdicts.map(\.record.stream) == [0, 1])
    #expect(old.packets == PerSide(client: 4, server: 2))
    #expect(new.packets == PerSide(client: 2, server: 1))
    #expect(
      verdicts[1].path == """
        client: SYN-SENT ESTABLISHED
        server: SYN-RECEIVED ESTABLISHED
        """)
    #expect(old.lastFrame == 6)
    #expect(old.end == FlowScript.start + 110_100_000)
    #expect(new.firstFrame == 7)
    #expect(new.lastFrame == 9)
  }

  @Test("a SYN-ACK never opens a flow on a tuple that has one")
  func synAck() {
    let verdicts = Verdict.all(of: Self.closed + "\n500 < S. 77777 0 1")
    #expect(verdicts.count == 1)
  }

  @Test("a SYN of the other side with a number of its own takes it as base")
  func crossedSYN() {
    let verdicts = Verdict.all(of: "# Two SYNs.\n0 > S 0 0 0\n1 < S 0 0 0")
    #expect(verdicts.count == 1)
    #expect(verdicts[0].record.client.port == 51324)
  }

  @Test("other ports are other flows")
  func ports() {
    let verdicts = Verdict.all(
      of: """
        # Three connections, their segments in each other's way.
        0 > S 0 0 0 port=1001
        1 > S 0 0 0 port=1002
        2 > S 0 0 0 port=1003
        10 < S. 0 0 1 port=1002
        11 < R. 0 0 1 port=1003
        """)
    #expect(verdicts.map(\.record.client.port) == [1001, 1002, 1003])
    #expect(verdicts.map(\.record.stream) == [0, 1, 2])
    #expect(verdicts.map(\.record.teardown.outcome) == [.unanswered, .open, .refused])
  }

  @Test("without a SYN the lower port is taken as the server's")
  func guessedRoles() {
    let verdict = Verdict(of: "# Data of the well-known port first.\n0 < P. 1 10 1")
    #expect(verdict.record.client.port == 51324)
    #expect(!verdict.record.rolesAreObserved)
    #expect(verdict.record.packets == PerSide(client: 0, server: 1))
  }

  @Test("a SYN-ACK puts roles right that were guessed by port")
  func correctedRoles() {
    var script = FlowScript()
    script.client = Endpoint(address: script.client.address, port: 79)
    let verdict = Verdict(
      of: """
        # The client's port is the lower one. Its late ACK stands before the SYN-ACK in the file.
        10.2 > . 1 0 1
        10.1 < S. 0 0 1
        100 > F. 1 0 1
        110 < F. 1 0 2
        110.1 > . 2 0 2
        """, by: script)
    #expect(verdict.record.client.port == 79)
    #expect(verdict.record.rolesAreObserved)
    #expect(verdict.record.packets == PerSide(client: 3, server: 2))
    #expect(verdict.head.hasPrefix("orderly, client first"))
  }

  @Test("a base known only by the other side's ACK tells a repeated SYN from a new one")
  func baseByAcknowledgment() {
    let script = "# The server's ACK tells where the client's numbers begin.\n0 < . 1 0 1\n"
    #expect(Verdict.all(of: script + "5 > S 0 0 0").count == 1)
    #expect(Verdict.all(of: script + "5 > S 1 0 0").count == 2)
  }

  @Test("a base known by a side's own first segment is one less")
  func baseByFirstSegment() {
    let script = "# The client's first segment.\n0 > P. 1 10 1\n"
    #expect(Verdict.all(of: script + "5 > S 0 0 0").count == 1)
    #expect(Verdict.all(of: script + "5 > S 1 0 0").count == 2)
  }

  @Test("silence alone splits no flow")
  func silence() {
    let verdicts = Verdict.all(
      of: "# An hour of silence.\n\(Opened.nearClient)\n3600000 > P. 1 10 1\n3600010 < . 1 0 11")
    #expect(verdicts.count == 1)
  }
}

@Suite("Settled and final flows")
struct FinalFlowTests {
  private static let second = Int64.nanosecondsPerSecond

  /// What becomes final when the clock goes on in steps of half a minute, with when (seconds).
  static func finals(_ script: String, until end: Int64) -> [(at: Int64, record: FlowRecord)] {
    var table = FlowTable(options: ReconstructionOptions())
    FlowScript().feed(script, to: &table)
    var finals: [(Int64, FlowRecord)] = []
    for time in stride(from: Int64(0), through: end, by: 30) {
      table.advance(to: FlowScript.start + time * second)
      finals += table.records().map { (time, $0) }
    }
    return finals
  }

  @Test("a settled flow is final 120 s after its last segment")
  func settled() {
    let finals = Self.finals(FlowTests.closed, until: 300)
    #expect(finals.map(\.at) == [150])
    #expect(finals.first?.record.written == .closed)
    #expect(finals.first?.record.isFinal == true)
  }

  @Test("a later segment puts that off")
  func later() {
    let script = FlowTests.closed + "\n20000 < F. 1 0 2\n40000 < F. 1 0 2"
    #expect(Self.finals(script, until: 300).map(\.at) == [180])
  }

  @Test("a flow that is open, or closed on one side, waits for the end of the capture")
  func open() {
    #expect(Self.finals(Opened.nearClient, until: 900).isEmpty)
    #expect(Self.finals(FlowScript.leak, until: 900).isEmpty)
  }

  @Test("a reset settles a flow")
  func reset() {
    #expect(Self.finals(FlowScript.aborted, until: 300).map(\.at) == [150])
  }

  @Test("a profile with a longer TIME-WAIT keeps its flows as long")
  func longProfile() {
    var table = FlowTable(options: ReconstructionOptions(profile: .rfc9293))
    FlowScript().feed(FlowTests.closed, to: &table)
    for time in stride(from: Int64(0), through: 240, by: 30) {
      table.advance(to: FlowScript.start + time * Self.second)
    }
    #expect(table.hasDue == false)
    table.advance(to: FlowScript.start + 241 * Self.second)
    #expect(table.hasDue == true)
  }

  @Test("a segment of a tuple whose flow is final is late, and opens a flow of its own")
  func late() {
    var table = FlowTable(options: ReconstructionOptions())
    let script = FlowScript()
    script.feed(FlowTests.closed, to: &table)
    for time in stride(from: Int64(0), through: 150, by: 30) {
      table.advance(to: FlowScript.start + time * Self.second)
    }
    #expect(table.count == 0)
    let records = script.records("# A late ACK.\n150000 > . 2 0 2", in: &table)
    #expect(records.map(\.stream) == [0, 1])
    #expect(table.counts.late == 1)
    #expect(records.last?.rolesAreObserved == false)
  }

  @Test("a SYN of such a tuple is not late")
  func notLate() {
    var table = FlowTable(options: ReconstructionOptions())
    let script = FlowScript()
    script.feed(FlowTests.closed, to: &table)
    for time in stride(from: Int64(0), through: 150, by: 30) {
      table.advance(to: FlowScript.start + time * Self.second)
    }
    let records = script.records("# The same SYN.\n150000 > S 0 0 0", in: &table)
    #expect(records.map(\.stream) == [0, 1])
    #expect(table.counts.late == 0)
  }

  @Test("an old flow becomes final when the new handshake has told of its end")
  func superseded() {
    var table = FlowTable(options: ReconstructionOptions())
    let script = FlowScript()
    script.feed(FlowTests.closed + "\n1000 > S 1000 0 0", to: &table)
    #expect(table.hasDue == false)
    #expect(table.count == 2)
    script.feed("1010 < S. 9000 0 1001", to: &table)
    #expect(table.records().map(\.written) == [.superseded])
    #expect(table.count == 1)
  }

  @Test("the end of the capture takes what is live in the order of streams, bit by bit")
  func finishSome() {
    var table = FlowTable(options: ReconstructionOptions())
    for port in 1...3000 {
      // Every third connection is reset, so that rows are used again.
      FlowScript().feed(
        "\(port) > S 0 0 0 port=\(port)"
          + (port % 3 == 0 ? "\n\(port) < R. 0 0 1 port=\(port)" : ""), to: &table)
    }
    for time in stride(from: Int64(30), through: 150, by: 30) {
      table.advance(to: FlowScript.start + time * Self.second)
    }
    #expect(table.records().map(\.stream) == (0..<3000).filter { $0 % 3 == 2 })
    for port in 4001...4500 {
      FlowScript().feed("151000 > S 0 0 0 port=\(port)", to: &table)
    }
    var streams: [Int] = []
    var calls = 0
    while table.finishSome() {
      calls += 1
      let some = table.records()
      streams += some.map(\.stream)
      #expect(some.count <= 256)
    }
    #expect(streams == (0..<3500).filter { $0 % 3 != 2 || $0 >= 3000 })
    #expect(calls > 9)
    #expect(table.count == 0)
  }

  @Test("a settled flow is announced before it is final, and told again as it then stands")
  func announced() {
    var table = FlowTable(options: ReconstructionOptions(), announceAfter: Self.second / 2)
    FlowScript().feed(FlowTests.closed + "\n609 end", to: &table)
    #expect(table.hasDue == false)
    FlowScript().feed("611 end", to: &table)
    let early = table.records()
    #expect(early.map(\.isFinal) == [false])
    #expect(early.first.map { Verdict($0).head.hasPrefix("orderly") } == true)
    FlowScript().feed("700 end", to: &table)
    #expect(table.hasDue == false)
    #expect(FlowScript.finish(&table).map(\.isFinal) == [true])
  }
}
