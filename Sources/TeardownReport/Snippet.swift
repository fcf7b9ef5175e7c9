/// Up to 32 octets of text, ready to be stored as four words.
struct Snippet: Sendable {
  /// Eight octets each, the first one lowest.
  let words: SIMD4<UInt64>
  let count: Int

  /// The most octets that there may be.
  static var size: Int { 32 }

  init(_ text: String) {
    precondition(text.utf8.count <= Self.size, "too long for a snippet")
    var octets = SIMD32<UInt8>.zero
    for (place, octet) in text.utf8.enumerated() { octets[place] = octet }
    self.init(octets, count: text.utf8.count)
  }

  /// Octets in a row, of which those behind the last are 0.
  @inline(__always)
  init(_ octets: SIMD32<UInt8>, count: Int) {
    words = SIMD4(
      Self.word(octets.lowHalf.lowHalf), Self.word(octets.lowHalf.highHalf),
      Self.word(octets.highHalf.lowHalf), Self.word(octets.highHalf.highHalf))
    self.count = count
  }

  @inline(__always)
  private static func word(_ octets: SIMD8<UInt8>) -> UInt64 {
    var word: UInt64 = 0
    for place in 0..<8 {
      word |= UInt64(octets[place]) &<< UInt64(truncatingIfNeeded: 8 &* place)
    }
    return word
  }
}
