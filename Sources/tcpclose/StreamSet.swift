/// Some of a capture's streams: a bit for each, however many there are.
struct StreamSet: Sendable {
  private var words: [UInt64] = []
  private(set) var count = 0

  mutating func insert(_ stream: Int) {
    guard stream >= 0, !contains(stream) else { return }
    while words.count <= stream >> 6 { words.append(0) }
    words[stream >> 6] |= 1 << UInt64(stream & 63)
    count += 1
  }

  func contains(_ stream: Int) -> Bool {
    stream >= 0 && stream >> 6 < words.count && words[stream >> 6] >> UInt64(stream & 63) & 1 == 1
  }
}
