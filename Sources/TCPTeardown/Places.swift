/// A set of places in a flow's evidence.
///
/// A word holds it, for a flow keeps 32 pieces of evidence at most.
struct Places: Equatable, Sequence {
  private var bits: UInt32 = 0

  /// Places from this one on are in no set.
  static let limit = 32

  static let none = Places()

  private init(bits: UInt32) { self.bits = bits }

  init() {}

  /// All places before `count`.
  init(count: Int) { bits = count >= Self.limit ? .max : 1 &<< UInt32(count) - 1 }

  var isEmpty: Bool { bits == 0 }
  var count: Int { bits.nonzeroBitCount }
  var first: Int? { bits == 0 ? nil : bits.trailingZeroBitCount }
  var last: Int? { bits == 0 ? nil : 31 - bits.leadingZeroBitCount }

  @inline(__always)
  func contains(_ place: Int) -> Bool { bits & 1 &<< UInt32(place) != 0 }

  /// Adds `place` if `condition` holds: nothing branches on it.
  @inline(__always)
  mutating func insert(_ place: Int, if condition: Bool) {
    bits |= (condition ? 1 : 0) &<< UInt32(place)
  }

  /// Those before `place`, and those after it.
  func before(_ place: Int) -> Places { self & Places(count: place) }
  func after(_ place: Int) -> Places { self - Places(count: place + 1) }

  static func & (a: Places, b: Places) -> Places { Places(bits: a.bits & b.bits) }
  static func | (a: Places, b: Places) -> Places { Places(bits: a.bits | b.bits) }
  /// Those of `a` that are not in `b`.
  static func - (a: Places, b: Places) -> Places { Places(bits: a.bits & ~b.bits) }

  /// The last place that meets `condition`.
  @inline(__always)
  func last(where condition: (Int) -> Bool) -> Int? {
    var rest = self
    while let place = rest.last {
      if condition(place) { return place }
      rest = rest.before(place)
    }
    return nil
  }

  /// Those that meet `condition`.
  @inline(__always)
  func filter(_ condition: (Int) -> Bool) -> Places {
    var met = Places()
    for place in self { met.insert(place, if: condition(place)) }
    return met
  }

  /// From the first to the last.
  struct Iterator: IteratorProtocol {
    fileprivate var bits: UInt32

    @inline(__always)
    mutating func next() -> Int? {
      guard bits != 0 else { return nil }
      let place = bits.trailingZeroBitCount
      bits &= bits &- 1
      return place
    }
  }

  @inline(__always)
  func makeIterator() -> Iterator { Iterator(bits: bits) }
}
