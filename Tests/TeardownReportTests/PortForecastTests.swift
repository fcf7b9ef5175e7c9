import TCPTeardown
import Testing

@testable import TeardownReport

@Suite("What comes of a client's ports")
struct PortForecastTests {
  static let second: Int64 = 1_000_000_000

  /// `rate` connections a second for `seconds`, all closed, all in TIME-WAIT at the client.
  static func facts(
    _ ports: Int, rate: Int, seconds: Int64, share: Double = 1, captureEnd: Int64? = nil
  ) -> PortForecast.Facts {
    let count = rate * Int(seconds)
    let wait = Int(Double(count) * share)
    return PortForecast.Facts(
      ports: ports,
      rate: PortRate(
        busiest: min(count, 10 * rate), within: 10 * second, first: 0, last: seconds * second),
      closed: count, waits: wait, timeWait: 60 * second, peak: min(ports - 1, count),
      peakTime: seconds * second, captureEnd: captureEnd, heldAtEnd: min(ports - 1, wait))
  }

  @Test("512 closes a second use up Linux's ports 55 s after start")
  func runsOut() throws {
    let forecast = PortForecast(Self.facts(28_232, rate: 512, seconds: 20))
    #expect(forecast.verdict == .runsOut)
    #expect(forecast.perSecond == 512)
    #expect(try #require(forecast.after) / Self.second == 55)
    #expect(forecast.at == nil)
    #expect(
      forecast.sentence(ports: 28_232, .utc)
        == "at 512 connections a second this client runs out of its 28,232 ports 55.1 s after start"
    )
    #expect(forecast.advice != nil)
  }

  @Test("the moment is told if connections still came when the capture ended")
  func moment() throws {
    let end = 20 * Self.second
    let forecast = PortForecast(Self.facts(28_232, rate: 512, seconds: 20, captureEnd: end))
    // 10,240 are held, 17,992 are free.
    #expect(try #require(forecast.at) / Self.second == 55)
    let later = PortForecast(
      Self.facts(28_232, rate: 512, seconds: 20, captureEnd: end + 20 * Self.second))
    #expect(later.at == nil && later.verdict == .runsOut)
  }

  static let verdicts: [(rate: Int, share: Double, verdict: PortForecast.Verdict)] = [
    // 28,232 ports sustain 470 a second.
    (470, 1, .lasts), (471, 1, .runsOut), (942, 0.5, .runsOut), (940, 0.5, .lasts), (900, 0, .free),
  ]

  @Test("what the ports sustain is their number by 2MSL", arguments: verdicts)
  func verdict(rate: Int, share: Double, verdict: PortForecast.Verdict) throws {
    let forecast = PortForecast(Self.facts(28_232, rate: rate, seconds: 20, share: share))
    #expect(forecast.verdict == verdict)
    guard share > 0 else { return #expect(forecast.sustainable == nil) }
    #expect(abs(try #require(forecast.sustainable) - 470.53 / share) < 0.1)
    if verdict == .lasts { #expect((28_000...28_232).contains(forecast.held)) }
  }

  @Test("all held is all held, whatever the rate")
  func ranOut() {
    var facts = Self.facts(50, rate: 1, seconds: 100)
    facts.peak = 50
    let forecast = PortForecast(facts)
    #expect(forecast.verdict == .ranOut)
    #expect(forecast.at == 100 * Self.second)
    #expect(forecast.held == 50)
  }

  @Test("a burst is counted over a second at least, and a capture of one flow says little")
  func burst() {
    let burst = PortRate(busiest: 200, within: 10 * Self.second, first: 0, last: Self.second / 5)
    #expect(burst.perSecond == 200)
    let single = PortRate(busiest: 1, within: 10 * Self.second, first: 5, last: 5)
    #expect(single.perSecond == 1)
  }

  @Test("no number overflows")
  func extremes() {
    var facts = Self.facts(65_535, rate: 1000, seconds: 10, captureEnd: .max)
    facts.timeWait = .max
    facts.rate.last = .max
    facts.rate.first = .min
    #expect(PortForecast(facts).held <= 65_535)
    facts.timeWait = 0
    #expect(PortForecast(facts).verdict == .lasts)
  }
}
