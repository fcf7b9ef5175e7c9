/// The two endpoints of a flow, the same key whichever of them sent.
///
/// Public, as its tuple is, so that it can be inlined: there is one for each packet.
public struct FlowKey: Equatable, Sendable {
  // Words of 64 bits, and not addresses of 128: those are aligned to 16 octets, 48 in all.
  /// The low end's port, the high end's port, and the IP version.
  @usableFromInline let rest: UInt64
  /// In IPv4 both addresses, the low end's first; in IPv6 the four halves of both, as the rest of
  /// the words goes on.
  @usableFromInline let addresses: UInt64
  @usableFromInline let lowHost: UInt64
  @usableFromInline let highNetwork: UInt64
  @usableFromInline let highHost: UInt64

  @inline(__always)
  init(low: Endpoint, high: Endpoint) {
    rest = UInt64(low.port) << 32 | UInt64(high.port) << 16 | (low.address.isIPv6 ? 6 : 4)
    if low.address.isIPv6 {
      addresses = UInt64(truncatingIfNeeded: low.address.bits >> 64)
      lowHost = UInt64(truncatingIfNeeded: low.address.bits)
      highNetwork = UInt64(truncatingIfNeeded: high.address.bits >> 64)
      highHost = UInt64(truncatingIfNeeded: high.address.bits)
    } else {
      addresses =
        UInt64(truncatingIfNeeded: low.address.bits) << 32
        | UInt64(truncatingIfNeeded: high.address.bits)
      (lowHost, highNetwork, highHost) = (0, 0, 0)
    }
  }

  public var low: Endpoint {
    let bits = isIPv6 ? UInt128(addresses) << 64 | UInt128(lowHost) : UInt128(addresses >> 32)
    return endpoint(bits, UInt16(truncatingIfNeeded: rest >> 32))
  }

  public var high: Endpoint {
    let bits =
      isIPv6
      ? UInt128(highNetwork) << 64 | UInt128(highHost) : UInt128(addresses & 0xFFFF_FFFF)
    return endpoint(bits, UInt16(truncatingIfNeeded: rest >> 16))
  }

  @inlinable
  public var isIPv6: Bool { rest & 0xFFFF == 6 }

  private func endpoint(_ bits: UInt128, _ port: UInt16) -> Endpoint {
    Endpoint(address: IPAddress(bits: bits, isIPv6: isIPv6), port: port)
  }

  /// Two keys of IPv4 are told apart by two words, in one line of memory.
  @inlinable @inline(__always)
  public static func == (a: Self, b: Self) -> Bool {
    guard a.rest == b.rest, a.addresses == b.addresses else { return false }
    return !a.isIPv6
      || a.lowHost == b.lowHost && a.highNetwork == b.highNetwork && a.highHost == b.highHost
  }

  /// A hash that a sender of packets cannot steer without knowing the seed.
  @inline(__always)
  public var hash: UInt64 {
    var hash = Self.mix(Self.seed ^ addresses)
    if isIPv6 {
      hash = Self.mix(hash ^ lowHost)
      hash = Self.mix(hash ^ highNetwork)
      hash = Self.mix(hash ^ highHost)
    }
    return Self.mix(hash ^ rest)
  }

  /// Swift seeds its hasher anew in every process, so tuples cannot be chosen to collide.
  private static let seed = UInt64(bitPattern: Int64(Hasher().finalize())) | 1

  /// A folded 64 x 64 bit multiplication: every bit in reaches every bit out.
  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}

/// How a segment finds its flow: the key of its two ends, which of them sent it, and the hash.
public struct Tuple: Sendable {
  public let key: FlowKey
  /// What an index of flows needs of the key's hash.
  public let indexed: UInt32
  public let sourceIsLow: Bool

  @inline(__always)
  public init(_ source: Endpoint, _ destination: Endpoint) {
    sourceIsLow = source.isLower(than: destination)
    key =
      sourceIsLow
      ? FlowKey(low: source, high: destination) : FlowKey(low: destination, high: source)
    indexed = Self.indexed(key.hash)
  }

  /// That of no segment: room for one to come.
  public init() {
    let nowhere = Endpoint(address: IPAddress(bits: 0, isIPv6: false), port: 0)
    self.init(nowhere, nowhere)
  }

  /// What an index of flows needs of a key's hash: its upper half.
  @inlinable @inline(__always)
  public static func indexed(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

  public var source: Endpoint { sourceIsLow ? key.low : key.high }
  public var destination: Endpoint { sourceIsLow ? key.high : key.low }
}

extension Endpoint {
  /// Whether it comes before `other`, or is the same: by address, then by port.
  @inline(__always)
  fileprivate func isLower(than other: Endpoint) -> Bool {
    if address.isIPv6 || other.address.isIPv6 {
      return address.bits < other.address.bits
        || (address.bits == other.address.bits && port <= other.port)
    }
    return UInt64(truncatingIfNeeded: address.bits) << 16 | UInt64(port)
      <= UInt64(truncatingIfNeeded: other.address.bits) << 16 | UInt64(other.port)
  }
}
