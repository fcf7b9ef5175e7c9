/// How a segment finds its flow: the key of its two ends, which of them sent it, and the hash.
public struct Tuple: Sendable {
  public let key: FlowKey
  /// What an index of flows needs of the key's hash.
  public let indexed: UInt32
  public let sourceIsLow: Bool

  public init(_ source: Endpoint, _ destination: Endpoint) {
    self.init(source, destination, seed: FlowKey.seed)
  }

  /// Of a flow that `scope`, a number of `FlowKey.scopeBits` bits, keeps from others.
  public init(_ source: Endpoint, _ destination: Endpoint, scope: UInt32) {
    let plain = Self(source, destination)
    sourceIsLow = plain.sourceIsLow
    key = plain.key.within(scope)
    indexed = Self.indexed(key.hash)
  }

  /// The same with the `seed` of `FlowKey` at hand.
  @inline(__always)
  init(_ source: Endpoint, _ destination: Endpoint, seed: UInt64) {
    if source.address.isIPv6 {
      self.init(ipv6: source, destination, seed: seed)
    } else {
      self.init(
        ipv4: UInt64(truncatingIfNeeded: source.address.bits) << 16 | UInt64(source.port),
        UInt64(truncatingIfNeeded: destination.address.bits) << 16 | UInt64(destination.port),
        seed: seed)
    }
  }

  /// Of IPv4, where each end is a word: the address, then the port.
  ///
  /// No branch depends on which of them sent, which the processor could not foretell.
  @inlinable @inline(__always)
  init(ipv4 source: UInt64, _ destination: UInt64, seed: UInt64) {
    sourceIsLow = source <= destination
    key = FlowKey(low: min(source, destination), high: max(source, destination))
    indexed = Self.indexed(key.hash(seed: seed))
  }

  /// Of IPv6.
  @inline(__always)
  init(ipv6 source: Endpoint, _ destination: Endpoint, seed: UInt64) {
    let (bits, others) = (source.address.bits, destination.address.bits)
    sourceIsLow = bits < others || (bits == others && source.port <= destination.port)
    key =
      sourceIsLow
      ? FlowKey(low: source, high: destination) : FlowKey(low: destination, high: source)
    indexed = Self.indexed(key.hash(seed: seed))
  }

  /// That of no segment: room for one to come.
  public init() {
    self.init(ipv4: 0, 0, seed: FlowKey.seed)
  }

  /// What an index of flows needs of a key's hash: its upper half.
  @inlinable @inline(__always)
  public static func indexed(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

  public var source: Endpoint { sourceIsLow ? key.low : key.high }
  public var destination: Endpoint { sourceIsLow ? key.high : key.low }
}
