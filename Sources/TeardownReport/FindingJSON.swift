internal import TCPTeardown

/// Findings, and the values that they and reset causes carry, as docs/schema defines them.
extension [UInt8] {
  mutating func append(_ finding: Finding) {
    append(addingCapacity: 256) { out in
      out.add(#"{"code":""#)
      out.add(finding.code.rawValue)
      switch finding.side {
      case .client: out.add(#"","side":"client","grade":""#)
      case .server: out.add(#"","side":"server","grade":""#)
      case nil: out.add(#"","side":null,"grade":""#)
      }
      out.add(finding.grade.name)
      out.add(#"","frames":"#)
      out.add(finding.frames)
      out.add(#","count":"#)
      out.add(decimal: finding.count)
      out.add(#","values":"#)
    }
    append(finding.values)
    append(0x7D)
  }

  mutating func append(_ values: [NamedValue]) {
    guard !values.isEmpty else { return append(text: "{}") }
    var json = JSONWriter(taking: &self)
    json.beginObject()
    for named in values {
      json.name(named.name)
      switch named.value {
      case .duration(let nanoseconds): json.value(seconds: nanoseconds)
      case .count(let count): json.value(count)
      case .word(let word): json.value(word)
      case .flag(let flag): json.value(flag)
      }
    }
    json.endObject()
    json.finish(&self)
  }
}

extension OutputSpan<UInt8> {
  /// At most four frames, in at most 85 octets.
  mutating func add(_ frames: Frames) {
    add("[")
    for index in 0..<frames.count {
      if index > 0 { append(0x2C) }
      add(decimal: frames[index])
    }
    add("]")
  }
}
