/// An IPv4 or IPv6 address.
public struct IPAddress: Hashable, Sendable {
  /// The address as a number in host byte order; an IPv4 address fills the low 32 bits.
  public let bits: UInt128
  public let isIPv6: Bool

  @inlinable
  public init(bits: UInt128, isIPv6: Bool) {
    self.bits = bits
    self.isIPv6 = isIPv6
  }

  public static func v4(_ bits: UInt32) -> Self { Self(bits: UInt128(bits), isIPv6: false) }
  public static func v6(_ bits: UInt128) -> Self { Self(bits: bits, isIPv6: true) }
}

extension IPAddress: Comparable {
  public static func < (a: Self, b: Self) -> Bool {
    (a.isIPv6 ? 1 : 0, a.bits) < (b.isIPv6 ? 1 : 0, b.bits)
  }
}

extension IPAddress: CustomStringConvertible {
  /// Dotted decimal, or the canonical form of RFC 5952 (the longest run of zeros as `::`).
  public var description: String { isIPv6 ? ipv6Text : ipv4Text }

  private var ipv4Text: String {
    let value = UInt32(truncatingIfNeeded: bits)
    return "\(value >> 24).\(value >> 16 & 0xFF).\(value >> 8 & 0xFF).\(value & 0xFF)"
  }

  private var ipv6Text: String {
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
    if bits >> 32 == 0xFFFF { return "::ffff:\(ipv4Text)" }
    let zeros = Self.longestZeroRun(in: groups)
    let hex = groups.map { String($0, radix: 16) }
    guard zeros.count >= 2 else { return hex.joined(separator: ":") }
    return hex[..<zeros.lowerBound].joined(separator: ":") + "::"
      + hex[zeros.upperBound...].joined(separator: ":")
  }

  private static func longestZeroRun(in groups: [UInt16]) -> Range<Int> {
    var best = 0..<0
    var start = 0
    for index in groups.indices {
      if groups[index] != 0 {
        start = index + 1
      } else if index + 1 - start > best.count {
        best = start..<index + 1
      }
    }
    return best
  }
}

extension IPAddress: LosslessStringConvertible {
  /// Reads dotted decimal or any form of RFC 4291 §2.2, without a zone.
  public init?(_ text: String) {
    if let bits = Self.ipv4(text[...]) {
      self = .v4(bits)
    } else if let bits = Self.ipv6(text) {
      self = .v6(bits)
    } else {
      return nil
    }
  }

  private static func ipv4(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      // A leading zero would be octal to some readers and decimal to others.
      guard part.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let octet = UInt8(part),
        part.utf8.count == 1 || part.utf8.first != 0x30
      else { return nil }
      bits = bits << 8 | UInt32(octet)
    }
    return bits
  }

  private static func ipv6(_ text: String) -> UInt128? {
    guard let gap = text.firstRange(of: "::") else {
      guard let groups = groups(text[...], isTail: true), groups.count == 8 else { return nil }
      return number(groups)
    }
    guard let head = groups(text[..<gap.lowerBound], isTail: false),
      let tail = groups(text[gap.upperBound...], isTail: true), head.count + tail.count < 8
    else { return nil }
    return number(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
  }

  /// The 16-bit groups of a stretch without `::`; the last 32 bits of the address, which a tail
  /// holds, may be dotted decimal.
  private static func groups(_ text: Substring, isTail: Bool) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if isTail, index == parts.count - 1, let bits = ipv4(part) {
        groups += [UInt16(bits >> 16), UInt16(bits & 0xFFFF)]
      } else if part.count <= 4, part.allSatisfy(\.isHexDigit), let group = UInt16(part, radix: 16)
      {
        groups.append(group)
      } else {
        return nil
      }
    }
    return groups
  }

  private static func number(_ groups: [UInt16]) -> UInt128 {
    groups.reduce(0) { $0 << 16 | UInt128($1) }
  }
}
