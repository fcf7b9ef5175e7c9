/// Text on its way out, in a place of fixed size: whoever puts text there makes room first.
///
/// All is put in whole words, of which the octets behind the text are written over by what comes
/// next. Octet by octet into the output, a row of `jsonl` took five times as long.
struct OctetBuffer: ~Copyable {
  private static var size: Int { 1_792 }
  /// A word may be put of which only the first octet counts; none is longer than a snippet.
  private static var capacity: Int { size - Snippet.size }

  /// A row is made in two or three goes, which costs less than to empty more room for each.
  private var octets = InlineArray<1_792, UInt8>(repeating: 0)
  /// Octets put and not handed on yet.
  private(set) var count = 0

  /// Sees to it that `room` octets may be put, at most 1,700.
  mutating func makeRoom(for room: Int, in output: inout [UInt8]) {
    if room > Self.capacity - count { flush(into: &output) }
  }

  /// Hands on what was put.
  mutating func flush(into output: inout [UInt8]) {
    output.append(addingCapacity: count) { out in
      // All that the compiler must know to copy many at a time.
      for place in 0..<min(count, Self.size, out.freeCapacity) { out.append(octets[place]) }
    }
    count = 0
  }

  /// Takes back all that was put behind the first `count` octets.
  mutating func shorten(to count: Int) {
    precondition(count <= self.count)
    self.count = count
  }

  /// Puts `word`, of which the first `length` octets count, the lowest first.
  @inline(__always)
  private mutating func put(word: UInt64, length: Int) {
    let start = count
    precondition(start >= 0 && start <= Self.size - 8)
    store(word, at: start)
    count = start &+ length
  }

  /// Stores eight octets, the lowest first: one instruction, if it is known that there is room.
  @inline(__always)
  private mutating func store(_ word: UInt64, at start: Int) {
    for place in 0..<8 {
      octets[start &+ place] = UInt8(
        truncatingIfNeeded: word &>> UInt64(truncatingIfNeeded: 8 &* place))
    }
  }

  @inline(__always)
  mutating func put(_ octet: UInt8) {
    octets[count] = octet
    count &+= 1
  }

  @inline(__always)
  mutating func put(_ snippet: Snippet) {
    let start = count
    precondition(start >= 0 && start <= Self.size - Snippet.size)
    for place in 0..<4 { store(snippet.words[place], at: start &+ 8 &* place) }
    count = start &+ snippet.count
  }

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
    put(word: DecimalDigits.text(digits) >> UInt64(zeros * 8), length: 8 &- zeros)
  }

  @inline(never)
  private mutating func put(longest number: UInt64) {
    let (high, low) = number.quotientAndRemainder(dividingBy: 100_000_000)
    put(decimal: high)
    put(word: DecimalDigits.text(DecimalDigits.eight(of: low)), length: 8)
  }

  /// Puts a number below 100 in two digits.
  @inline(__always)
  mutating func put(twoDigits number: Int) {
    let tens = (number &* 103) >> 10
    put(word: UInt64(truncatingIfNeeded: 0x3030 | tens | (number &- tens &* 10) << 8), length: 2)
  }

  /// Puts a number below 10^9 in nine digits.
  @inline(__always)
  mutating func put(nineDigits number: UInt64) {
    let (first, rest) = number.quotientAndRemainder(dividingBy: 100_000_000)
    put(UInt8(truncatingIfNeeded: first) &+ 0x30)
    put(word: DecimalDigits.text(DecimalDigits.eight(of: rest)), length: 8)
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
