internal import PacketDecoding

/// Times and addresses.
extension OctetBuffer {
  /// Puts a moment as RFC 3339 writes it in UTC with nine decimals, in 30 octets.
  mutating func put(rfc3339 nanosecondsSince1970: Int64) {
    let time = CivilTime(nanosecondsSince1970: nanosecondsSince1970)
    put(twoDigits: time.year / 100)
    put(twoDigits: time.year % 100)
    put(0x2D)
    put(twoDigits: time.month)
    put(0x2D)
    put(twoDigits: time.day)
    put(0x54)
    put(twoDigits: time.hour)
    put(0x3A)
    put(twoDigits: time.minute)
    put(0x3A)
    put(twoDigits: time.second)
    put(0x2E)
    put(nineDigits: UInt64(time.nanosecond))
    put(0x5A)
  }

  /// Puts a length of time in five columns, in at most 10 octets.
  ///
  /// `87us`, `413ms`, `1.23s`, `60.8s`, `119s`, `2h05m`, `9d03h`.
  mutating func put(shortDuration nanoseconds: Int64) {
    let length = nanoseconds.magnitude
    guard length >= 1_000_000_000 else {
      let isShort = length < 1_000_000
      put(decimal: length / (isShort ? 1000 : 1_000_000))
      put(isShort ? 0x75 : 0x6D)
      return put(0x73)
    }
    let seconds = Int(length / 1_000_000_000)
    let hundredths = Int(length / 10_000_000 % 100)
    switch seconds {
    case ..<100:
      put(decimal: seconds)
      put(0x2E)
      if seconds < 10 { put(twoDigits: hundredths) } else { put(decimal: hundredths / 10) }
      put(0x73)
    case ..<1000:
      put(decimal: seconds)
      put(0x73)
    case ..<6000:
      put(decimal: seconds / 60)
      put(0x6D)
      put(twoDigits: seconds % 60)
    case ..<360_000:
      put(decimal: seconds / 3600)
      put(0x68)
      put(twoDigits: seconds / 60 % 60)
      put(0x6D)
    default:
      put(decimal: seconds / 86400)
      put(0x64)
      put(twoDigits: seconds / 3600 % 24)
      put(0x68)
    }
  }

  /// Puts an address as its description has it, in at most 39 octets.
  mutating func put(_ address: IPAddress) {
    if address.isIPv6 {
      put(ipv6: address.bits)
    } else {
      put(ipv4: UInt32(truncatingIfNeeded: address.bits))
    }
  }

  /// Puts an endpoint as its description has it, in at most 47 octets.
  mutating func put(_ endpoint: Endpoint) {
    if endpoint.address.isIPv6 {
      put(0x5B)
      put(ipv6: endpoint.address.bits)
      put(0x5D)
    } else {
      put(ipv4: UInt32(truncatingIfNeeded: endpoint.address.bits))
    }
    put(0x3A)
    put(decimal: UInt64(endpoint.port))
  }

  private mutating func put(ipv4 bits: UInt32) {
    put(decimal: UInt64(bits >> 24))
    put(0x2E)
    put(decimal: UInt64(bits >> 16 & 0xFF))
    put(0x2E)
    put(decimal: UInt64(bits >> 8 & 0xFF))
    put(0x2E)
    put(decimal: UInt64(bits & 0xFF))
  }

  /// Puts the canonical form of RFC 5952.
  private mutating func put(ipv6 bits: UInt128) {
    guard bits >> 32 != 0xFFFF else {
      put("::ffff:")
      return put(ipv4: UInt32(truncatingIfNeeded: bits))
    }
    let gap = Self.longestZeroRun(in: bits)
    for group in 0..<8 {
      if gap.contains(group) {
        if group == gap.lowerBound { put(0x3A) }
        if group == gap.upperBound - 1 { put(0x3A) }
      } else {
        if group > 0, group != gap.upperBound { put(0x3A) }
        put(hexadecimal: UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * group)))
      }
    }
  }

  /// The groups that `::` stands for: the first of the longest runs of zeros, if of two or more.
  private static func longestZeroRun(in bits: UInt128) -> Range<Int> {
    var best = 0..<1
    var start = 0
    for group in 0..<8 {
      if UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * group)) != 0 {
        start = group + 1
      } else if group + 1 - start > best.count {
        best = start..<group + 1
      }
    }
    return best.count > 1 ? best : 0..<0
  }

  private mutating func put(hexadecimal number: UInt16) {
    var shift = number > 0xFF ? (number > 0xFFF ? 12 : 8) : number > 0xF ? 4 : 0
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: number >> UInt16(shift)) & 0xF
      put(digit < 10 ? digit + 0x30 : digit + 0x57)
      shift -= 4
    }
  }
}

extension String {
  /// The text that `body` puts, at most 1,700 octets.
  init(_ body: (inout OctetBuffer) -> Void) {
    var buffer = OctetBuffer()
    body(&buffer)
    var octets: [UInt8] = []
    buffer.flush(into: &octets)
    self.init(decoding: octets, as: UTF8.self)
  }
}
