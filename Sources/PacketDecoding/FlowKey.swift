/// The two endpoints of a flow, the same key whichever of them sent.
///
/// Public, as its tuple is, so that it can be inlined: there is one for each packet.
public struct FlowKey: Equatable, Sendable {
  // Words of 64 bits, and not addresses of 128: those are aligned to 16 octets, 48 in all.
  /// Twelve bits of the scope and four of the IP version; below them in IPv4 the low end, in IPv6
  /// the rest of the scope and both ports.
  @usableFromInline private(set) var head: UInt64
  /// In IPv4 the rest of the scope and the high end; from here on in IPv6 the halves of both
  /// addresses.
  @usableFromInline private(set) var second: UInt64
  @usableFromInline let third: UInt64
  @usableFromInline let fourth: UInt64
  @usableFromInline let fifth: UInt64

  /// The ends of an IPv4 flow, each in a word.
  @inlinable @inline(__always)
  init(low: UInt64, high: UInt64) {
    head = 4 << 48 | low
    second = high
    (third, fourth, fifth) = (0, 0, 0)
  }

  /// The ends of an IPv6 flow.
  @inline(__always)
  init(low: Endpoint, high: Endpoint) {
    head = 6 << 48 | UInt64(low.port) << 16 | UInt64(high.port)
    second = UInt64(truncatingIfNeeded: low.address.bits >> 64)
    third = UInt64(truncatingIfNeeded: low.address.bits)
    fourth = UInt64(truncatingIfNeeded: high.address.bits >> 64)
    fifth = UInt64(truncatingIfNeeded: high.address.bits)
  }

  /// Bits that tell flows apart whose ends are the same.
  static let scopeBits = 28

  /// The key of a flow between the same ends that `scope`, of `scopeBits` bits, keeps from others.
  func within(_ scope: UInt32) -> Self {
    var key = self
    key.head |= UInt64(scope & 0xFFF) << 52
    let rest = UInt64(scope >> 12)
    if isIPv6 { key.head |= rest << 32 } else { key.second |= rest << 48 }
    return key
  }

  /// What keeps it from others between the same ends.
  public var scope: UInt32 {
    let rest = isIPv6 ? head >> 32 & 0xFFFF : second >> 48
    return UInt32(truncatingIfNeeded: head >> 52 | rest << 12)
  }

  // One bit tells 6 from 4, and a look at one bit is the least that there is.
  @inlinable
  public var isIPv6: Bool { head & 2 << 48 != 0 }

  public var low: Endpoint {
    guard isIPv6 else { return Endpoint(word: head) }
    let address = IPAddress.v6(UInt128(second) << 64 | UInt128(third))
    return Endpoint(address: address, port: UInt16(truncatingIfNeeded: head >> 16))
  }

  public var high: Endpoint {
    guard isIPv6 else { return Endpoint(word: second) }
    let address = IPAddress.v6(UInt128(fourth) << 64 | UInt128(fifth))
    return Endpoint(address: address, port: UInt16(truncatingIfNeeded: head))
  }

  /// Two keys of IPv4 are told apart by two words, in one line of memory.
  @inlinable @inline(__always)
  public static func == (a: Self, b: Self) -> Bool {
    guard a.head == b.head, a.second == b.second else { return false }
    return !a.isIPv6 || a.third == b.third && a.fourth == b.fourth && a.fifth == b.fifth
  }

  /// A hash that a sender of packets cannot steer without knowing the seed.
  public var hash: UInt64 { hash(seed: Self.seed) }

  /// The same with `seed` at hand.
  @inlinable @inline(__always)
  func hash(seed: UInt64) -> UInt64 {
    var hash = Self.mix(Self.mix(seed ^ head) ^ second)
    if isIPv6 {
      hash = Self.mix(Self.mix(Self.mix(hash ^ third) ^ fourth) ^ fifth)
    }
    return hash
  }

  /// Swift seeds its hasher anew in every process, so tuples cannot be chosen to collide.
  public static let seed = UInt64(bitPattern: Int64(Hasher().finalize())) | 1

  /// A folded 64 x 64 bit multiplication: every bit in reaches every bit out.
  @inlinable @inline(__always)
  static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}

extension Endpoint {
  /// An IPv4 end in a word: the address, then the port; what is above them does not matter.
  @inline(__always)
  fileprivate init(word: UInt64) {
    self.init(
      address: .v4(UInt32(truncatingIfNeeded: word >> 16)),
      port: UInt16(truncatingIfNeeded: word))
  }
}
