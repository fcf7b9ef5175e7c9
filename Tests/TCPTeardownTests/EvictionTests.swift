import FlowScripts
import PacketDecoding
import TCPTeardown
import Testing

@Suite("More flows at a time than the table may hold")
struct EvictionTests {
  private static let second: Int64 = 1_000_000_000

  /// A table of at most `limit` flows, and what became of those that it has told.
  private struct Capture: ~Copyable {
    var table: FlowTable
    var recorder = Recorder(options: ReconstructionOptions())
    var records: [FlowRecord] = []
    var frame = 0

    init(limit: Int) { table = FlowTable(options: ReconstructionOptions(), limit: limit) }

    /// Feeds one line of a script of the flow from `port`.
    mutating func feed(_ line: String, from port: UInt16) {
      frame += 1
      let script = FlowScript(client: Endpoint(address: .v4(0x0A4D_0001), port: port))
      script.feed(line, to: &table, frame: frame)
      drain()
    }

    /// A SYN from one of 2^32 addresses, `time` nanoseconds after the start.
    mutating func flood(_ number: UInt32, at time: Int64) {
      frame += 1
      table.advance(to: FlowScript.start + time)
      table.take(
        AddressedSegment(
          source: Endpoint(address: .v4(number), port: 4000),
          destination: Endpoint(address: .v4(0xC0A8_0001), port: 80),
          sequenceNumber: SequenceNumber(number), acknowledgmentNumber: SequenceNumber(0),
          flags: .syn, payloadLength: 0),
        at: FlowScript.start + time, frame: frame)
      drain()
    }

    private mutating func drain() {
      recorder.drain(&table) { records.append(copy $0) }
    }

    mutating func finish() { records += FlowScript.finish(&table, &recorder) }
  }

  @Test("never more than the limit, each told once, and what was told early says so")
  func bounded() {
    var capture = Capture(limit: 100)
    for number in 0..<5000 as Range<UInt32> {
      capture.flood(number, at: Int64(number) * 1000)
      let count = capture.table.count
      #expect(count <= 100)
    }
    capture.finish()
    #expect(capture.records.map(\.stream).sorted() == Array(0..<5000))
    #expect(capture.records.count { $0.written == .evicted } == 4900)
    #expect(capture.records.allSatisfy { $0.teardown.outcome == .unanswered })
  }

  @Test("a real flow in the midst of a flood of SYNs is told as if there were none")
  func realFlow() {
    var capture = Capture(limit: 100)
    var number: UInt32 = 0
    for line in FlowTests.closed.split(separator: "\n") where !line.hasPrefix("#") {
      let time = Int64(Double(line.split(separator: " ")[0]) ?? 0) * 1_000_000
      // Fewer between a SYN and its answer than the table holds: the half-open go first.
      for _ in 0..<20 {
        capture.flood(number, at: time)
        number += 1
      }
      capture.feed(String(line), from: 51324)
    }
    for _ in 0..<500 {
      capture.flood(number, at: Self.second)
      number += 1
    }
    capture.finish()
    let real = capture.records.filter { $0.client.port == 51324 }
    #expect(real.count == 1)
    #expect(real.first?.written == .captureEnd)
    #expect(real.first?.teardown.outcome == .orderly)
    #expect(real.first?.teardown.closedBy?.sides == .client)
  }

  @Test("a settled flow goes before one that is open; of equals the one that was idle longest")
  func order() {
    var capture = Capture(limit: 3)
    let opening = Opened.nearClient.split(separator: "\n").map(String.init)
    for line in opening { capture.feed(line, from: 1) }
    for line in FlowTests.closed.split(separator: "\n").map(String.init) where !line.hasPrefix("#")
    {
      capture.feed(line, from: 2)
    }
    for line in opening { capture.feed(line, from: 3) }
    capture.feed("2000 > . 1 0 1", from: 1)
    for line in opening { capture.feed(line, from: 4) }
    #expect(capture.records.map(\.client.port) == [2])
    for line in opening { capture.feed(line, from: 5) }
    #expect(capture.records.map(\.client.port).count == 2)
    #expect(capture.records.last?.client.port != 1)
    #expect(capture.records.allSatisfy { $0.written == .evicted })
  }

  @Test("a flow that a new SYN takes over is not what makes room for it")
  func takenOver() {
    var capture = Capture(limit: 1)
    for line in FlowTests.closed.split(separator: "\n").map(String.init) where !line.hasPrefix("#")
    {
      capture.feed(line, from: 1)
    }
    capture.feed("500 > S 1000 0 0", from: 1)
    capture.feed("510 < S. 9000 0 1001", from: 1)
    capture.finish()
    #expect(capture.records.map(\.written) == [.superseded, .captureEnd])
  }
}
