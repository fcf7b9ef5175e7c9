import Testing

@testable import TeardownReport

@Suite("Stretches of time that lie over one another")
struct OccupancyTests {
  static func peak(of stretches: [Range<Int32>]) -> (held: Int, step: Int32)? {
    var occupancy = Occupancy()
    for stretch in stretches { occupancy.add(stretch) }
    return occupancy.peak
  }

  /// The most at one time, by all starts and ends in order.
  static func exactPeak(of stretches: [Range<Int32>]) -> Int {
    let changes = stretches.flatMap { [($0.lowerBound, 1), ($0.upperBound, -1)] }
      .sorted { $0 < $1 }
    var held = 0
    return changes.reduce(0) { most, change in
      held += change.1
      return max(most, held)
    }
  }

  static let table: [([Range<Int32>], Int, Int32)] = [
    ([0..<10], 1, 0),
    ([0..<10, 10..<20], 1, 0),
    ([0..<10, 9..<20], 2, 9),
    ([5..<6, -40..<6, 3..<9], 3, 5),
    // One that comes in long after it began still counts over what it spans.
    ([5000..<5010, 5005..<5020, 9000..<9001, 0..<9002], 3, 5005),
    // Within years, nothing overflows.
    ([-0x2000_0000..<0x2000_0000, 7..<9], 1, 0),
    ([0x1FFF_FFF0..<0x2000_0000, 0x1FFF_FFFE..<0x2000_0000], 2, 0x1FFF_FFFE),
  ]

  @Test("the most at one time, and since when", arguments: table)
  func peaks(stretches: [Range<Int32>], held: Int, step: Int32) throws {
    let peak = try #require(Self.peak(of: stretches))
    #expect(peak.held == held)
    #expect(peak.step == step)
  }

  @Test("none")
  func none() { #expect(Self.peak(of: []) == nil) }

  @Test("short stretches that come nearly in order are counted exactly, however many")
  func nearOrder() {
    var random = Numbers(state: 1)
    let stretches = (0..<50000).map { number in
      let start = Int32(number) * 2 + Int32(random.unit() * 200)
      return start..<start + 1 + Int32(random.unit() * 60)
    }
    #expect(Self.peak(of: stretches)?.held == Self.exactPeak(of: stretches))
  }

  @Test("a pool that lasts is added to what comes and goes, though it comes in last")
  func pool() throws {
    let short = (0..<20000).map { number in
      let start = Int32(number) + (number / 1000 == 11 ? -Int32(number % 1000) / 2 : 0)
      return start..<start + 30
    }
    let pool = (0..<500).map { Int32($0) / 10..<Int32(20100) }
    let peak = try #require(Self.peak(of: short + pool))
    #expect(peak.held == Self.exactPeak(of: short + pool))
    #expect((11000..<12100).contains(peak.step))
  }

  @Test("whatever the order and the lengths, the most is never too high", arguments: 1...40)
  func neverTooHigh(seed: UInt64) throws {
    var random = Numbers(state: seed)
    let stretches = (0..<1000).map { _ in
      let start = Int32(random.unit() * 30000)
      let longest = random.unit() < 0.3 ? 20000.0 : 100
      return start..<start + 1 + Int32(random.unit() * longest)
    }
    let exact = Self.exactPeak(of: stretches)
    #expect(try #require(Self.peak(of: stretches)).held <= exact)
    let inOrder = stretches.sorted { $0.upperBound < $1.upperBound }
    let peak = try #require(Self.peak(of: inOrder)).held
    #expect(peak <= exact)
    #expect(peak * 10 >= exact * 8)
  }
}
