internal import PacketDecoding

/// The two endpoints of a flow, the same key whichever of them sent.
@usableFromInline
struct FlowKey: Equatable, Sendable {
  private let lowAddress: UInt128
  private let highAddress: UInt128
  /// The low end's port, the high end's port, and the IP version.
  private let rest: UInt64

  @inline(__always)
  fileprivate init(low: Endpoint, high: Endpoint) {
    lowAddress = low.address.bits
    highAddress = high.address.bits
    rest = UInt64(low.port) << 32 | UInt64(high.port) << 16 | (low.address.isIPv6 ? 6 : 4)
  }

  var low: Endpoint { endpoint(lowAddress, UInt16(truncatingIfNeeded: rest >> 32)) }
  var high: Endpoint { endpoint(highAddress, UInt16(truncatingIfNeeded: rest >> 16)) }

  var isIPv6: Bool { rest & 0xFFFF == 6 }

  private func endpoint(_ bits: UInt128, _ port: UInt16) -> Endpoint {
    Endpoint(address: IPAddress(bits: bits, isIPv6: rest & 0xFFFF == 6), port: port)
  }

  /// A hash that a sender of packets cannot steer without knowing the seed.
  @inline(__always)
  var hash: UInt64 {
    var hash = Tuple.seed
    if rest & 0xFFFF == 6 {
      hash = Self.mix(hash ^ UInt64(truncatingIfNeeded: lowAddress >> 64))
      hash = Self.mix(hash ^ UInt64(truncatingIfNeeded: highAddress >> 64))
      hash = Self.mix(hash ^ UInt64(truncatingIfNeeded: lowAddress))
      hash = Self.mix(hash ^ UInt64(truncatingIfNeeded: highAddress))
    } else {
      let low = UInt64(truncatingIfNeeded: lowAddress)
      let high = UInt64(truncatingIfNeeded: highAddress)
      hash = Self.mix(hash ^ (low << 32 | high))
    }
    return Self.mix(hash ^ rest)
  }

  /// A folded 64 x 64 bit multiplication: every bit in reaches every bit out.
  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}

/// How a segment finds its flow: the key of its two ends, which of them sent it, and the hash.
@usableFromInline
struct Tuple: Sendable {
  let key: FlowKey
  let sourceIsLow: Bool
  let hash: UInt64

  /// Swift seeds its hasher anew in every process, so tuples cannot be chosen to collide.
  static let seed = UInt64(bitPattern: Int64(Hasher().finalize())) | 1

  /// That of no segment.
  @usableFromInline static let none = Tuple(Segment().source, Segment().destination)

  @inline(__always)
  init(_ source: Endpoint, _ destination: Endpoint) {
    sourceIsLow = source.isLower(than: destination)
    key =
      sourceIsLow
      ? FlowKey(low: source, high: destination) : FlowKey(low: destination, high: source)
    hash = key.hash
  }

  /// What the index takes of the hash.
  @inline(__always)
  var indexed: UInt32 { FlowIndex.indexed(hash) }
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
