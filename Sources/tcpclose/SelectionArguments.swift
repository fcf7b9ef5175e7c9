import PacketDecoding

/// Words of one kind, separated by commas: `refused,reset`.
struct WordList<Word>: Sendable
where Word: RawRepresentable<String> & CaseIterable & Sendable {
  let words: [Word]

  /// All words of the kind, as help and errors list them.
  static var known: String { Self.list(Array(Word.allCases)) }

  /// All words of the kind, as a shell completes them.
  static var names: [String] { Word.allCases.map(\.rawValue) }

  static func list(_ words: [Word]) -> String {
    words.map(\.rawValue).joined(separator: ", ")
  }

  /// `known` are the words that a flow can bear.
  init(_ argument: String, among known: [Word] = Array(Word.allCases)) throws(InvalidArgument) {
    var words: [Word] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let word = known.first(where: { $0.rawValue == part }) else {
        throw InvalidArgument("'\(part)' is none of", list: Self.list(known))
      }
      words.append(word)
    }
    self.words = words
  }
}

/// Stream numbers: `7`, `1,4-9`.
struct StreamRanges: Equatable, Sendable {
  let ranges: [ClosedRange<Int>]

  init(_ argument: String) throws(InvalidArgument) {
    var ranges: [ClosedRange<Int>] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let low = ends[0], let high = ends.count == 1 ? low : ends[1],
        low >= 0, low <= high
      else { throw InvalidArgument("write stream numbers as 7, 1,4 or 4-9") }
      ranges.append(low...high)
    }
    self.ranges = ranges
  }

  func contains(_ stream: Int) -> Bool { ranges.contains { $0.contains(stream) } }
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
struct HostArgument: Equatable, Sendable {
  let address: IPAddress
  /// Nil for any.
  let port: UInt16?

  init(_ argument: String) throws(InvalidArgument) {
    let (address, port) = Self.split(argument)
    guard let address = IPAddress(String(address)) else {
      throw InvalidArgument(
        "names are not looked up; write it as one of",
        list: "192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1]:80")
    }
    self.address = address
    guard let port else {
      self.port = nil
      return
    }
    guard let number = UInt16(port) else {
      throw InvalidArgument("a port is a number from 0 to 65535")
    }
    self.port = number
  }

  private static func split(_ argument: String) -> (address: Substring, port: Substring?) {
    if argument.hasPrefix("["), let end = argument.lastIndex(of: "]") {
      let address = argument[argument.index(after: argument.startIndex)..<end]
      let rest = argument[argument.index(after: end)...]
      if rest.isEmpty { return (address, nil) }
      if rest.hasPrefix(":") { return (address, rest.dropFirst()) }
    } else if let colon = argument.lastIndex(of: ":"), argument.firstIndex(of: ":") == colon {
      return (argument[..<colon], argument[argument.index(after: colon)...])
    }
    return (argument[...], nil)
  }

  func matches(_ endpoint: Endpoint) -> Bool {
    endpoint.address == address && (port == nil || endpoint.port == port)
  }
}
