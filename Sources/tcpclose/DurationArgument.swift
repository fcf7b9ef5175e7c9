/// A duration as people write it: `500ms`, `10s`, `2m`, `1h`; a bare number is seconds.
struct DurationArgument: Equatable, Sendable, CustomStringConvertible {
  let nanoseconds: Int64

  init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  init(_ argument: String) throws(InvalidArgument) {
    guard let nanoseconds = Self.nanoseconds(argument) else {
      throw InvalidArgument("write a duration as 500ms, 10s, 2m or 1h")
    }
    self.nanoseconds = nanoseconds
  }

  private static func nanoseconds(_ argument: String) -> Int64? {
    let units: [(suffix: String, nanoseconds: Double)] = [
      ("ms", 1e6), ("us", 1e3), ("s", 1e9), ("m", 60e9), ("h", 3600e9), ("", 1e9),
    ]
    guard let unit = units.first(where: { argument.hasSuffix($0.suffix) }) else { return nil }
    let digits = argument.dropLast(unit.suffix.count)
    guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let number = Double(digits), (number * unit.nanoseconds).isFinite
    else { return nil }
    return Int64(exactly: (number * unit.nanoseconds).rounded())
  }

  var description: String {
    nanoseconds % 1_000_000_000 == 0
      ? "\(nanoseconds / 1_000_000_000)s" : "\(nanoseconds / 1_000_000)ms"
  }
}
