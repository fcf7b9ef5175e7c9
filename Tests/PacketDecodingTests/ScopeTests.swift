import Testing

@testable import PacketDecoding

@Suite("Scopes of flows")
struct ScopeTests {
  static let packet = ipv4(tcp())

  /// The scope of the segment, or error, in `frame`.
  static func scope(
    _ frame: [UInt8], linkType: UInt16 = 1, _ kinds: Enclosure.Kinds = [.vlans, .tunnels]
  ) -> UInt32? {
    switch PacketDecoder.decode(
      frame.span, linkType: linkType, originalLength: UInt32(frame.count), regarding: kinds)
    {
    case .segment(let segment): segment.scope
    case .icmpError(let error): error.scope
    case .fragment, .undecoded: nil
    }
  }

  /// An Ethernet frame with tags of these VLANs.
  static func tagged(_ vlans: [UInt16], _ packet: [UInt8] = packet) -> [UInt8] {
    let tags = vlans.enumerated().flatMap { number, vlan in
      octets(number == 0 ? UInt16(0x88A8) : 0x8100) + octets(vlan | 0xE000)
    }
    return [UInt8](repeating: 2, count: 12) + tags + etherType(of: packet) + packet
  }

  @Test("VLANs are told apart, and the order of their tags")
  func vlans() {
    let all = (0..<4096 as Range<UInt16>).map { Self.scope(Self.tagged([$0])) }
    // Of all 4,094 VLANs no two fall together; 0 is none of them.
    #expect(Set(all).count == 4096 && all[0] == 0 && !all.contains(nil))
    #expect(Self.scope(ethernet(Self.packet)) == 0)
    let stacks: [[UInt16]] = [[5, 6], [6, 5], [5, 5], [5], [6], [5, 6, 7]]
    #expect(Set(stacks.map { Self.scope(Self.tagged($0)) }).count == stacks.count)
    #expect(Self.scope(Self.tagged([0, 5])) == Self.scope(Self.tagged([5])))
    #expect(Self.scope(Self.tagged([5]), .tunnels) == 0)
    #expect(Self.scope(Self.tagged([5]), []) == 0)
    // The same VLAN in another link layer.
    let cooked = LinkLayerTests.cooked1 + [0x81, 0, 0, 5, 8, 0] + Self.packet
    #expect(Self.scope(cooked, linkType: 113) == Self.scope(Self.tagged([5])))
  }

  static let numbered: [(name: String, wrap: @Sendable (UInt8) -> [UInt8])] = [
    ("VXLAN", { vxlan($0) }),
    ("VXLAN in IPv6", { ipv6(udp(vxlanHeader($0) + innerEthernet(packet), to: 4789), next: 17) }),
    (
      "Geneve with options",
      { ipv4(udp([1, 0, 8, 0, 0, 0, $0, 0, 1, 2, 3, 4] + packet, to: 6081), protocol: 17) }
    ),
    ("GRE", { ipv4([0x20, 0, 8, 0, 0, 0, 0, $0] + packet, protocol: 47) }),
    (
      "GRE with a checksum",
      { ipv4([0xB0, 0, 8, 0, 1, 2, 3, 4, 0, 0, 0, $0, 9, 9, 9, 9] + packet, protocol: 47) }
    ),
    ("LISP", { ipv4(udp([0x08, 0, 0, 0, 0, 0, $0, 0] + packet, to: 4341), protocol: 17) }),
  ]

  static func vxlanHeader(_ number: UInt8) -> [UInt8] { [8, 0, 0, 0, 0, 0, number, 0] }

  static func vxlan(_ number: UInt8, _ inner: [UInt8] = innerEthernet(packet)) -> [UInt8] {
    ipv4(udp(vxlanHeader(number) + inner, to: 4789), protocol: 17)
  }

  @Test("tunnels are told apart by their numbers", arguments: 0..<numbered.count)
  func tunnels(place: Int) {
    let wrap = Self.numbered[place].wrap
    let scopes = [1, 2].map { Self.scope(wrap($0), linkType: 101) }
    #expect(scopes[0] != scopes[1] && !scopes.contains(nil) && !scopes.contains(0))
    #expect(Self.scope(wrap(1), linkType: 101, .vlans) == 0)
    #expect(Self.scope(wrap(1), linkType: 101, .tunnels) == scopes[0])
  }

  @Test("tunnels of links are told apart by their numbers")
  func links() {
    let sessions = [1, 2].map { (number: UInt8) in
      ethernet([0x11, 0, 0, number, 0, 42, 0, 0x21] + Self.packet, type: 0x8864)
    }
    let services = [1, 2].map { (number: UInt8) in
      ethernet([0, 0, 0, number] + innerEthernet(Self.packet), type: 0x88E7)
    }
    let scopes = (sessions + services).map { Self.scope($0) }
    #expect(Set(scopes).count == 4 && !scopes.contains(nil) && !scopes.contains(0))
  }

