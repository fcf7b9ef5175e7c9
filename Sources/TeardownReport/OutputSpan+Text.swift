internal import PacketDecoding

/// What reports write most: words, numbers, times and addresses, as octets of text.
///
/// One reservation in a buffer then serves a whole piece of output, which is several times faster
/// than to append each word of it. Each method says how many octets it takes at most.
extension OutputSpan<UInt8> {
  /// Appends `text` as it is.
  @inline(__always)
  mutating func add(_ text: String) {
    let octets = text.utf8.span
    for index in octets.indices { append(octets[index]) }
  }

  /// Appends `number` in decimal, in at most 20 octets.
  mutating func add(decimal number: UInt64) {
    guard number >= 10 else { return append(UInt8(truncatingIfNeeded: number) &+ 0x30) }
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var place = digits.count
    var rest = number
    while rest > 0 {
      place &-= 1
      digits[place] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
      rest /= 10
    }
    while place < digits.count {
      append(digits[place])
      place &+= 1
    }
  }

  /// Appends `number` in decimal, in at most 20 octets.
  mutating func add(decimal number: Int) {
    if number < 0 { append(0x2D) }
    add(decimal: UInt64(number.magnitude))
  }

  /// Appends the last `digits` digits of `number`, at most 9, zeros in front included.
  mutating func add(decimal number: UInt64, digits: Int) {
    var written = InlineArray<9, UInt8>(repeating: 0)
    var rest = number
    for place in stride(from: digits - 1, through: 0, by: -1) {
      written[place] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
      rest /= 10
    }
    for place in 0..<digits { append(written[place]) }
  }

  /// Appends `nanoseconds` as seconds, in at most 21 octets: no exponent, no zero at the end.
  mutating func add(seconds nanoseconds: Int64) {
    if nanoseconds < 0 { append(0x2D) }
    let (whole, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    add(decimal: whole)
    guard fraction > 0 else { return }
    append(0x2E)
    var shown = fraction
    var digits = 9
    while shown % 10 == 0 {
      shown /= 10
      digits -= 1
    }
    add(decimal: shown, digits: digits)
  }

  /// Appends a moment as RFC 3339 writes it in UTC with nine decimals, in 30 octets.
  mutating func add(rfc3339 nanosecondsSince1970: Int64) {
    let time = CivilTime(nanosecondsSince1970: nanosecondsSince1970)
    add(date: time)
    append(0x54)
    add(timeOfDay: time)
    append(0x5A)
  }

  /// Appends `2026-11-23`.
  mutating func add(date time: CivilTime) {
    add(decimal: UInt64(time.year), digits: 4)
    append(0x2D)
    add(decimal: UInt64(time.month), digits: 2)
    append(0x2D)
    add(decimal: UInt64(time.day), digits: 2)
  }

  /// Appends `05:11:00.123456789`.
  mutating func add(timeOfDay time: CivilTime) {
    add(decimal: UInt64(time.hour), digits: 2)
    append(0x3A)
    add(decimal: UInt64(time.minute), digits: 2)
    append(0x3A)
    add(decimal: UInt64(time.second), digits: 2)
    append(0x2E)
    add(decimal: UInt64(time.nanosecond), digits: 9)
  }

  /// Appends an address as its description has it, in at most 45 octets.
  mutating func add(_ address: IPAddress) {
    guard !address.isIPv6 else { return add(address.description) }
    let bits = UInt64(truncatingIfNeeded: address.bits)
    add(decimal: bits >> 24 & 0xFF)
    append(0x2E)
    add(decimal: bits >> 16 & 0xFF)
    append(0x2E)
    add(decimal: bits >> 8 & 0xFF)
    append(0x2E)
    add(decimal: bits & 0xFF)
  }
}

extension [UInt8] {
  mutating func append(text: String) { append(contentsOf: text.utf8) }
}

extension String {
  /// The text that `body` appends, which must not be more than `capacity` octets.
  init(capacity: Int, _ body: (inout OutputSpan<UInt8>) -> Void) {
    var octets: [UInt8] = []
    octets.append(addingCapacity: capacity) { body(&$0) }
    self.init(decoding: octets, as: UTF8.self)
  }
}
