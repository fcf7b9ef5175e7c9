internal import PacketDecoding
internal import TCPTeardown

/// Writes JSON (RFC 8259) into a buffer of octets, front to end, on one line.
///
/// Commas need no care: whether one is due shows in the octet before.
struct JSONWriter {
  private(set) var octets: [UInt8]

  init() { octets = [] }

  /// Goes on behind what `octets` holds, and leaves `octets` empty until `finish(_:)`.
  init(taking octets: inout [UInt8]) {
    self.octets = []
    swap(&self.octets, &octets)
  }

  /// Gives the buffer back.
  mutating func finish(_ octets: inout [UInt8]) { swap(&self.octets, &octets) }

  mutating func beginObject() {
    separate()
    octets.append(0x7B)
  }

  mutating func endObject() { octets.append(0x7D) }

  mutating func beginArray() {
    separate()
    octets.append(0x5B)
  }

  mutating func endArray() { octets.append(0x5D) }

  /// Begins a member of an object; its name is the program's own and needs no escape.
  mutating func name(_ name: String) {
    separate()
    octets.append(0x22)
    octets.append(contentsOf: name.utf8)
    octets.append(0x22)
    octets.append(0x3A)
  }

  mutating func null() { literal("null") }
  mutating func value(_ flag: Bool) { literal(flag ? "true" : "false") }

  mutating func value(_ number: Int) {
    separate()
    octets.append(addingCapacity: 20) { $0.add(decimal: number) }
  }

  mutating func value(_ number: UInt64) {
    separate()
    octets.append(addingCapacity: 20) { $0.add(decimal: number) }
  }

  /// Writes a duration as a number of seconds.
  mutating func value(seconds nanoseconds: Int64) {
    separate()
    octets.append(addingCapacity: 21) { $0.add(seconds: nanoseconds) }
  }

  /// Writes a moment, in nanoseconds since the Unix epoch, as a string of RFC 3339.
  mutating func value(time nanoseconds: Int64) {
    separate()
    octets.append(0x22)
    octets.append(addingCapacity: 30) { $0.add(rfc3339: nanoseconds) }
    octets.append(0x22)
  }

  mutating func value(_ address: IPAddress) {
    separate()
    octets.append(0x22)
    octets.append(addingCapacity: 45) { $0.add(address) }
    octets.append(0x22)
  }

  /// Writes a word of the program's own, which needs no escape.
  mutating func value(word: String) {
    separate()
    octets.append(0x22)
    octets.append(contentsOf: word.utf8)
    octets.append(0x22)
  }

  /// Writes any string.
  mutating func value(_ text: String) {
    separate()
    octets.append(0x22)
    for scalar in text.unicodeScalars { escape(scalar) }
    octets.append(0x22)
  }

  mutating func value(_ finding: Finding) {
    separate()
    octets.append(finding)
  }

  private mutating func literal(_ text: String) {
    separate()
    octets.append(contentsOf: text.utf8)
  }

  /// Puts a comma, unless the value is the first of its array or object, or a member's.
  private mutating func separate() {
    switch octets.last {
    case nil, 0x7B, 0x5B, 0x3A, 0x2C, 0x0A: return
    default: octets.append(0x2C)
    }
  }

  private mutating func escape(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": octets.append(text: "\\\"")
    case "\\": octets.append(text: "\\\\")
    case "\n": octets.append(text: "\\n")
    case "\r": octets.append(text: "\\r")
    case "\t": octets.append(text: "\\t")
    // Not for JSON's sake: people look at it in terminals.
    case _ where scalar.isObeyed:
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        octets.append(text: "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
      }
    default: octets.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
    }
  }
}