  @Test("tunnels in tunnels, and VLANs in them, are told apart")
  func nested() {
    let inside = Self.vxlan(5, Self.tagged([7]))
    let scopes = [
      Self.vxlan(5), inside, Self.vxlan(5, ethernet(Self.vxlan(5))),
      Self.vxlan(5, ethernet(Self.vxlan(6))), Self.vxlan(6, ethernet(Self.vxlan(5))),
    ].map { Self.scope($0, linkType: 101) }
    #expect(Set(scopes).count == scopes.count && !scopes.contains(nil))
    #expect(Self.scope(inside, linkType: 101, .vlans) == Self.scope(Self.tagged([7])))
    #expect(Self.scope(inside, linkType: 101, .tunnels) == scopes[0])
    let tagged = Self.tagged([5], inside)
    #expect(Self.scope(tagged, .tunnels) == scopes[0])
  }

  @Test("numbers that each direction has of its own do not count")
  func oneWay() {
    for number in [1, 2] as [UInt8] {
      let packets = [
        ipv4(udp([0x30, 255, 0, 0, 0, 0, 0, number] + Self.packet, to: 2152), protocol: 17),
        ipv4(udp([0, 2, 0, number, 0, number, 0, 0x21] + Self.packet, to: 1701), protocol: 17),
        // PPTP: a length and a call.
        ipv4(
          [0x30, 1, 0x88, 0x0B, 0, 40, 0, number, 0, 0, 0, 1, 0, 0x21] + Self.packet, protocol: 47),
        ipv4([0, 0, 16 * number + 1, 64] + Self.packet, protocol: 137),
        ipv4([0, 0, 8, 0] + Self.packet, protocol: 47), ipv4(Self.packet, protocol: 4),
      ]
      for packet in packets { #expect(Self.scope(packet, linkType: 101) == 0) }
    }
  }

  @Test("a scope is the same however far the frame was captured")
  func cut() {
    for (place, numbered) in Self.numbered.enumerated() {
      let whole = numbered.wrap(7)
      let expected = Self.scope(whole, linkType: 101)
      for captured in 0..<whole.count {
        let scope = Self.scope(Array(whole.prefix(captured)), linkType: 101)
        #expect(scope == nil || scope == expected, "\(place), \(captured) octets")
      }
    }
  }

  @Test("an ICMP error has the scope of what it came in")
  func icmp() {
    let error = ipv4(
      ICMPTests.message(3, 1, rest: 0, quoting: ICMPTests.quoted), protocol: 1)
    #expect(Self.scope(Self.tagged([5], error)) == Self.scope(Self.tagged([5])))
    #expect(Self.scope(Self.tagged([6], error)) != Self.scope(Self.tagged([5])))
    #expect(Self.scope(error, linkType: 101) == 0)
  }

  @Test("a datagram in fragments has the scope of its fragments, and of what it holds")
  func fragmented() {
    let tunnel = Self.vxlan(5, Self.tagged([7]))
    let expected = Self.scope(Self.tagged([6], tunnel))
    var reassembly = Reassembly(regarding: [.vlans, .tunnels])
    let frames = fragments(of: tunnel, at: [24, 48]).map { Self.tagged([6], $0) }
    guard case .segment(let segment)? = reassembly.take(all: frames, linkType: 1) else {
      Issue.record("no segment")
      return
    }
    #expect(segment.scope == expected && expected != 0)
  }

  @Test("a key has room for its scope beside its ends", arguments: [false, true])
  func keys(isIPv6: Bool) {
    let (first, second) =
      isIPv6
      ? (Endpoint(address: .v6(.max), port: 65_535), Endpoint(address: .v6(1), port: 0))
      : (Endpoint(address: .v4(.max), port: 65_535), Endpoint(address: .v4(1), port: 0))
    var keys: [FlowKey] = [Tuple(first, second).key]
    for bit in 0..<FlowKey.scopeBits {
      let scope = UInt32(1) << bit
      let (tuple, reverse) = (
        Tuple(first, second, scope: scope), Tuple(second, first, scope: scope)
      )
      #expect(tuple.key == reverse.key && tuple.indexed == reverse.indexed)
      #expect(tuple.key.scope == scope && tuple.key.isIPv6 == isIPv6)
      #expect(tuple.source == first && tuple.destination == second)
      #expect(tuple.indexed == Tuple.indexed(tuple.key.hash))
      #expect(!keys.contains(tuple.key))
      keys.append(tuple.key)
    }
    #expect(Set(keys.map(\.hash)).count == keys.count)
    #expect(Tuple(first, second, scope: 0).key == keys[0])
  }
}
