import Testing

@testable import TCPTeardown

@Suite("Sets of places in the evidence")
struct PlacesTests {
  /// The places that are in the set with these bits.
  private static func places(_ bits: UInt32) -> (Places, [Int]) {
    var places = Places()
    let all = Array(0..<32)
    for place in all { places.insert(place, if: bits >> UInt32(place) & 1 == 1) }
    return (places, all.filter { bits >> UInt32($0) & 1 == 1 })
  }

  private static let sets: [UInt32] = [0, 1, 1 << 31, .max, 0b1011_0110, 0xF0F0_0F0F, 0x8000_0001]

  @Test("they are gone through from the first to the last", arguments: sets)
  func order(bits: UInt32) {
    let (places, expected) = Self.places(bits)
    #expect(Array(places) == expected)
    #expect(places.first == expected.first && places.last == expected.last)
    #expect(places.count == expected.count && places.isEmpty == expected.isEmpty)
    #expect(places.first { $0 > 3 } == expected.first { $0 > 3 })
    #expect(places.last { $0 < 30 } == expected.last { $0 < 30 })
    #expect(Array(places.filter { $0 % 2 == 0 }) == expected.filter { $0 % 2 == 0 })
  }

  @Test("those before a place and those after it leave out the place itself", arguments: sets)
  func parts(bits: UInt32) {
    let (places, expected) = Self.places(bits)
    for place in 0..<32 {
      #expect(Array(places.before(place)) == expected.filter { $0 < place })
      #expect(Array(places.after(place)) == expected.filter { $0 > place })
      #expect(places.contains(place) == expected.contains(place))
    }
  }

  @Test("they join as sets do", arguments: sets, sets)
  func joined(one: UInt32, other: UInt32) {
    let (a, b) = (Self.places(one).0, Self.places(other).0)
    #expect(a & b == Self.places(one & other).0)
    #expect(a | b == Self.places(one | other).0)
    #expect(a - b == Self.places(one & ~other).0)
  }

  @Test("more evidence than there are places leaves out what is beyond")
  func limit() {
    #expect(Places(count: 33) == Places(count: 32))
    #expect(Places(count: 32).count == 32 && Places(count: 0).isEmpty)
  }
}
