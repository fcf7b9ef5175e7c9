import FlowScripts
import Histogram
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("Times in each state")
struct StateTimesTests {
  /// A record whose client is ESTABLISHED for so many microseconds, then in FIN-WAIT-1.
  static func record(
    established microseconds: Int64, grade: Grade = .observed, exit: Grade = .observed
  ) throws -> FlowRecord {
    var record = try #require(ContractRecord.make())
    let start = FlowScript.start
    record.teardown.states.server = []
    record.teardown.states.client = [
      StateInterval(
        state: .established, enteredAt: start, leftAt: start + microseconds * 1000, grade: grade,
        rule: .handshake, frames: Frames()),
      StateInterval(
        state: .finWait1, enteredAt: start + microseconds * 1000, grade: exit, rule: .fin,
        frames: Frames()),
    ]
    return record
  }

  @Test("percentiles are those of the sorted times, within 1 %")
  func percentiles() throws {
    var random = Numbers(state: 11)
    var times = StateTimes()
    let lengths = (0..<5000).map { _ in
      // From a microsecond to a month.
      Int64(1_000_000 * (random.unit() * random.unit() * random.unit() * 2_600_000))
    }
    for length in lengths { times.add(try Self.record(established: length), service: 0) }
    let row = try #require(times.rows.first { $0.state == .established })
    let sorted = lengths.sorted()
    #expect(row.count == 5000 && row.withoutEnd == 0)
    for (found, rank) in [
      (row.median, 2500), (row.ninetieth, 4500), (row.ninetyNinth, 4950), (row.longest, 5000),
    ] {
      let exact = Double(sorted[rank - 1]) * 1000
      #expect(abs(Double(found) - exact) <= exact * 0.01 + 1000, "\(rank)")
    }
    #expect(times.rows.first { $0.state == .finWait1 }?.withoutEnd == 5000)
  }

