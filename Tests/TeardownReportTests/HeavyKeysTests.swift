import PacketDecoding
import Testing

@testable import TeardownReport

@Suite("Values by the keys that occur most")
struct HeavyKeysTests {
  static func endpoint(_ number: Int, isIPv6: Bool = false) -> Endpoint {
    Endpoint(
      address: isIPv6
        ? .v6(0x2001_0db8 << 96 | UInt128(number)) : .v4(0x0A00_0000 + UInt32(number)),
      port: 443)
  }

  @Test("a thousand keys are all told apart", arguments: [false, true])
  func fewKeys(isIPv6: Bool) {
    var keys = HeavyKeys<Endpoint, Int>(fresh: 0)
    for round in 1...3 {
      for number in 0..<1000 {
        guard let row = keys.row(of: Self.endpoint(number, isIPv6: isIPv6)) else {
          Issue.record("no room for key \(number)")
          return
        }
        #expect(keys[row] == (round - 1) * number)
        keys[row] += number
      }
    }
    #expect(keys.count == 1000)
    #expect(keys.other == 0)
    #expect(keys.all.map(\.key) == (0..<1000).map { Self.endpoint($0, isIPv6: isIPv6) })
    #expect(keys.all.allSatisfy { $0.hits == 3 })
  }

  @Test("what is frequent stays, and nothing is lost count of")
  func manyKeys() {
    var keys = HeavyKeys<Endpoint, Int>(fresh: 0)
    var random = Numbers(state: 7)
    var occurrences = [Int](repeating: 0, count: 10)
    for _ in 0..<300_000 {
      let number = random.unit() < 0.05 ? Int(random.unit() * 9) : 10 + Int(random.unit() * 50000)
      if number < 10 { occurrences[number] += 1 }
      if let row = keys.row(of: Self.endpoint(number)) { keys[row] += 1 }
    }
    #expect(keys.count <= HeavyKeys<Endpoint, Int>.capacity)
    #expect(keys.all.reduce(0) { $0 + $1.hits } + keys.other == 300_000)
    #expect(keys.all.allSatisfy { $0.value == $0.hits })
    for number in 0..<9 {
      let row = keys.all.first { $0.key == Self.endpoint(number) }
      #expect(row?.hits ?? 0 > occurrences[number] * 9 / 10)
    }
  }

  /// Keys chosen so that they all meet in one bucket.
  struct Colliding: Spreading {
    var number: Int
    var spread: UInt64 { 0 }
  }

  @Test("keys that collide, even in every bit, are told apart while there is room")
  func collisions() {
    var keys = HeavyKeys<Colliding, Int>(fresh: 0)
    for number in 0..<16 {
      for _ in 0...number {
        guard let row = keys.row(of: Colliding(number: number)) else { continue }
        keys[row] = number
      }
    }
    #expect(keys.all.map(\.value) == Array(0..<16))
    #expect(keys.all.map(\.hits) == Array(1...16))
    // The weakest gives way at once, the next after as many misses as it had hits.
    #expect(keys.row(of: Colliding(number: 16)) == 0)
    #expect(keys[0] == 0)
    #expect(keys.row(of: Colliding(number: 17)) == 0)
    #expect(keys.other == 2)
    keys[0] = 17
    #expect(keys.row(of: Colliding(number: 17)) == 0)
    #expect(keys.row(of: Colliding(number: 18)) == nil)
    #expect(keys.other == 3)
    #expect(keys.all.first?.value == 17)
  }
}
