internal import TCPTeardown

/// Findings, and the values that they and reset causes carry, as docs/schema defines them.
///
/// A finding, and values, make the room that they need, and leave room for 128 octets more.
extension OctetBuffer {
  mutating func put(_ finding: Finding, in output: inout [UInt8]) {
    makeRoom(for: 384, in: &output)
    let snippets = FindingSnippets.shared
    put(snippets.code)
    put(snippets.name[finding.code.place])
    put(finding.side.map { snippets.side[Int($0.rawValue)] } ?? snippets.noSide)
    put(snippets.grade[Int(finding.grade.rawValue)])
    put(finding.frames)
    put(snippets.count)
    put(decimal: finding.count)
    put(snippets.values)
    put(finding.values, in: &output)
    put(0x7D)
  }

  mutating func put(_ values: [NamedValue], in output: inout [UInt8]) {
    put(0x7B)
    var isFirst = true
    for named in values {
      makeRoom(for: 256, in: &output)
      if !isFirst { put(0x2C) }
      put(0x22)
      put(named.name)
      put(0x22)
      put(0x3A)
      switch named.value {
      case .duration(let nanoseconds): put(seconds: nanoseconds)
      case .count(let count): put(decimal: count)
      case .word(let word): put(json: word, in: &output)
      case .flag(let flag): put(flag ? "true" : "false")
      }
      isFirst = false
    }
    makeRoom(for: 129, in: &output)
    put(0x7D)
  }

  /// At most four frames, in at most 85 octets.
  mutating func put(_ frames: Frames) {
    put(0x5B)
    put(list: frames)
    put(0x5D)
  }

  /// At most four frames without the brackets.
  mutating func put(list frames: Frames) {
    let length = frames.count
    guard length > 0 else { return }
    put(decimal: frames[0])
    for index in 1..<length {
      put(0x2C)
      put(decimal: frames[index])
    }
  }

  /// Puts any string as JSON has it.
  mutating func put(json text: String, in output: inout [UInt8]) {
    guard text.utf8.count <= 1024 else { return put(escaping: text, in: &output) }
    makeRoom(for: text.utf8.count + 2, in: &output)
    let start = count
    put(0x22)
    let octets = text.utf8.span
    for index in octets.indices {
      let octet = octets[index]
      // Nearly all need no escape: the rare ones go the long way.
      guard Self.isPlain(octet) else {
        shorten(to: start)
        return put(escaping: text, in: &output)
      }
      put(octet)
    }
    put(0x22)
  }

  private mutating func put(escaping text: String, in output: inout [UInt8]) {
    flush(into: &output)
    var json = JSONWriter(taking: &output)
    json.value(text)
    json.finish(&output)
  }

  private static func isPlain(_ octet: UInt8) -> Bool {
    octet >= 0x20 && octet < 0x7F && octet != 0x22 && octet != 0x5C
  }
}

extension [UInt8] {
  mutating func append(_ finding: Finding) {
    var buffer = OctetBuffer()
    buffer.put(finding, in: &self)
    buffer.flush(into: &self)
  }
}
