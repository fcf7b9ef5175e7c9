import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("Timelines")
struct TimelineTextTests {
  static func text(
    _ record: FlowRecord, _ change: (inout ReportOptions) -> Void = { _ in }
  ) -> String {
    var options = ReportOptions(label: "web-1")
    change(&options)
    var octets: [UInt8] = []
    var text = TextWriter(
      taking: &octets, isColoured: options.isColoured, width: max(80, options.width))
    TimelineText(options: options).write(record, to: &text)
    text.finish(&octets)
    return String(decoding: octets, as: UTF8.self)
  }

  static func record(_ script: String) throws -> FlowRecord {
    try #require(FlowScript().records(script).first)
  }

  @Test("a close reads from its verdict down to its proof")
  func golden() throws {
    let record = try #require(ContractRecord.make())
    let expected = """
      stream 3  10.77.0.1:51324 -> 10.77.0.2:80
      outcome       orderly: both sides closed, and both FINs were acknowledged
      closed first  the client (observed, frames 17, 18)
      TIME-WAIT     client from 0.412900, about 47.3 s to go when the capture ended
                    (assumed: linux, 60 s)
      start         2026-11-22 05:11:00.123456789 UTC for 413 ms
      traffic       client 5 packets, 78 octets; server 4 packets, 1,042 octets
      Wireshark     tcp.stream==3

       frame    seconds
          12   0.000000  client -> server  S    seq 0
          13   0.000100  client <- server  S.   seq 0 ack 1
          14   0.000200  client -> server  .    acknowledges the SYN-ACK
                           client SYN-SENT -> ESTABLISHED after 0.2 ms
                           server SYN-RECEIVED -> ESTABLISHED after 0.2 ms (inferred)
                         ... 2 more segments, 1,120 octets of payload
          17   0.200000  client -> server  F.   seq 79 ack 1043
                           client ESTABLISHED -> FIN-WAIT-1 after 199.8 ms
          18   0.210100  client <- server  .    seq 1043 ack 80
                           server ESTABLISHED -> CLOSE-WAIT after 209.8 ms
                           client FIN-WAIT-1 -> FIN-WAIT-2 after 10.1 ms (inferred,
                             0.210100 to 0.210200)
          19   0.412900  client <- server  F.   seq 1043 ack 80
                           server CLOSE-WAIT -> LAST-ACK after 202.8 ms
                           client FIN-WAIT-2 -> TIME-WAIT after 202.8 ms
          20   0.413000  client -> server  .    seq 80 ack 1044
                           server LAST-ACK -> CLOSED after 0.1 ms (inferred)


      """
    #expect(Self.text(record) == expected)
  }

