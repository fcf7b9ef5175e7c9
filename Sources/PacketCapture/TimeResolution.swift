/// How an interface of a pcapng file counts time: `if_tsresol` and `if_tsoffset` (pcapng 4.2).
struct TimeResolution: Equatable, Sendable {
  /// `if_tsresol` as it is in the file: n for 10^-n seconds, n + 128 for 2^-n seconds.
  let code: UInt8
  /// `if_tsoffset`: seconds to add to every stamp.
  let offset: Int64

  /// The latest time there is, in nanoseconds: what pcap can tell, 2106.
  ///
  /// The earliest is 0, 1970. Within these bounds no difference of two times, nor its sum with a third, leaves `Int64`.
  static var latest: Int64 { 4_294_967_296 * 1_000_000_000 }

  /// Microseconds, what holds where an interface does not say.
  static let microseconds = TimeResolution(code: 6, offset: 0)

  /// Nanoseconds a tick where that alone gives the time, 0 where it takes `nanoseconds(ticks:)`.
  var simpleFactor: UInt64 {
    offset == 0 && code <= 9 ? UInt64(Self.powerOfTen(9 - Int(code))) : 0
  }

  /// The time of a stamp in nanoseconds since 1970, rounded down, held between 0 and `latest`.
  func nanoseconds(ticks: UInt64) -> (time: Int64, clamped: Bool) {
    // Neither product comes near 2^127: ticks and offset take 64 bits, a billion 30.
    let sum = Int128(unshifted(ticks: ticks)) + Int128(offset) * 1_000_000_000
    let time = min(max(sum, 0), Int128(Self.latest))
    return (Int64(time), time != sum)
  }

  private func unshifted(ticks: UInt64) -> UInt128 {
    let exponent = Int(code & 0x7F)
    if code >= 0x80 { return (UInt128(ticks) * 1_000_000_000) >> UInt128(exponent) }
    if exponent <= 9 { return UInt128(ticks) * Self.powerOfTen(9 - exponent) }
    // 2^64 ticks of 10^-29 s are less than a nanosecond; finer ones need no look.
    return exponent < 30 ? UInt128(ticks) / Self.powerOfTen(exponent - 9) : 0
  }

  private static func powerOfTen(_ exponent: Int) -> UInt128 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}
