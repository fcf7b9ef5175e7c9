import FlowScripts
import Foundation
import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("Idle limits of a capture")
struct IdleLimitTests {
  static let second: Int64 = 1_000_000_000

  /// Closes of one side of port 80 after these times, in seconds.
  static func limits(_ closes: [(Side, [Double])], port: UInt16 = 80) -> IdleLimits {
    var limits = IdleLimits()
    for (side, times) in closes {
      for time in times {
        limits.add(IdleClose(side: side, idle: Int64(time * Double(second))), port: port)
      }
    }
    return limits
  }

  /// Limits with their flows and presets: `5.0 s x12 (5)`.
  static func text(of limits: [IdleLimits.Limit]) -> [String] {
    limits.map { limit in
      let preset = limit.preset.map { " (\($0 / second))" } ?? ""
      return "\(Wording.limit(limit.idle)) x\(limit.flows)\(preset)"
    }
  }

  static func late(_ limit: Double, _ count: Int, by lateness: Double = 0.01) -> [Double] {
    (0..<count).map { limit + lateness * Double($0 % 7) / 7 }
  }

  static let groups: [([Double], [String])] = [
    // Three flows make a limit anywhere, two at a preset.
    ([7.3, 7.31, 7.35], ["7.3 s x3"]),
    ([7.3, 7.31], []),
    ([60.01, 60.4], ["60 s x2 (60)"]),
    ([60.01], []),
    // Shorter pauses are part of a conversation.
    ([0.9, 0.91, 0.92, 0.93], []),
    ([1.001, 1.002, 1.003], ["1.0 s x3 (1)"]),
    // A timer that is looked at every second, and a capture on the far side of a slow path.
    (late(5, 12, by: 0.2), ["5.0 s x12 (5)"]),
    (late(59.97, 12, by: 0.06), ["60 s x12 (60)"]),
    (late(350, 5, by: 8), ["350 s x5 (350)"]),
    // 4 % early is no timer's doing.
    (late(57.6, 5), ["57.6 s x5"]),
    // Strays ahead of the timer do not shift it.
    ([58.6] + late(60, 12), ["60 s x13 (60)"]),
    // Two limits, the more frequent first, and the common pair 60 and 65.
    (late(30, 4) + late(5, 12), ["5.0 s x12 (5)", "30 s x4 (30)"]),
    (late(60, 40) + late(65, 30), ["60 s x40 (60)", "65 s x30 (65)"]),
    // The late tail of one timer is no limit of its own.
    (late(5, 400) + late(5.4, 30, by: 0.8), ["5.0 s x400 (5)"]),
    // Days are beyond the bins.
    ([200_000, 200_000.1, 200_000.2], []),
  ]

  @Test("a limit is a dense group above a value", arguments: groups)
  func grouping(times: [Double], expected: [String]) {
    let services = Self.limits([(.server, times)]).services
    #expect(Self.text(of: services.first?.limits.server ?? []) == expected)
    #expect(services.first?.limits.client.isEmpty ?? true)
  }

  /// How idle times spread that no timer makes: people's pauses, crawlers, batch jobs.
  enum Spread: CaseIterable {
    case evenlyByFactor, evenly, exponential, logNormal

    func time(using random: inout Numbers) -> Double {
      switch self {
      case .evenlyByFactor: pow(1000, random.unit())
      case .evenly: 1 + 599 * random.unit()
      case .exponential: -30 * log(random.unit())
      case .logNormal: 20 * exp((0..<12).reduce(-6) { sum, _ in sum + random.unit() })
      }
    }
  }

  @Test(
    "idle times that spread widely show no limit, but for one capture in fifty",
    arguments: Spread.allCases, [3, 10, 40, 200, 1000])
  func spreading(spread: Spread, count: Int) {
    var random = Numbers(state: UInt64(count))
    let wrong = (0..<100).filter { _ in
      let times = (0..<count).map { _ in spread.time(using: &random) }
      return !Self.limits([(.server, times)]).services.isEmpty
    }
    #expect(wrong.count <= 2)
  }

