/// What payloads are cut from: text-like octets, with the sums of their words at hand.
struct Filler {
  let octets: [UInt8]
  /// The sum of the 16-bit words before each even offset.
  private let sums: [UInt64]
  private static let startCount = 32_768

  init(largestPayload: Int, using random: inout RandomNumbers) {
    let letters = Array("etaoin shrdlu cmfwyp vbgkjq xz\r\n".utf8)
    let count = (Self.startCount * 2 + largestPayload + 1) & ~1
    var octets: [UInt8] = []
    var sums: [UInt64] = [0]
    for _ in 0..<(count / 2) {
      let word = (letters[random.below(letters.count)], letters[random.below(letters.count)])
      octets += [word.0, word.1]
      sums.append(sums[sums.count - 1] + UInt64(word.0) << 8 + UInt64(word.1))
    }
    self.octets = octets
    self.sums = sums
  }

  /// Where the payload at a sequence number begins; always even.
  func start(for sequenceNumber: UInt32) -> Int {
    Int(sequenceNumber) % Self.startCount * 2
  }

  /// The sum of a payload's 16-bit words, its last octet padded with 0 (RFC 9293 §3.1).
  func sum(_ range: Range<Int>) -> UInt64 {
    let words = sums[range.upperBound / 2] - sums[range.lowerBound / 2]
    return range.count % 2 == 0 ? words : words + UInt64(octets[range.upperBound - 1]) << 8
  }
}