  @Test("bins and percentiles are those of HdrHistogram", arguments: [1, 2, 10, 99, 700, 3000])
  func histogram(count: Int) throws {
    var random = Numbers(state: UInt64(count))
    var times = StateTimes()
    var exact = Histogram<UInt64>(
      highestTrackableValue: 1 << 42, numberOfSignificantValueDigits: .two)
    for _ in 0..<count {
      let length = UInt64(1_000_000 * random.unit() * random.unit() * random.unit() * 2_600_000)
      exact.record(length)
      // The first rows are those of all services.
      times.add(try Self.record(established: Int64(length)), service: Int(length % 3))
    }
    let row = try #require(times.rows.first { $0.state == .established })
    #expect(row.count == count && exact.totalCount == count)
    for (found, percentile) in [
      (row.median, 50.0), (row.ninetieth, 90), (row.ninetyNinth, 99), (row.longest, 100),
    ] {
      let expected = exact.valueAtPercentile(percentile)
      #expect(
        exact.lowestEquivalentForValue(UInt64(found / 1000))
          == exact.lowestEquivalentForValue(expected))
    }
  }

  static let exactTimes: [Int64] = [0, 1, 127, 128, 255]

  @Test("up to 255 microseconds a time is exact", arguments: exactTimes)
  func short(length: Int64) throws {
    var times = StateTimes()
    times.add(try Self.record(established: length), service: 0)
    let row = try #require(times.rows.first)
    #expect(
      [row.median, row.ninetyNinth, row.longest] == Array(repeating: length * 1000, count: 3))
  }

  /// Microseconds: what programs' timeouts are set to.
  static let roundTimes: [Int64] = [
    1000, 100_000, 1_000_000, 2_500_000, 5_000_000, 30_000_000, 60_000_000, 350_000_000,
  ]

  @Test("of the times within 1 % the roundest is told", arguments: roundTimes)
  func round(length: Int64) throws {
    // A little later, as real timeouts come.
    for length in [length, length + length / 2000] {
      var times = StateTimes()
      times.add(try Self.record(established: length), service: 0)
      let row = try #require(times.rows.first)
      #expect(row.median == row.longest)
      let told = Wording.threeDigits(row.median)
      #expect(told == Wording.threeDigits(length / 1000 * 1_000_000), "\(row.median)")
    }
  }

  static let texts: [(Int64, String)] = [
    (0, "0us"), (87_000, "87us"), (999_000, "999us"), (1_000_000, "1.00ms"),
    (2_414_900, "2.41ms"), (2_415_100, "2.42ms"), (9_994_999, "9.99ms"), (9_995_000, "10.0ms"),
    (99_949_999, "99.9ms"), (99_950_000, "100ms"), (999_499_999, "999ms"),
    (999_500_000, "1.00s"), (60_000_000_000, "60.0s"), (119_400_000_000, "119s"),
    (999_499_999_999, "999s"), (999_500_000_000, "16m40"), (7_500_000_000_000, "2h05m"),
  ]

  @Test("a time is told in three digits, rounded", arguments: texts)
  func text(nanoseconds: Int64, expected: String) {
    #expect(Wording.threeDigits(nanoseconds) == expected)
  }

  static let assumptions: [(Grade, Grade)] = [
    (.assumed, .observed), (.observed, .assumed), (.unknown, .inferred), (.inferred, .unknown),
  ]

  @Test("a time that rests on an assumption is only counted", arguments: assumptions)
  func assumed(grade: Grade, exit: Grade) throws {
    var times = StateTimes()
    times.add(try Self.record(established: 5, grade: grade, exit: exit), service: 0)
    let row = try #require(times.rows.first)
    #expect(row.count == 0 && row.withoutEnd == 1)
  }

  @Test("stamps that go back, or lie centuries apart, are no times below 0 and no overflow")
  func odd() throws {
    var times = StateTimes()
    times.add(try Self.record(established: -7), service: 0)
    var record = try Self.record(established: 0)
    record.teardown.states.client[0].enteredAt = .min
    record.teardown.states.client[1].enteredAt = .max
    times.add(record, service: 0)
    let row = try #require(times.rows.first)
    #expect(row.count == 2 && row.median == 0)
  }

  @Test("services are told apart, and a scan leaves room for one that is used")
  func services() throws {
    var times = StateTimes()
    let scan = try Self.record(established: 1)
    for service in 0..<5000 { times.add(scan, service: service) }
    let used = try Self.record(established: 3000)
    for _ in 0..<200 { times.add(used, service: 7000) }
    #expect(times.rows(ofService: 3).first?.count == 1)
    #expect(times.rows(ofService: 4999).isEmpty)
    let rows = times.rows(ofService: 7000)
    #expect((137...138).contains(rows.first?.count ?? 0))
    #expect(times.rows.first?.count == 5200)
  }

  @Test("of many flows the most harmful are those to look at, and the first of equal ones")
  func streams() {
    var streams = StreamsToSee<Int>()
    for stream in 0..<100 { streams.add(1, stream % 10, stream) }
    streams.add(2, 0, 7)
    #expect(streams[1] == [9, 19, 29, 39, 49])
    #expect(streams[2] == [7])
    #expect(streams[3] == [])
    // Records come in the order of their ends.
    streams.add(1, 9, 5)
    streams.add(1, 8, 1)
    streams.add(1, 12, 77)
    #expect(streams[1] == [5, 9, 19, 29, 77])
  }

  @Test("advice on findings of both sides names neither")
  func advice() {
    var advice = FindingAdvice()
    advice.note(Finding(.halfClose, side: .client))
    advice.note(Finding(.closeWaitLeak, side: .server))
    #expect(advice.ranked.map(\.code) == [.closeWaitLeak, .halfClose])
    #expect(advice.ranked[0].advice.contains("the server's program"))
    advice.note(Finding(.closeWaitLeak, side: .client))
    #expect(advice.ranked[0].side == nil)
    advice.note(Finding(.closeWaitLeak, side: .client))
    #expect(advice.ranked[0].side == nil)
  }
}