  static let verdicts: [([(Side, [Double])], IdleLimits.Service.Verdict?, String)] = [
    (
      [(.server, late(5, 12)), (.client, late(60, 3))], .inverted,
      "port 80: the server closes after 5.0 s idle (12 flows), clients after 60 s (3 flows): "
        + "inverted"
    ),
    (
      [(.server, late(60, 2)), (.client, late(60.5, 9))], .equal,
      "port 80: the server closes after 60 s idle (2 flows), clients after 60.5 s (9 flows): "
        + "either may be first"
    ),
    (
      [(.server, late(75, 4)), (.client, late(60, 20))], .ordered,
      "port 80: the server closes after 75 s idle (4 flows), clients after 60 s (20 flows)"
    ),
    (
      [(.client, late(90, 20) + late(30, 4))], nil,
      "port 80: clients close after 90 s idle (20 flows) or 30 s (4 flows)"
    ),
    // Too few at the clients to say that they have a limit at all.
    (
      [(.server, late(5, 12)), (.client, [61, 130])], nil,
      "port 80: the server closes after 5.0 s idle (12 flows)"
    ),
  ]

  @Test("the verdict compares the limits of both sides", arguments: verdicts)
  func verdict(
    closes: [(Side, [Double])], verdict: IdleLimits.Service.Verdict?, sentence: String
  ) throws {
    let service = try #require(Self.limits(closes).services.first)
    #expect(service.verdict == verdict)
    #expect(service.sentence == sentence)
    #expect(
      service.advice.hasPrefix("nothing") == (service.limits.server.isEmpty || verdict == .ordered))
  }

  @Test("findings carry the limit, its preset and, for the two compared, the verdict")
  func findings() throws {
    let limits = Self.limits([
      (.server, Self.late(5, 12) + Self.late(33.5, 5)), (.client, Self.late(60, 3)),
    ])
    let findings = try #require(limits.services.first).findings
    #expect(
      findings == [
        Finding(
          .idleTimeout, side: .server, grade: .inferred, count: 12,
          values: [
            NamedValue("port", .count(80)), NamedValue("idle", .duration(5 * Self.second)),
            NamedValue("preset", .duration(5 * Self.second)),
            NamedValue("verdict", .word("inverted")),
            NamedValue("peerIdle", .duration(60 * Self.second)),
          ]),
        Finding(
          .idleTimeout, side: .server, grade: .inferred, count: 5,
          values: [
            NamedValue("port", .count(80)), NamedValue("idle", .duration(33_500_000_000)),
          ]),
        Finding(
          .idleTimeout, side: .client, grade: .inferred, count: 3,
          values: [
            NamedValue("port", .count(80)), NamedValue("idle", .duration(60 * Self.second)),
            NamedValue("preset", .duration(60 * Self.second)),
            NamedValue("verdict", .word("inverted")),
            NamedValue("peerIdle", .duration(5 * Self.second)),
          ]),
      ])
  }

  @Test("services with a verdict to mend come first, then those with most flows")
  func order() {
    var limits = IdleLimits()
    func add(_ side: Side, _ times: [Double], port: UInt16) {
      for time in times {
        limits.add(IdleClose(side: side, idle: Int64(time * Double(Self.second))), port: port)
      }
    }
    add(.server, Self.late(30, 50), port: 8080)
    add(.client, Self.late(60, 70), port: 5432)
    add(.server, Self.late(5, 3), port: 443)
    add(.client, Self.late(60, 3), port: 443)
    #expect(limits.services.map(\.port) == [443, 5432, 8080])
  }

  @Test("of more services than there is room for, those with most closes stay")
  func manyServices() {
    var limits = IdleLimits()
    for port in UInt16(1024)...60000 {
      limits.add(IdleClose(side: .client, idle: 20 * Self.second), port: port)
      if port % 500 == 0 {
        limits.add(IdleClose(side: .server, idle: 60 * Self.second), port: 443)
      }
    }
    #expect(Self.text(of: limits.services.last?.limits.server ?? []) == ["60 s x118 (60)"])
    #expect(limits.services.last?.port == 443)
    #expect(limits.otherCloses > 50000)
  }

  @Test("only the idle close of a record counts, at its server's port")
  func records() throws {
    var summary = CaptureSummary()
    for number in 0..<4 {
      var record = try #require(FlowScript.overIPv6.records(FlowScript.orderly).first)
      record.teardown.idleClose = number == 3 ? nil : IdleClose(side: .client, idle: 90_020_000_000)
      summary.add(record)
    }
    #expect(summary.captureFindings.map(\.code) == [.idleTimeout])
    #expect(summary.captureFindings.first?.count == 3)
    #expect(summary.idleLimits.services.first?.port == 443)
  }
}

/// A linear congruential generator (Knuth's MMIX).
struct Numbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state
  }

  /// More than 0, at most 1.
  mutating func unit() -> Double { (Double(next() >> 11) + 1) / 0x1p53 }
}
