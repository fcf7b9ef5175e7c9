import FlowScripts
import TCPTeardown
import Testing

private let open = Opened.nearClient

@Suite("How much evidence a flow holds")
struct EvidenceTests {
  static let close = """
    100000 > F. 1 0 1
    100010 < . 1 0 2
    100100 < F. 1 0 2
    100100.1 > . 2 0 2
    """

  /// The close of `close`, whatever came before it.
  static let closed = """
    client: FIN-WAIT-1 100000 oR1, FIN-WAIT-2 100010 oR4, TIME-WAIT 100100 oR6
    server: CLOSE-WAIT 100005 oR3, LAST-ACK 100095 iR8, CLOSED 100105.1 iR8
    """

  /// RSTs with numbers in the window that are not exact: each is challenged, each is evidence.
  static func resets(_ direction: String, _ count: Int, from time: Int) -> String {
    (0..<count).map { "\(time + $0 * 10) \(direction) R \(1000 + $0) 0 0" }
      .joined(separator: "\n")
  }

  @Test("a flow holds 32 observations at most, and counts the rest", arguments: [20, 28, 29, 400])
  func limit(count: Int) {
    var table = FlowTable(options: ReconstructionOptions())
    let records = FlowScript().records(
      "# Many different RSTs.\n\(open)\n\(Self.resets("<", count, from: 100))", in: &table)
    let verdict = Verdict(records[0])
    let held = records[0].evidence.count
    #expect(held == min(count, 28))
    let overflow = count - held
    #expect(
      verdict.findings(.evidenceOverflow)
        == (overflow > 0 ? "evidence-overflow - o \(overflow)" : ""))
    #expect(table.counts.evidenceOverflow == overflow)
  }

  @Test("a close keeps its four segments whatever came before", arguments: [0, 20, 40, 400])
  func firstsAreKept(count: Int) {
    let verdict = Verdict(
      of: "# RSTs, then a close.\n\(open)\n\(Self.resets("<", count, from: 100))\n\(Self.close)")
    #expect(verdict.close == Self.closed)
    #expect(verdict.head.hasPrefix("orderly, client first (o"))
    #expect(verdict.record.evidence.count <= 32)
  }

  @Test("RSTs between a FIN and its ACK push out neither that ACK nor the other FIN")
  func resetsWithinClose() {
    let verdict = Verdict(
      of: """
        # FIN, many RSTs that do not count, then the rest of the close.
        \(open)
        \(Self.resets("<", 40, from: 100))
        100000 > F. 1 0 1
        \((0..<40).map { "\(100_001 + Double($0) / 10) < R \(5000 + $0) 0 0" }
          .joined(separator: "\n"))
        \(Self.close.split(separator: "\n").dropFirst().joined(separator: "\n"))
        """)
    #expect(verdict.close == Self.closed)
    #expect(verdict.record.evidence.count <= 32)
  }

  @Test("FINs with numbers of all kinds push out neither the other side's FIN nor its ACK")
  func manyFINs() {
    let verdict = Verdict(
      of: """
        # Forty FINs ahead of the stream, then a close.
        \(open)
        \((0..<40).map { "\(100 + $0 * 10) > F. \(5000 + $0) 0 1" }.joined(separator: "\n"))
        \(Self.close)
        """)
    #expect(verdict.head.hasPrefix("orderly"))
    #expect(verdict.record.evidence.count <= 32)
  }

  @Test("repeats are folded once twenty observations are held: count and last time go on")
  func folded() throws {
    let verdict = Verdict(
      of: """
        # A FIN repeated sixty times.
        \(open)
        \((0..<60).map { "\(1000 + $0 * 1000) > F. 1 0 1" }.joined(separator: "\n"))
        """)
    let evidence = verdict.record.evidence
    #expect(evidence.count == 20)
    #expect(evidence.reduce(0) { $0 + Int($1.count) } == 60)
    let last = try #require(evidence.last)
    #expect(last.count == 41)
    #expect(last.lastFrame == 63)
    #expect(last.lastTime == FlowScript.start + 60_000_000_000)
    #expect(verdict.findings(.finRetransmitted) == "fin-retransmitted client o 59")
    #expect(verdict.findings(.evidenceOverflow) == "")
  }

  @Test("ACK and RST that alternate before a close begins fold too")
  func alternating() {
    let script = (0..<60).map { "\(1000 + $0 * 1000) > S 5000 0 0\n\(1010 + $0 * 1000) < . 1 0 2" }
    let verdicts = Verdict.all(
      of: "# SYNs that an old connection answers.\n\(open)\n" + script.joined(separator: "\n"))
    #expect(verdicts.count == 2)
    for verdict in verdicts {
      #expect(verdict.record.evidence.count <= 22)
      #expect(verdict.findings(.evidenceOverflow) == "")
    }
  }

  /// A count of 16 bits is full after 65,535; a build without optimisation takes seconds for more.
  static let many = {
    #if DEBUG
      70_000
    #else
      1_000_000
    #endif
  }()

  @Test("a million repeats cost no memory, and no count wraps")
  func million() {
    var table = FlowTable(options: ReconstructionOptions())
    let script = FlowScript()
    script.feed("# An open connection.\n\(open)", to: &table)
    let fin = script.segment(ScriptLine("0 > F. 1 0 1"))
    let count = Self.many
    for index in 0..<count {
      table.take(fin, at: FlowScript.start + Int64(index + 100) * 1_000_000, frame: index + 4)
    }
    let record = FlowScript.finish(&table)[0]
    #expect(record.evidence.count == 20)
    #expect(record.evidence.last?.count == .max)
    #expect(record.evidence.last?.lastFrame == count + 3)
    #expect(record.packets.client == count + 2)
  }

  @Test("rows and lists of flows that are final are used again")
  func usedAgain() {
    var table = FlowTable(options: ReconstructionOptions())
    for round in 0..<50 {
      for port in 1...40 {
        FlowScript().feed(
          "\(round * 130_000) > S 0 0 0 port=\(port)\n"
            + "\(round * 130_000 + 1) < R. 0 0 1 port=\(port)", to: &table)
      }
      for step in 1...5 { FlowScript().feed("\(round * 130_000 + step * 30_000) end", to: &table) }
      #expect(table.count == 0)
      let records = table.records()
      #expect(records.map(\.stream) == Array((round * 40)..<(round * 40 + 40)))
      #expect(records.allSatisfy { $0.evidence.count == 1 })
    }
  }
}

