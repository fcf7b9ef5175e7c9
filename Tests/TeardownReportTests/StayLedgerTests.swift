import PacketDecoding
import Testing

@testable import TeardownReport

@Suite("Who held how many, and when")
struct StayLedgerTests {
  typealias Ledger = StayLedger<Endpoint, Int>
  static let second: Int64 = 1_000_000_000

  static func endpoint(_ number: Int) -> Endpoint {
    Endpoint(address: .v4(UInt32(number)), port: 80)
  }

  /// Stays of 61 s each, all but the first in TIME-WAIT, so many seconds apart.
  static func ledger(
    stays: Int, of holders: Int = 1, gap: Int64 = second / 10, exactStays: Int
  ) -> Ledger {
    var ledger = Ledger(fresh: 0, exactStays: exactStays)
    for number in 0..<stays {
      let start = Int64(number) * gap
      ledger.add(
        Stay(start: start, waitStart: start + second, end: start + 61 * second),
        of: endpoint(number % holders)
      ) { $0 += 1 }
    }
    return ledger
  }

  @Test("each stay is kept, and the most is exact")
  func exact() throws {
    let account = try #require(Self.ledger(stays: 1000, exactStays: 1000).accounts.first)
    #expect(account.stays == 1000 && account.facts == 1000)
    // Until the last one has begun, one ends as another begins.
    #expect(try #require(account.held.peak) == (610, 609 * Self.second / 10, 100 * Self.second))
    #expect(account.waiting.peak?.held == 600)
    #expect(account.busiest == 100 && account.rateSpan == 10 * Self.second)
  }

  @Test("with one stay more than are kept all are counted, and it comes to nearly the same")
  func counted() throws {
    let ledger = Self.ledger(stays: 1000, exactStays: 999)
    #expect(!ledger.isExact)
    let account = try #require(ledger.accounts.first)
    #expect(account.stays == 1000 && account.facts == 1000)
    let (held, waiting) = (try #require(account.held.peak), try #require(account.waiting.peak))
    #expect((588...610).contains(held.held) && (578...600).contains(waiting.held))
    #expect(abs(held.from - 61 * Self.second) <= 5 * Self.second)
    // Over five steps of 2.1 s instead of 10 s.
    #expect((100...110).contains(account.busiest))
    let last = try #require(account.held.span?.end)
    #expect(abs(last - (999 * Self.second / 10 + 61 * Self.second)) <= 3 * Self.second)
  }

  @Test("a long capture is counted step by step at its end, and as a whole before")
  func long() throws {
    // Three hours, ten a second.
    let account = try #require(Self.ledger(stays: 108_000, exactStays: 10).accounts.first)
    let peak = try #require(account.held.peak)
    #expect((588...610).contains(peak.held))
    let middle = account.held.most(from: 5000 * Self.second, until: 5001 * Self.second)
    #expect((588...610).contains(middle))
    let end = account.held.held(at: 10_830 * Self.second)
    #expect((290...330).contains(end))
  }

  @Test("what it keeps is bounded, whoever comes")
  func bounded() {
    let ledger = Self.ledger(stays: 20_000, of: 10_000, exactStays: 15_000)
    #expect(ledger.accounts.count <= 4096)
    let told = ledger.accounts.reduce(0) { $0 + $1.stays }
    #expect(told + ledger.other == 20_000)
    for account in ledger.accounts { #expect(account.stays == account.facts) }
  }

  @Test("one that takes a forgotten one's room has none of its stays", arguments: [100, 100_000])
  func replaced(exactStays: Int) {
    var ledger = Ledger(fresh: 0, exactStays: exactStays)
    for number in 0..<50_000 {
      let start = Int64(number) * Self.second
      ledger.add(
        Stay(start: start, waitStart: start, end: start + 3 * Self.second),
        of: Self.endpoint(number)
      ) { _ in }
    }
    for account in ledger.accounts { #expect(account.held.peak?.held ?? 0 <= 1) }
  }
}
