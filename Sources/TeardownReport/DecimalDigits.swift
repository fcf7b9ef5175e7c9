/// Decimal digits of numbers, eight at a time in a word: none is divided by ten.
enum DecimalDigits {
  /// The digits of a number below 10^8, an octet each, the first one lowest.
  @inline(__always)
  static func eight(of number: UInt64) -> UInt64 {
    // Halves of four digits, quarters of two, digits: all of a kind side by side in one word.
    // 5243 / 2^19 and 103 / 2^10 divide by 100 and 10 what is below 10,000 and 100.
    let high = number / 10_000
    let halves = high | (number &- high &* 10_000) << 32
    let hundreds = (halves &* 5243) >> 19 & 0x0000_007F_0000_007F
    let quarters = hundreds | (halves &- hundreds &* 100) << 16
    let tens = (quarters &* 103) >> 10 & 0x000F_000F_000F_000F
    return tens | (quarters &- tens &* 10) << 8
  }

  /// `digits` as ASCII has them, the first one still lowest.
  @inline(__always)
  static func text(_ digits: UInt64) -> UInt64 { digits | 0x3030_3030_3030_3030 }
}

/// Seconds in decimal, in two words, the first octet lowest: no exponent, no zero at the end.
///
/// A value, for the moment at which one state is left is that at which the next is entered: what is
/// told twice is made once.
struct DecimalSeconds {
  /// The whole part, the point and the first digit behind it.
  let head: UInt64
  let headLength: Int
  /// The other digits.
  let tail: UInt64
  let tailLength: Int

  /// The nanoseconds that may be told so: from none to a day, which is nearly all.
  static var range: Range<Int64> { 0..<100_000_000_000_000 }

  @inline(__always)
  init(_ nanoseconds: Int64) {
    let (whole, fraction) = UInt64(truncatingIfNeeded: nanoseconds)
      .quotientAndRemainder(dividingBy: 1_000_000_000)
    var head = whole &+ 0x30
    var length = 1
    if whole >= 10 {
      let digits = DecimalDigits.eight(of: whole)
      let zeros = digits.trailingZeroBitCount / 8
      head = DecimalDigits.text(digits) &>> UInt64(zeros &* 8)
      length = 8 &- zeros
    }
    guard fraction > 0 else {
      self.head = head
      headLength = length
      tail = 0
      tailLength = 0
      return
    }
    let (first, rest) = fraction.quotientAndRemainder(dividingBy: 100_000_000)
    let digits = DecimalDigits.eight(of: rest)
    self.head = head | (0x302E | first << 8) &<< UInt64(length &* 8)
    headLength = length &+ 2
    tail = DecimalDigits.text(digits)
    tailLength = 8 &- digits.leadingZeroBitCount / 8
  }
}