@Suite("Section 10: frames that show a segment again")
struct DuplicateFrameTests {
  @Test(
    "the same segment a few ms later is a copy and no repeat",
    arguments: [
      // Same IP-ID: a copy, whatever the TTL; another IP-ID, or none: sent twice.
      ("id=7", "id=7", 1.0, true), ("id=7 ttl=64", "id=7 ttl=63", 1.0, true),
      ("id=7", "id=8", 1.0, false), ("", "", 1.0, false), ("id=7", "id=7", 6.0, false),
      // Without IP-ID: TSval and another TTL decide.
      ("ts=5/1 ttl=64", "ts=5/1 ttl=63", 1.0, true), ("ts=5/1", "ts=5/1", 1.0, false),
      ("ts=5/1 ttl=64", "ts=6/1 ttl=63", 1.0, false),
    ])
  func copies(first: String, second: String, gap: Double, isCopy: Bool) {
    var table = FlowTable(options: ReconstructionOptions())
    let records = FlowScript().records(
      """
      # A FIN twice, then its ACK.
      \(open)
      100 > F. 1 0 1 \(first)
      \(100 + gap) > F. 1 0 1 \(second)
      130 < . 1 0 2
      """, in: &table)
    let verdict = Verdict(records[0])
    #expect(table.counts.duplicates == (isCopy ? 1 : 0))
    #expect(verdict.findings(.duplicateFrames) == (isCopy ? "duplicate-frames - o 1" : ""))
    let copyLater = first.contains("id=7") && second.contains("id=7") && !isCopy
    #expect(
      verdict.findings(.finRetransmitted)
        == (isCopy || copyLater ? "" : "fin-retransmitted client o 1"))
    #expect(verdict.record.packets.client == 4)
  }

  @Test("a SYN and a SYN-ACK captured twice were sent once")
  func handshakeTwice() {
    let verdict = Verdict(
      of: """
        # Every frame of the handshake is there twice.
        0 > S 0 0 0 id=1 ttl=64
        0.1 > S 0 0 0 id=1 ttl=63
        10 < S. 0 0 1 id=2 ttl=64
        10.1 < S. 0 0 1 id=2 ttl=63
        10.2 > . 1 0 1 id=3 ttl=64
        10.3 > . 1 0 1 id=3 ttl=63
        """)
    #expect(verdict.record.handshake.synCount == 1)
    #expect(verdict.record.handshake.synAckCount == 1)
  }

  @Test("a whole close captured twice is a close without repeats")
  func closeTwice() {
    let lines = [
      "100 > F. 1 0 1 id=11", "110 < . 1 0 2 id=12", "200 < F. 1 0 2 id=13", "200 > . 2 0 2 id=14",
    ]
    let doubled = lines.flatMap { line in
      let time = Double(line.split(separator: " ")[0]) ?? 0
      return [
        line, "\(time + 0.05) " + line.split(separator: " ").dropFirst().joined(separator: " "),
      ]
    }
    let verdict = Verdict(of: "# Twice.\n\(open)\n" + doubled.joined(separator: "\n"))
    let once = Verdict(of: "# Once.\n\(open)\n" + lines.joined(separator: "\n"))
    #expect(verdict.close == once.close)
    #expect(verdict.findings == "duplicate-frames - o 4")
  }
}