  @Test("a live view does not speak of the capture's end")
  func beforeTheEnd() throws {
    var record = try #require(ContractRecord.make())
    record.isFinal = false
    #expect(
      Self.text(record).contains(
        "\nTIME-WAIT     client from 0.412900, about 47.3 s to go (assumed: linux, 60 s)\n"))
  }

  @Test("what no segment shows stands at its time, without a frame")
  func assumedEnd() throws {
    var record = try #require(ContractRecord.make())
    let end = FlowScript.start + 60_412_900_000
    record.teardown.states.client[4].leftAt = end
    record.teardown.states.client.append(
      StateInterval(
        state: .closed, enteredAt: end, grade: .assumed, rule: Rule(19), frames: Frames()))
    record.teardown.timeWait[0].endedBy = .twoMSL
    record.teardown.timeWait[0].restarts = 2
    let text = Self.text(record)
    #expect(
      text.hasSuffix(
        """
        server LAST-ACK -> CLOSED after 0.1 ms (inferred)
                60.412900    client TIME-WAIT -> CLOSED after 60 s (assumed)


        """))
    #expect(text.contains("TIME-WAIT     client from 0.412900, restarted 2 times, for 60 s"))
  }

  @Test("a move far from the segment that proves it is told with its own time")
  func ownTime() throws {
    var record = try #require(ContractRecord.make())
    record.teardown.states.client[3].enteredAt = FlowScript.start + 400_000_000
    #expect(Self.text(record).contains("client FIN-WAIT-1 -> FIN-WAIT-2 after 200 ms at 0.400000"))
  }

  @Test("repeats are folded, with the time of the last")
  func repeats() throws {
    var record = try Self.record(FlowScript.unanswered)
    #expect(Self.text(record).contains("unanswered: 3 SYNs in 3 s, and nothing came back"))
    record.evidence = []
    #expect(Self.text(record).contains("client -> server  S    seq 0 x3, last at 3.000000"))

    record.handshake.synAck = Mark(time: FlowScript.start + 1_000_000, frame: 2)
    record.handshake.synAckCount = 5
    #expect(Self.text(record).contains("unanswered: 3 SYNs in 3 s; the 5 SYN-ACKs that came back"))
    record.handshake.synAckCount = 1
    record.handshake.synCount = 1
    #expect(Self.text(record).contains("unanswered: one SYN; the SYN-ACK that came back"))

    record = try Self.record(FlowScript.aborted)
    record.evidence[record.evidence.count - 1].count = 2
    record.evidence[record.evidence.count - 1].lastTime += 1_500_000
    #expect(Self.text(record).contains("R.   seq 1 ack 101 x2, last at 0.051500"))
  }

  @Test("a reset tells its cause and what to do about it")
  func reset() throws {
    let text = Self.text(try Self.record(FlowScript.aborted))
    #expect(text.contains("reset         abort: the server aborted the connection: probably it"))
    #expect(text.contains("-> have the server read all that was sent before it closes"))
    #expect(text.contains("client <- server  R.   seq 1 ack 101"))
  }

  @Test("a side of which nothing was captured is not said to have stayed open")
  func silentSide() throws {
    var record = try Self.record(FlowScript.leak)
    record.teardown.outcome = .closing
    record.teardown.states.server.removeAll { $0.state != .established }
    #expect(Self.text(record).contains("closing: the client had closed, the server had not when"))
    record.packets.server = 0
    let text = Self.text(record)
    #expect(text.contains("closing: the client had closed; nothing of the server was captured\n"))
  }

  @Test("only what stands before the SYN-ACK in the file, too, is the former connection's")
  func formerConnection() throws {
    var record = try Self.record(FlowScript.aborted)
    record.evidence[record.evidence.count - 1].time = FlowScript.start - 1
    #expect(!Self.text(record).contains("old connection's numbers"))
    record.evidence[record.evidence.count - 1].frame = 1
    record.handshake.synAck.frame = 2
    #expect(Self.text(record).contains("old connection's numbers"))
  }

  @Test("numbers before the SYN are negative, large ones are not")
  func relativeNumbers() throws {
    var record = try Self.record(FlowScript.aborted)
    record.evidence[record.evidence.count - 1].sequenceNumber =
      FlowScript.initialNumbers.server - UInt32(3)
    #expect(Self.text(record).contains("R.   seq -3 ack 101"))
    record.evidence[record.evidence.count - 1].sequenceNumber =
      FlowScript.initialNumbers.server + 3_000_000_000
    #expect(Self.text(record).contains("R.   seq 3000000000 ack 101"))
  }

  @Test("flag letters are tcpdump's, in its order")
  func flags() {
    #expect(TCPFlags([.syn, .ack]).letters == "S.")
    #expect(TCPFlags([.fin, .psh, .ack]).letters == "FP.")
    #expect(TCPFlags([.rst]).letters == "R")
    #expect(TCPFlags([.syn, .ece, .cwr]).letters == "SEW")
    #expect(TCPFlags([]).letters == "none")
  }

  @Test("local time comes with its distance from UTC")
  func localTime() throws {
    let record = try #require(ContractRecord.make())
    let east = Self.text(record) { $0.clock = .local { _ in 7200 } }
    #expect(east.contains("start         2026-11-22 07:11:00.123456789+02:00 for 413 ms"))
    let west = Self.text(record) { $0.clock = .local { _ in -12600 } }
    #expect(west.contains("start         2026-11-22 01:41:00.123456789-03:30 for 413 ms"))
  }

  @Test("a label cannot command the terminal")
  func label() throws {
    let record = try #require(ContractRecord.make())
    let text = Self.text(record) {
      $0.namesCapture = true
      $0.label = "a\u{1B}[2J"
    }
    #expect(text.hasPrefix("stream 3 of a\\u{1B}[2J  10.77.0.1:51324 -> 10.77.0.2:80\n"))
  }

  @Test("colour only where it is asked for, and the same words")
  func colour() throws {
    let record = try Self.record(FlowScript.aborted)
    let plain = Self.text(record)
    let coloured = Self.text(record) { $0.isColoured = true }
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.contains("\u{1B}[31m"))
    #expect(coloured.contains("\u{1B}[36mESTABLISHED"))
    #expect(coloured.replacing(#/\u{1B}\[[0-9]*m/#, with: "") == plain)
  }

  @Test("every finding and every cause is a sentence that keeps to 80 columns")
  func sentences() throws {
    var record = try #require(ContractRecord.make())
    let values: [NamedValue] = [
      NamedValue("duration", .duration(123_456_789_012)), NamedValue("age", .duration(1)),
      NamedValue("timeout", .duration(2_000_000_000)), NamedValue("attempts", .count(7)),
      NamedValue("verdict", .word("refused")), NamedValue("type", .count(3)),
      NamedValue("code", .count(13)), NamedValue("idle", .duration(600_000_000_000)),
      NamedValue("responseOctets", .count(1)), NamedValue("likely", .word("unread-data")),
      NamedValue("reason", .word("its sender goes on")),
    ]
    let frames = Frames(1_000_000_001, 1_000_000_002, 1_000_000_003, 1_000_000_004)
    record.teardown.findings = Finding.Code.allCases.flatMap { code in
      [Side.client, .server, nil].map {
        Finding(code, side: $0, grade: .inferred, frames: frames, count: 12_345, values: values)
      }
    }
    for cause in ResetVerdict.Cause.allCases {
      record.teardown.reset = ResetVerdict(
        by: .server, cause: cause, grade: .inferred, frames: frames, values: values)
      let text = Self.text(record)
      #expect(text.contains("reset         \(cause.rawValue): "))
      for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
    for code in Finding.Code.allCases {
      record.teardown.reset = nil
      #expect(Self.text(record).contains("finding       \(code.rawValue): "))
    }
  }

  @Test("a host that gave up on too large segments is not searched for a restart")
  func blackHole() throws {
    var record = try #require(ContractRecord.make())
    record.teardown.reset = ResetVerdict(
      by: .server, cause: .peerGone, grade: .inferred, frames: Frames(19), values: [])
    record.teardown.findings = [Finding(.mtuBlackHole, side: .client)]
    #expect(Self.text(record).contains("look for a restart of the server"))
    record.teardown.findings = [Finding(.mtuBlackHole, side: .server)]
    #expect(!Self.text(record).contains("restart"))
    #expect(Self.text(record).contains("see mtu-black-hole: a host that gives up"))
    #expect(record.claims.contains { $0.advice?.hasPrefix("see mtu-black-hole") == true })
  }

  @Test("lines keep to 80 columns at the widest IPv4 addresses and numbers")
  func widths() throws {
    let script = FlowScript(
      client: Endpoint(address: .v4(.max), port: 65535),
      server: Endpoint(address: .v4(.max - 1), port: 65534))
    for segments in [
      FlowScript.orderly, FlowScript.aborted, FlowScript.leak, FlowScript.unanswered,
      FlowScript.midstream,
    ] {
      var record = try #require(script.records(segments, frame: 1_000_000_000).first)
      record.stream = 4_000_000_000
      record.payloadOctets = PerSide(both: .max)
      record.initialNumbers = PerSide(both: SequenceNumber(1_000_000_000))
      for line in Self.text(record).split(separator: "\n") {
        #expect(line.count <= 80, "\(line)")
      }
    }
  }
}
