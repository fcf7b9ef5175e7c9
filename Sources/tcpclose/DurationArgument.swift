import ArgumentParser

/// A duration as people write it: `500ms`, `10s`, `2m`, `1h`; a bare number is seconds.
struct DurationArgument: ExpressibleByArgument, Equatable, Sendable {
  let nanoseconds: Int64

  init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  init?(argument: String) {
    let units: [(suffix: String, nanoseconds: Double)] = [
      ("ms", 1e6), ("us", 1e3), ("s", 1e9), ("m", 60e9), ("h", 3600e9), ("", 1e9),
    ]
    for unit in units where argument.hasSuffix(unit.suffix) {
      let digits = argument.dropLast(unit.suffix.count)
      guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
        let number = Double(digits), (number * unit.nanoseconds).isFinite,
        let nanoseconds = Int64(exactly: (number * unit.nanoseconds).rounded())
      else { return nil }
      self.nanoseconds = nanoseconds
      return
    }
    return nil
  }

  var defaultValueDescription: String {
    nanoseconds % 1_000_000_000 == 0
      ? "\(nanoseconds / 1_000_000_000)s" : "\(nanoseconds / 1_000_000)ms"
  }
}
