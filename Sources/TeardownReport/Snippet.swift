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
}
