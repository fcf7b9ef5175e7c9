internal import PacketDecoding
internal import TCPTeardown

/// A key that says by itself where it goes in a table.
protocol Spreading: Equatable, Sendable {
  /// A number that every bit of the key changes half the bits of.
  var spread: UInt64 { get }
}

/// A value for each of the keys that occur most, in bounded room.
///
/// A key has one bucket of sixteen places. One that finds its bucket full wears down the place that
/// is worn most, by one, and takes it over once nothing is left of it (Misra and Gries, 1982): what
/// is frequent stays, however many rare keys pass by, and a look-up is sixteen comparisons at most,
/// whoever chose the keys. So nothing need be secret in `spread`, and a capture always gives the
/// same report.
struct HeavyKeys<Key: Spreading, Value: Sendable>: Sendable {
  private static var ways: Int { 16 }
  private static var buckets: Int { 256 }
  /// Keys that there is room for.
  static var capacity: Int { ways * buckets }

  /// How often keys occurred that are not, or no longer, in the table.
  private(set) var other = 0
  /// `spread` of the key in each place, and 0 in an empty one; no bucket has gaps.
  private var spreads: [UInt64] = []
  private var rows: [UInt16] = []
  /// What is left of the hits of each place after the keys that found no room.
  private var reserves: [UInt32] = []
  private var keys: [Key] = []
  private var values: [Value] = []
  private var hits: [Int] = []
  private let fresh: Value

  /// `fresh` is what a key has that is new.
  init(fresh: Value) { self.fresh = fresh }

  var count: Int { keys.count }

  /// Counts `key`, and gives the row of its value, or nil where there is no room for it.
  @inline(__always)
  mutating func row(of key: Key) -> Int? {
    if spreads.isEmpty { makeRoom() }
    let spread = max(1, key.spread)
    let first = Int(truncatingIfNeeded: spread >> 32) % Self.buckets * Self.ways
    for place in first..<first + Self.ways {
      let present = spreads[place]
      if present == spread, keys[Int(rows[place])] == key {
        let row = Int(rows[place])
        hits[row] += 1
        if reserves[place] < .max { reserves[place] += 1 }
        return row
      }
      if present == 0 { return insert(key, spread, at: place) }
    }
    return replace(in: first..<first + Self.ways, by: key, spread)
  }

  subscript(row: Int) -> Value {
    get { values[row] }
    _modify { yield &values[row] }
  }

  /// What is in the table, in the order in which the places were taken.
  var all: [(key: Key, hits: Int, value: Value)] {
    keys.indices.map { (key: keys[$0], hits: hits[$0], value: values[$0]) }
  }

  private mutating func makeRoom() {
    spreads = Array(repeating: 0, count: Self.capacity)
    rows = Array(repeating: 0, count: Self.capacity)
    reserves = Array(repeating: 0, count: Self.capacity)
  }

  private mutating func insert(_ key: Key, _ spread: UInt64, at place: Int) -> Int {
    spreads[place] = spread
    rows[place] = UInt16(keys.count)
    reserves[place] = 1
    keys.append(key)
    values.append(fresh)
    hits.append(1)
    return keys.count - 1
  }

  private mutating func replace(
    in bucket: Range<Int>, by key: Key, _ spread: UInt64
  ) -> Int? {
    var weakest = bucket.lowerBound
    for place in bucket where reserves[place] < reserves[weakest] { weakest = place }
    reserves[weakest] -= 1
    guard reserves[weakest] == 0 else {
      other += 1
      return nil
    }
    let row = Int(rows[weakest])
    other += hits[row]
    spreads[weakest] = spread
    reserves[weakest] = 1
    keys[row] = key
    values[row] = fresh
    hits[row] = 1
    return row
  }
}

extension UInt64 {
  /// A folded 64 x 64 bit multiplication: every bit of either reaches every bit of the result.
  @inline(__always)
  func mixed(with value: UInt64) -> UInt64 {
    let product = (self ^ value).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }

  @inline(__always)
  func mixed(with address: IPAddress) -> UInt64 {
    let low = mixed(with: UInt64(truncatingIfNeeded: address.bits))
    return address.isIPv6 ? low.mixed(with: UInt64(truncatingIfNeeded: address.bits >> 64)) : low
  }
}

extension IPAddress: Spreading {
  var spread: UInt64 { UInt64(0x243F_6A88_85A3_08D3).mixed(with: self) }
}

extension Endpoint: Spreading {
  var spread: UInt64 { address.spread.mixed(with: UInt64(port)) }
}
