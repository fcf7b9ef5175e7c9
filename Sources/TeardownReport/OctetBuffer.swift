/// Text on its way out, in a place of fixed size: whoever puts text there makes room first.
///
/// All is stored in whole words, of which the octets behind the text are written over by what comes
/// next. Octet by octet into the output, a row of `jsonl` took five times as long.
struct OctetBuffer: ~Copyable {
  private typealias Block = SIMD64<UInt8>

  /// A row is made in two or three goes, which costs less than to empty more room for each.
  private var blocks = InlineArray<28, Block>(repeating: .zero)
  /// Octets put and not handed on yet.
  private(set) var count = 0

  /// A word may be stored of which only the first octet counts; none is longer than a block.
  private static var capacity: Int { (28 - 1) * Block.scalarCount }

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
          of: blocks[place], toByteOffset: place &* Block.scalarCount, as: Block.self)
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
    // `mutableBytes` would count as unsafe, for elements may have gaps. These have none.
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
    let octets = text.utf8.span
    for index in octets.indices { put(octets[index]) }
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
    guard number < 100_000_000 else { return put(longest: number) }
    let digits = DecimalDigits.eight(of: number)
    let zeros = digits.trailingZeroBitCount / 8
    put(
      word: (DecimalDigits.text(digits) >> UInt64(zeros * 8)).littleEndian, length: 8 &- zeros)
  }

  @inline(never)
  private mutating func put(longest number: UInt64) {
    let (high, low) = number.quotientAndRemainder(dividingBy: 100_000_000)
    put(decimal: high)
    put(word: DecimalDigits.text(DecimalDigits.eight(of: low)).littleEndian, length: 8)
  }

  /// Puts a number below 100 in two digits.
  @inline(__always)
  mutating func put(twoDigits number: Int) {
    let tens = (number &* 103) >> 10
    put(
      word: UInt16(truncatingIfNeeded: 0x3030 | tens | (number &- tens &* 10) << 8).littleEndian,
      length: 2)
  }

  /// Puts a number below 10^9 in nine digits.
  @inline(__always)
  mutating func put(nineDigits number: UInt64) {
    let (first, rest) = number.quotientAndRemainder(dividingBy: 100_000_000)
    put(UInt8(truncatingIfNeeded: first) &+ 0x30)
    put(word: DecimalDigits.text(DecimalDigits.eight(of: rest)).littleEndian, length: 8)
  }

  @inline(__always)
  mutating func put(_ seconds: DecimalSeconds) {
    put(word: seconds.head, length: seconds.headLength)
    put(word: seconds.tail, length: seconds.tailLength)
  }

  /// Puts `nanoseconds` as seconds, in at most 21 octets: no exponent, no zero at the end.
  mutating func put(seconds nanoseconds: Int64) {
    guard DecimalSeconds.range.contains(nanoseconds) else { return put(longSeconds: nanoseconds) }
    put(DecimalSeconds(nanoseconds))
  }

  @inline(never)
  private mutating func put(longSeconds nanoseconds: Int64) {
    if nanoseconds < 0 { put(0x2D) }
    let (whole, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    put(decimal: whole)
    let start = count
    // The 0 before the point stands where the last digit of the whole is put again.
    shorten(to: start - 1)
    put(DecimalSeconds(Int64(whole % 10 * 1_000_000_000 + fraction)))
  }
}
