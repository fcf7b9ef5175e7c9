/// Text on its way out, in a place of fixed size: whoever puts text there makes room first.
///
/// All is stored in whole words, of which the octets behind the text are written over by what comes
/// next. Octet by octet into the output, a row of `jsonl` took five times as long.
struct OctetBuffer: ~Copyable {
  private typealias Block = SIMD32<UInt8>

  /// A row is made in two or three goes, which costs less than to empty more room for each.
  private var blocks = InlineArray<56, Block>(repeating: .zero)
  /// Octets put and not handed on yet.
  private(set) var count = 0

  /// The last word may be stored where only its first octet counts.
  private static var capacity: Int { (56 - 1) * Block.scalarCount }

  /// Sees to it that `room` octets may be put, at most 1,700.
  mutating func makeRoom(for room: Int, in output: inout [UInt8]) {
    if room > Self.capacity - count { flush(into: &output) }
  }

  /// Hands on what was put.
  mutating func flush(into output: inout [UInt8]) {
    let used = (count + Block.scalarCount - 1) / Block.scalarCount
    let surplus = used * Block.scalarCount - count
    output.append(addingCapacity: used * Block.scalarCount) { out in
      out.append(repeating: 0, count: used * Block.scalarCount)
      var octets = out.mutableSpan
      var bytes = MutableRawSpan(_elements: &octets)
      for place in 0..<used {
        bytes.storeBytes(
          of: blocks[place], toByteOffset: place * Block.scalarCount, as: Block.self)
      }
      out.removeLast(surplus)
    }
    count = 0
  }

  /// Takes back all that was put behind the first `count` octets.
  mutating func shorten(to count: Int) {
    precondition(count <= self.count)
    self.count = count
  }

  /// Puts `word`, of which the first `length` octets count.
  @inline(__always)
  private mutating func put<Word: BitwiseCopyable>(word: Word, length: Int) {
    var words = blocks.mutableSpan
    // `mutableBytes` would count as unsafe, for there are elements with gaps in them; these have none.
    var bytes = MutableRawSpan(_elements: &words)
    bytes.storeBytes(of: word, toByteOffset: count, as: Word.self)
    count &+= length
  }

  @inline(__always)
  mutating func put(_ octet: UInt8) { put(word: octet, length: 1) }

  @inline(__always)
  mutating func put(_ snippet: Snippet) { put(word: snippet.octets, length: snippet.count) }

  /// Puts a short word of the program's own; what is constant, and not rare, is better a snippet.
  mutating func put(_ text: String) {
    for octet in text.utf8 { put(octet) }
  }

  /// Puts `number` in decimal, in at most 20 octets.
  @inline(__always)
  mutating func put(decimal number: UInt64) {
    if number < 10 { put(UInt8(truncatingIfNeeded: number) &+ 0x30) } else { put(long: number) }
  }

  /// Puts `number` in decimal, in at most 20 octets.
  @inline(__always)
  mutating func put(decimal number: Int) {
    if number < 0 { put(0x2D) }
    put(decimal: UInt64(number.magnitude))
  }

  private mutating func put(long number: UInt64) {
    guard number < 100_000_000 else {
      let (high, low) = number.quotientAndRemainder(dividingBy: 100_000_000)
      put(decimal: high)
      return put(word: Self.text(Self.eightDigits(of: low)), length: 8)
    }
    let digits = Self.eightDigits(of: number)
    let zeros = digits.trailingZeroBitCount / 8
    put(word: Self.text(digits) >> UInt64(zeros * 8), length: 8 - zeros)
  }

  /// Puts a number below 100 in two digits.
  @inline(__always)
  mutating func put(twoDigits number: Int) {
    let tens = (number &* 103) >> 10
    put(
      word: UInt16(truncatingIfNeeded: 0x3030 | tens | (number &- tens &* 10) << 8).littleEndian,
      length: 2)
  }

  /// Puts a number below 10^9 in nine digits, less the zeros at the end if it has to be short.
  @inline(__always)
  mutating func put(nineDigits number: UInt64, isShort: Bool) {
    let (first, rest) = number.quotientAndRemainder(dividingBy: 100_000_000)
    let digits = Self.eightDigits(of: rest)
    put(UInt8(truncatingIfNeeded: first) &+ 0x30)
    put(word: Self.text(digits), length: isShort ? 8 - digits.leadingZeroBitCount / 8 : 8)
  }

  /// Puts `nanoseconds` as seconds, in at most 21 octets: no exponent, no zero at the end.
  mutating func put(seconds nanoseconds: Int64) {
    if nanoseconds < 0 { put(0x2D) }
    let (whole, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    put(decimal: whole)
    guard fraction > 0 else { return }
    put(0x2E)
    put(nineDigits: fraction, isShort: true)
  }

  /// The digits of a number below 10^8, an octet each, the first one lowest.
  @inline(__always)
  private static func eightDigits(of number: UInt64) -> UInt64 {
    // Halves of four digits, quarters of two, digits: all of a kind side by side in one word.
    // 5243 / 2^19 and 103 / 2^10 divide by 100 and 10 what is below 10,000 and 100.
    let high = number / 10_000
    let halves = high | (number &- high &* 10_000) << 32
    let hundreds = (halves &* 5243) >> 19 & 0x0000_007F_0000_007F
    let quarters = hundreds | (halves &- hundreds &* 100) << 16
    let tens = (quarters &* 103) >> 10 & 0x000F_000F_000F_000F
    return tens | (quarters &- tens &* 10) << 8
  }

  /// `digits` as ASCII has them, as they lie in memory.
  @inline(__always)
  private static func text(_ digits: UInt64) -> UInt64 { digits | 0x3030_3030_3030_3030 }
}
