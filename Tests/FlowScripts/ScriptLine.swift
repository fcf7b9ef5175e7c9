package import PacketDecoding
package import TCPTeardown

/// One line of a `FlowScript`: a time in milliseconds, and what was captured then.
///
/// - `20 < S. 0 0 1 ttl=57 id=7 win=0 ts=900/100 sack=1:80 port=51325`: direction (`>` is the
///   client's), tcpdump's flags (`-` for none), relative sequence number, payload octets, relative
///   acknowledgment number; then what matters of IP-ID, TTL, window, TSval/TSecr, the first SACK
///   block (relative, left and right), another port of the client's, and what the payload says of a
///   close (`hint=96/0`: `PayloadHint.Kinds` as a number, and seconds).
/// - `5 > icmp 3 3 0`: an ICMP error of that type and code that quotes the client's segment with
///   that relative sequence number.
/// - `9000 end`: a packet of no flow; the capture goes on at least until then.
package struct ScriptLine {
  package enum Kind: Equatable {
    case segment
    case icmpError(type: UInt8, code: UInt8)
    case end
  }

  package var kind = Kind.segment
  /// Nanoseconds from the start of the script.
  package var time: Int64
  package var side = Side.client
  package var flags: TCPFlags = []
  package var sequence: UInt32 = 0
  package var length: UInt32 = 0
  package var acknowledgment: UInt32 = 0
  package var timeToLive: UInt8 = 64
  package var identification: UInt16 = 0
  package var window: UInt16 = 500
  package var options = TCPOptions()
  package var clientPort: UInt16?
  package var hint = PayloadHint()

  /// Reads a line; one that is no line of a script is a mistake of the test's, and traps.
  package init(_ text: Substring) {
    var words = text.split(separator: " ")[...]
    guard let milliseconds = words.popFirst().flatMap({ Double($0) }) else {
      preconditionFailure("no time in: \(text)")
    }
    time = Int64((milliseconds * 1_000_000).rounded())
    if words == ["end"] {
      kind = .end
      return
    }
    switch words.popFirst() {
    case ">": side = .client
    case "<": side = .server
    default: preconditionFailure("no direction in: \(text)")
    }
    let what = words.popFirst() ?? ""
    var numbers: [UInt32] = []
    while let number = words.first.flatMap({ Int64($0) }) {
      numbers.append(UInt32(truncatingIfNeeded: number))
      words.removeFirst()
    }
    precondition(numbers.count == 3, "not three numbers in: \(text)")
    if what == "icmp" {
      kind = .icmpError(type: UInt8(numbers[0]), code: UInt8(numbers[1]))
      sequence = numbers[2]
    } else {
      flags = Self.flags(what)
      (sequence, length, acknowledgment) = (numbers[0], numbers[1], numbers[2])
    }
    for word in words { takeExtra(word) }
  }

  private mutating func takeExtra(_ word: Substring) {
    let parts = word.split(separator: "=")
    precondition(parts.count == 2, "unknown word: \(word)")
    let values = parts[1].split(whereSeparator: { ":/".contains($0) }).compactMap { Int64($0) }
    let first = UInt32(truncatingIfNeeded: values[0])
    switch (parts[0], values.count) {
    case ("ttl", 1): timeToLive = UInt8(first)
    case ("id", 1): identification = UInt16(first)
    case ("win", 1): window = UInt16(first)
    case ("port", 1): clientPort = UInt16(first)
    case ("hint", 2):
      hint = PayloadHint(
        kinds: PayloadHint.Kinds(rawValue: UInt8(first)), seconds: UInt16(values[1]))
    case ("ts", 2):
      options.present.insert(.timestamps)
      options.timestampValue = first
      options.timestampEcho = UInt32(truncatingIfNeeded: values[1])
    case ("sack", 2):
      options.present.insert(.sack)
      options.sackLeft = SequenceNumber(first)
      options.sackRight = SequenceNumber(UInt32(truncatingIfNeeded: values[1]))
    default: preconditionFailure("unknown word: \(word)")
    }
  }

  private static func flags(_ letters: Substring) -> TCPFlags {
    let table: [Character: TCPFlags] = [
      "S": .syn, "F": .fin, "R": .rst, "P": .psh, ".": .ack, "U": .urg, "-": [],
    ]
    return letters.reduce(into: []) { flags, letter in
      guard let flag = table[letter] else { preconditionFailure("unknown flags: \(letters)") }
      flags.formUnion(flag)
    }
  }

  /// How the decoder sorts ICMP errors, by type and code.
  static func kind(ofType type: UInt8, code: UInt8, isIPv6: Bool) -> ICMPError.Kind {
    switch (isIPv6, type, code) {
    case (false, 3, 3), (true, 1, 4): .portUnreachable
    case (false, 3, 4), (true, 2, _): .fragmentationNeeded(mtu: 1280)
    case (false, 3, _), (true, 1, _): .unreachable
    case (false, 11, _), (true, 3, _): .timeExceeded
    default: .parameterProblem
    }
  }
}
