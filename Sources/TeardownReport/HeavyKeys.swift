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

  private struct Place: Sendable {
    /// `spread` of the key, and 0 in an empty place; no bucket has gaps.
    var spread: UInt64 = 0
    var hits = 0
    /// What is left of the hits after the keys that found no room.
    var reserve: UInt32 = 0
    var row: UInt16 = 0
  }

  /// How often keys occurred that are not, or no longer, in the table.
  private(set) var other = 0
  private var places: [Place] = []
  private var keys: [Key] = []
  private var values: [Value] = []
  private let fresh: Value

  /// `fresh` is what a key has that is new.
  init(fresh: Value) { self.fresh = fresh }

  var count: Int { keys.count }

  /// Counts `key`, and gives the row of its value, or nil where there is no room for it.
  @inline(__always)
  mutating func row(of key: Key) -> Int? {
    if places.isEmpty { places = Array(repeating: Place(), count: Self.capacity) }
    let spread = max(1, key.spread)
    let first = Int(truncatingIfNeeded: spread >> 32) % Self.buckets * Self.ways
    let bucket = first..<first + Self.ways
    if let row = Self.find(key, spread, in: bucket, of: &places, keys) { return row }
    for place in bucket where places[place].spread == 0 { return insert(key, spread, at: place) }
    return replace(in: bucket, by: key, spread)
  }

  /// Counts `key` if it is in its bucket, and gives its row.
  @inline(__always)
  private static func find(
    _ key: Key, _ spread: UInt64, in bucket: Range<Int>, of places: inout [Place], _ keys: [Key]
  ) -> Int? {
    // One look at whose array it is, for all that is read and changed.
    var places = places.mutableSpan
    for place in bucket {
      if places[place].spread == 0 { return nil }
      guard places[place].spread == spread, keys[Int(places[place].row)] == key else { continue }
      places[place].hits += 1
      if places[place].reserve < .max { places[place].reserve += 1 }
      return Int(places[place].row)
    }
    return nil
  }

  subscript(row: Int) -> Value {
    get { values[row] }
    _modify { yield &values[row] }
  }

  /// What is in the table, in the order in which the places were taken.
  var all: [(key: Key, hits: Int, value: Value)] {
    var hits = Array(repeating: 0, count: keys.count)
    for place in places where place.spread != 0 { hits[Int(place.row)] = place.hits }
    return keys.indices.map { (key: keys[$0], hits: hits[$0], value: values[$0]) }
  }

  private mutating func insert(_ key: Key, _ spread: UInt64, at place: Int) -> Int {
    places[place] = Place(spread: spread, hits: 1, reserve: 1, row: UInt16(keys.count))
    keys.append(key)
    values.append(fresh)
    return keys.count - 1
  }

  private mutating func replace(
    in bucket: Range<Int>, by key: Key, _ spread: UInt64
  ) -> Int? {
    var weakest = bucket.lowerBound
    for place in bucket where places[place].reserve < places[weakest].reserve { weakest = place }
    places[weakest].reserve -= 1
    guard places[weakest].reserve == 0 else {
      other += 1
      return nil
    }
    let row = Int(places[weakest].row)
    other += places[weakest].hits
    places[weakest] = Place(spread: spread, hits: 1, reserve: 1, row: UInt16(row))
    keys[row] = key
    values[row] = fresh
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
