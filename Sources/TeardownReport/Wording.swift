internal import PacketDecoding
internal import TCPTeardown

/// Numbers and times as sentences have them.
package enum Wording {
  /// A number with commas between thousands: `1,204,322`.
  static func grouped(_ number: some BinaryInteger) -> String {
    var text = ""
    let digits = String(number.magnitude)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.utf8.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// A number and its noun: `1 packet`, `2 packets`.
  package static func count(_ number: some BinaryInteger, _ noun: String) -> String {
    count(number, noun, noun + "s")
  }

  /// A number and a noun whose plural is another word.
  static func count(_ number: some BinaryInteger, _ noun: String, _ plural: String) -> String {
    "\(grouped(number)) \(number == 1 ? noun : plural)"
  }

  /// `once`, `2 times`.
  static func times(_ number: Int) -> String {
    number == 1 ? "once" : "\(grouped(number)) times"
  }

  /// A length of time for people: `0.087 ms`, `413.2 ms`, `60.8 s`, `12 min 5 s`, `3 h 20 min`.
  static func duration(_ nanoseconds: Int64) -> String {
    let sign = nanoseconds < 0 ? "-" : ""
    let length = nanoseconds.magnitude
    if length < 1_000_000_000 { return "\(sign)\(decimal(length, unit: 1_000_000)) ms" }
    let seconds = length / 1_000_000_000
    if seconds < 600 { return "\(sign)\(decimal(length, unit: 1_000_000_000)) s" }
    if seconds < 3600 { return "\(sign)\(seconds / 60) min \(seconds % 60) s" }
    return "\(sign)\(grouped(seconds / 3600)) h \(seconds / 60 % 60) min"
  }

  /// A length of time rounded to tenths of a second, where more would be pretence.
  static func tenths(_ nanoseconds: Int64) -> String {
    let tenth: Int64 = 100_000_000
    guard nanoseconds >= tenth else { return duration(nanoseconds) }
    return duration((nanoseconds / tenth + (nanoseconds % tenth * 2 >= tenth ? 1 : 0)) * tenth)
  }

  /// A limit as somebody may have set it: `5.0 s`, `60 s`, `350 s`.
  static func limit(_ nanoseconds: Int64) -> String {
    let tenths = (nanoseconds + 50_000_000) / 100_000_000
    return tenths < 100 ? "\(tenths / 10).\(tenths % 10) s" : Self.tenths(nanoseconds)
  }

  /// A length of time in five columns: `87us`, `413ms`, `1.23s`, `60.8s`, `119s`, `2h05m`, `9d03h`.
  static func shortDuration(_ nanoseconds: Int64) -> String {
    String { $0.put(shortDuration: nanoseconds) }
  }

  /// A length of time in three digits, rounded: `87us`, `2.41ms`, `413ms`, `1.23s`, `60.8s`, `119s`;
  /// from 1,000 s on as `shortDuration` has it.
  static func threeDigits(_ nanoseconds: Int64) -> String {
    let length = nanoseconds.magnitude
    for (unit, name) in [(1000 as UInt64, "us"), (1_000_000, "ms"), (1_000_000_000, "s")]
    where length < unit * 1000 - unit / 2 {
      let decimals = length * 200 < unit * 1999 ? 2 : length * 20 < unit * 1999 ? 1 : 0
      guard unit > 1000, decimals > 0 else { return "\((length + unit / 2) / unit)\(name)" }
      let step: UInt64 = decimals == 2 ? unit / 100 : unit / 10
      let (whole, fraction) = ((length + step / 2) / step)
        .quotientAndRemainder(dividingBy: unit / step)
      return "\(whole).\(decimals == 2 && fraction < 10 ? "0" : "")\(fraction)\(name)"
    }
    return shortDuration(nanoseconds.saturatingAdding(.nanosecondsPerSecond / 2))
  }

  /// Seconds with six decimals, rounded down: a place on the time axis of a flow.
  static func seconds(_ nanoseconds: Int64) -> String {
    let microseconds = nanoseconds.magnitude / 1000
    let fraction = String(microseconds % 1_000_000)
    return (nanoseconds < 0 ? "-" : "") + "\(microseconds / 1_000_000)."
      + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
  }

  /// `length / unit` with at most three decimals, rounded down, and no zeros at the end.
  private static func decimal(_ length: UInt64, unit: UInt64) -> String {
    var fraction = length % unit / (unit / 1000)
    var digits = 3
    while digits > 0, fraction % 10 == 0 {
      fraction /= 10
      digits -= 1
    }
    guard digits > 0 else { return "\(length / unit)" }
    let text = String(fraction)
    return "\(length / unit)." + String(repeating: "0", count: digits - text.utf8.count) + text
  }

  /// `frame 19`, `frames 19, 21`; nil without any.
  static func frames(_ frames: Frames) -> String? {
    switch frames.count {
    case 0: nil
    case 1: "frame \(frames[0])"
    default: "frames " + frames.array.map(String.init).joined(separator: ", ")
    }
  }

  /// What a claim rests on: `(observed, frames 19, 21)`.
  static func proof(_ grade: Grade, _ frames: Frames) -> Piece {
    let shown = Self.frames(frames)
    return Piece(shown.map { "(\(grade.name), \($0))" } ?? "(\(grade.name))", .dim)
  }
}
