internal import TCPTeardown

/// Findings, and the values that they and reset causes carry, as docs/schema defines them.
///
/// Each leaves room for 128 octets more.
extension OctetBuffer {
  mutating func put(_ finding: Finding, in output: inout [UInt8]) {
    makeRoom(for: 384, in: &output)
    put(#"{"code":""#)
    put(finding.code.rawValue)
    switch finding.side {
    case .client: put(#"","side":"client","grade":""#)
    case .server: put(#"","side":"server","grade":""#)
    case nil: put(#"","side":null,"grade":""#)
    }
    put(finding.grade.name)
    put(#"","frames":"#)
    put(finding.frames)
    put(#","count":"#)
    put(decimal: finding.count)
    put(#","values":"#)
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
    for index in 0..<frames.count {
      if index > 0 { put(0x2C) }
      put(decimal: frames[index])
    }
    put(0x5D)
  }

  /// Puts any string as JSON has it.
  mutating func put(json text: String, in output: inout [UInt8]) {
    // Nearly all need no escape: the rare ones go the long way.
    guard text.utf8.count <= 1024, text.utf8.allSatisfy(Self.isPlain) else {
      flush(into: &output)
      var json = JSONWriter(taking: &output)
      json.value(text)
      return json.finish(&output)
    }
    makeRoom(for: text.utf8.count + 2, in: &output)
    put(0x22)
    put(text)
    put(0x22)
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
