/// Up to 32 octets of text, ready to be stored as one word.
struct Snippet: Sendable {
  fileprivate(set) var octets = SIMD32<UInt8>.zero
  fileprivate(set) var count = 0

  init(_ text: String) {
    precondition(text.utf8.count <= SIMD32<UInt8>.scalarCount, "too long for a snippet")
    for octet in text.utf8 {
      octets[count] = octet
      count += 1
    }
  }

  /// Octets in a row, of which those behind the last are 0.
  @inline(__always)
  init(_ octets: SIMD32<UInt8>, count: Int) {
    self.octets = octets
    self.count = count
  }
}
