/// Reads JSON (RFC 8259) and keeps nothing of it: whether octets are one value.
struct JSONText {
  private let octets: [UInt8]
  private var place = 0

  private init(_ octets: [UInt8]) { self.octets = octets }

  /// Whether `octets` are one value, and no octet of them is a control or no UTF-8.
  static func isValid(_ octets: [UInt8]) -> Bool {
    var text = JSONText(octets)
    return text.takeValue() && text.place == octets.count
      && String(validating: octets, as: UTF8.self) != nil
  }

  private var next: UInt8? { place < octets.count ? octets[place] : nil }

  private mutating func take(_ octet: UInt8) -> Bool {
    guard next == octet else { return false }
    place += 1
    return true
  }

  private mutating func take(_ word: String) -> Bool { word.utf8.allSatisfy { take($0) } }

  /// Line ends alone: the report puts each flow in a line.
  private mutating func skipLineEnds() { while take(0x0A) {} }

  private mutating func takeValue() -> Bool {
    skipLineEnds()
    switch next {
    case UInt8(ascii: "{"): return takeMembers(closing: UInt8(ascii: "}"), named: true)
    case UInt8(ascii: "["): return takeMembers(closing: UInt8(ascii: "]"), named: false)
    case UInt8(ascii: "\""): return takeString()
    case UInt8(ascii: "t"): return take("true")
    case UInt8(ascii: "f"): return take("false")
    case UInt8(ascii: "n"): return take("null")
    default: return takeNumber()
    }
  }

  private mutating func takeMembers(closing: UInt8, named: Bool) -> Bool {
    place += 1
    if take(closing) { return true }
    repeat {
      skipLineEnds()
      if named, !(takeString() && take(UInt8(ascii: ":"))) { return false }
      if !takeValue() { return false }
      skipLineEnds()
    } while take(UInt8(ascii: ","))
    return take(closing)
  }

  private mutating func takeString() -> Bool {
    guard take(UInt8(ascii: "\"")) else { return false }
    while let octet = next {
      place += 1
      switch octet {
      case UInt8(ascii: "\""): return true
      case 0..<0x20: return false
      case UInt8(ascii: "\\"): if !takeEscape() { return false }
      default: continue
      }
    }
    return false
  }

  private mutating func takeEscape() -> Bool {
    guard let letter = next else { return false }
    place += 1
    if letter != UInt8(ascii: "u") { return #""\/bfnrt"#.utf8.contains(letter) }
    for _ in 0..<4 {
      guard let digit = next, Character(Unicode.Scalar(digit)).isHexDigit else { return false }
      place += 1
    }
    return true
  }

  private mutating func takeDigits() -> Bool {
    let start = place
    while let digit = next, (0x30...0x39).contains(digit) { place += 1 }
    return place > start
  }

  /// Numbers as the report writes them: no exponent.
  private mutating func takeNumber() -> Bool {
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")), !takeDigits() { return false }
    return take(UInt8(ascii: ".")) ? takeDigits() : true
  }
}
