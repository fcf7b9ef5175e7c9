import FlowScripts
import TCPTeardown
import Testing

@Suite("The clock of a capture")
struct CaptureClockTests {
  /// The clock after stamps at these seconds.
  static func clock(_ seconds: Int64...) -> CaptureClock {
    var clock = CaptureClock()
    for second in seconds { clock.advance(to: second * .nanosecondsPerSecond) }
    return clock
  }

  static func seconds(_ time: Int64) -> Int64 { time / .nanosecondsPerSecond }

  @Test("it follows the stamps, and does not run back")
  func follows() {
    let clock = Self.clock(100, 130, 120, 140)
    #expect(Self.seconds(clock.now) == 140)
    #expect(clock.backwardStamps == 1)
    #expect(clock.steps == 0)
    #expect(Self.seconds(Self.clock(100, 130, 120).now) == 130)
  }

  @Test("the first stamp is believed, whatever it is")
  func first() {
    #expect(Self.seconds(Self.clock(5).now) == 5)
  }

  @Test(
    "one corrupt stamp moves nothing, forward or back", arguments: [10_000, -10_000] as [Int64])
  func corrupt(stamp: Int64) {
    let clock = Self.clock(100, stamp, 101)
    #expect(Self.seconds(clock.now) == 101)
    #expect(Self.seconds(clock.end) == 101)
    #expect(clock.steps == 1)
  }

  @Test("a jump that the next packet confirms counts; forward it is a silence, and no step")
  func silence() {
    let clock = Self.clock(100, 10_000, 10_001)
    #expect(Self.seconds(clock.now) == 10_001)
    #expect(clock.steps == 0)
  }

  @Test("a confirmed jump back is a step, and the clock goes on from there")
  func setBack() {
    let clock = Self.clock(10_000, 100, 101)
    #expect(Self.seconds(clock.now) == 101)
    #expect(clock.steps == 1)
  }

  @Test("two corrupt stamps that do not agree move nothing")
  func twoCorrupt() {
    let clock = Self.clock(100, 10_000, -10_000, 101)
    #expect(Self.seconds(clock.now) == 101)
    #expect(clock.steps == 2)
  }

  @Test("a minute is no jump, more is one")
  func minute() {
    #expect(Self.seconds(Self.clock(100, 160).now) == 160)
    #expect(Self.seconds(Self.clock(100, 161).now) == 100)
  }

  @Test("the last stamp counts as the end though nothing confirms it")
  func end() {
    #expect(Self.seconds(Self.clock(100, 10_000).end) == 10_000)
    #expect(Self.seconds(Self.clock(100, -10_000).end) == 100)
  }

  @Test("the host's own clock moves it on in silence, and never back")
  func idle() {
    var clock = Self.clock(100)
    clock.idle(until: 500 * .nanosecondsPerSecond)
    #expect(Self.seconds(clock.now) == 500)
    clock.idle(until: 400 * .nanosecondsPerSecond)
    #expect(Self.seconds(clock.now) == 500)
    var fresh = CaptureClock()
    fresh.idle(until: 500 * .nanosecondsPerSecond)
    #expect(fresh.now == .min)
  }

  @Test("stamps at the edges of what files can tell do no harm")
  func edges() {
    let latest: Int64 = 4_294_967_296
    let clock = Self.clock(latest, 0, latest, 1, latest - 1, 0, latest, 0, 0)
    #expect(Self.seconds(clock.now) == 0)
    #expect(Self.seconds(Self.clock(0, latest, latest).now) == latest)
  }

  @Test("one corrupt stamp makes no flow final")
  func flowsStay() {
    var table = FlowTable(options: ReconstructionOptions())
    FlowScript().feed(FlowTests.closed + "\n9000000 end\n200 end", to: &table)
    #expect(table.hasDue == false)
    FlowScript().feed("9000000 end\n9000001 end", to: &table)
    #expect(table.hasDue == true)
  }

  /// A close whose last ACK comes at `last` milliseconds, of the client's port `port`.
  static func close(port: Int, from first: Int64 = 0, last: Int64) -> String {
    """
    \(first) > S 0 0 0 port=\(port)
    \(first + 1) < S. 0 0 1 port=\(port)
    \(first + 2) > . 1 0 1 port=\(port)
    \(first + 10) > F. 1 0 1 port=\(port)
    \(first + 11) < F. 1 0 2 port=\(port)
    \(last) > . 2 0 2 port=\(port)

    """
  }

  /// Packets of no flow every 50 s, for 300 s.
  static let fiveMinutes = (1...6).map { "\($0 * 50_000) end\n" }.joined()
  static let fourYears: Int64 = 126_144_000_000

  @Test("one corrupt stamp in a close keeps neither its flow nor the later ones")
  func corruptClose() {
    var table = FlowTable(options: ReconstructionOptions())
    let script =
      Self.close(port: 1, last: Self.fourYears) + Self.close(port: 2, from: 20, last: 32)
    FlowScript().feed(script + Self.fiveMinutes, to: &table)
    #expect(table.count == 0)
  }

  @Test("frames out of order behind a silence stay with their flow")
  func disorderAfterSilence() {
    var table = FlowTable(options: ReconstructionOptions())
    let script =
      Self.close(port: 1, last: 12) + "200001 < F. 1 0 2 port=1\n200000.5 > . 2 0 2 port=1"
    #expect(FlowScript().records(script, in: &table).count == 1)
  }

  @Test("a clock that is set back keeps neither the flows from before nor the later ones")
  func setBackAmongCloses() {
    var table = FlowTable(options: ReconstructionOptions())
    let before = (1...3).map {
      Self.close(port: $0, from: Self.fourYears, last: Self.fourYears + 12)
    }
    let after = (4...6).map { Self.close(port: $0, last: 12) }
    FlowScript().feed((before + after).joined() + Self.fiveMinutes, to: &table)
    #expect(table.count == 0)
  }

  @Test("a stamp ahead of all others makes no duration less than nothing")
  func durations() {
    let verdict = Verdict(
      of: """
        # The server answers into a socket that the client has closed; the SYN's stamp is wrong.
        61058 > S 0 0 0
        0 < S. 0 0 1
        20.9 > . 1 0 1
        148 > F. 1 0 1
        148.6 < P. 1 24 2
        148.7 < F. 25 0 2
        169 > R 2 0 0
        """)
    let teardown = verdict.record.teardown
    let values = teardown.findings.flatMap(\.values) + (teardown.reset?.values ?? [])
    for case .duration(let duration) in values.map(\.value) { #expect(duration >= 0) }
    #expect(NamedValue("idle", .duration(-61)).value == .duration(0))
  }
}
