/// The VLANs and tunnels around a packet, as far as their identifiers are the same either way.
///
/// Others tell one direction only: each end of a GTP or L2TP tunnel, and each hop of an MPLS path,
/// picks the number that it wants to receive. A flow would fall in two by them.
package struct Enclosure: Hashable, Sendable {
  /// What of it keeps flows apart.
  package struct Kinds: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let vlans = Self(rawValue: 1 << 0)
    package static let tunnels = Self(rawValue: 1 << 1)
  }

  /// All identifiers in their order, mixed; 0 for none.
  private var vlans: UInt64 = 0
  private var tunnels: UInt64 = 0

  package init() {}

  /// A number of `FlowKey.scopeBits` bits for what is regarded, 0 where nothing of it is there.
  package func scope(of kinds: Kinds) -> UInt32 {
    let vlans = kinds.contains(.vlans) ? self.vlans : 0
    let tunnels = kinds.contains(.tunnels) ? self.tunnels : 0
    let mixed = FlowKey.mix(FlowKey.mix(vlans) ^ tunnels)
    return UInt32(truncatingIfNeeded: mixed >> 32 ^ mixed) & (1 << FlowKey.scopeBits - 1)
  }

  /// Adds the identifier in the header `layer` that begins at `start` of `frame`, if it has one.
  ///
  /// The header was stepped over: its fixed part is there.
  mutating func add(_ layer: Layer, in frame: Span<UInt8>, at start: Int) {
    switch layer {
    case .vlanTag: addVLAN(frame.uint16(at: start) & 0x0FFF)
    // The first octet of each has the flags; where the identifier is left out it is 0.
    case .vxlan, .vxlanGPE, .geneve: addTunnel(.network, frame.uint32(at: start + 4) >> 8)
    case .lisp where frame[start] & 0x08 != 0:
      addTunnel(.instance, frame.uint32(at: start + 4) >> 8)
    case .gre:
      guard let key = GRE.key(in: frame, at: start) else { return }
      addTunnel(.key, key)
    case .pppoe: addTunnel(.session, UInt32(frame.uint16(at: start + 2)))
    case .backboneTag: addTunnel(.service, frame.uint32(at: start) & 0x00FF_FFFF)
    default: break
    }
  }

  /// Numbers of different kinds are not the same tunnel's.
  private enum Identifier: UInt64 { case network = 1, instance, key, session, service }

  private mutating func addTunnel(_ kind: Identifier, _ number: UInt32) {
    tunnels = FlowKey.mix(tunnels ^ (kind.rawValue << 32 | UInt64(number)))
  }

  /// A tag for VLAN 0 only tells a priority (IEEE 802.1Q §9.6).
  private mutating func addVLAN(_ number: UInt16) {
    guard number > 0 else { return }
    vlans = FlowKey.mix(vlans ^ UInt64(number))
  }
}
