import PacketDecoding
import Testing

@Suite("Tunnels in tunnels")
struct NestingTests {
  static let packet = ipv4(tcp(flags: .fin, payload: 7))

  /// `packet` in as many IPv4 packets, one in another.
  static func nested(_ packet: [UInt8], in count: Int) -> [UInt8] {
    (0..<count).reduce(packet) { inner, _ in ipv4(inner, protocol: 4) }
  }

  @Test("up to eight IP headers are looked through, and no more")
  func depth() throws {
    for count in 0...7 {
      #expect(decode(Self.nested(Self.packet, in: count)) == decode(Self.packet))
    }
    for count in 8...10 {
      #expect(decode(Self.nested(Self.packet, in: count)) == .undecoded(.nestedTooDeep))
    }
  }

  @Test("up to eight headers of links are looked through between IP headers, and no more")
  func links() throws {
    for count in 1...12 {
      let frames = (1..<count).reduce(innerEthernet(Self.packet)) { inner, _ in
        ethernet(inner, type: 0x6558)
      }
      let expected = count <= 8 ? decode(Self.packet) : .undecoded(.nestedTooDeep)
      #expect(decode(ipv4(frames, protocol: 143)) == expected)
    }
  }

  @Test("a frame of nothing but nested headers ends")
  func endless() {
    let header = ethernet([], type: 0x6558)
    let headers = [[UInt8]](repeating: header, count: 4000).flatMap(\.self)
    #expect(decode(headers, linkType: 1) == .undecoded(.nestedTooDeep))
    let service: [UInt8] = [0, 2, 2, 4, 0, 0, 1, 255]
    let services = [[UInt8]](repeating: service, count: 4000).flatMap(\.self)
    #expect(decode(ethernet(services, type: 0x894F), linkType: 1) == .undecoded(.nestedTooDeep))
    #expect(decode(Self.nested([], in: 3000)) == .undecoded(.nestedTooDeep))
  }

  /// What turns a packet into a packet, of either version.
  static let tunnels = (TunnelTests.inIP + TunnelTests.inGRE + TunnelTests.inUDP).filter {
    $0.linkType == 101 && !$0.testDescription.hasSuffix("WCCP")
  }

  @Test("any tunnel in any other is looked through", arguments: tunnels)
  func pairs(outer: Wrapping) {
    for inner in Self.tunnels {
      for packet in Wrapping.packets {
        #expect(decode(outer(inner(packet))) == decode(packet), "\(inner)")
      }
    }
  }

  @Test("stacks of tunnels with changed octets never trap")
  func mutatedStacks() {
    var random = SeededGenerator(state: 7)
    for round in 0..<4000 {
      var packet = Wrapping.packets[round % 2]
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        packet = Self.tunnels[Int.random(in: 0..<Self.tunnels.count, using: &random)](packet)
      }
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: 0..<packet.count, using: &random)
        packet[index] = UInt8.random(in: 0...255, using: &random)
      }
      packet.removeLast(Int.random(in: 0...packet.count / 4, using: &random))
      _ = decode(packet, originalLength: UInt32(truncatingIfNeeded: random.next()))
    }
  }

  @Test("the length is the innermost header's, whatever was captured")
  func length() throws {
    let inner = ipv4(tcp(payload: 1000))
    let outer = ethernet(ipv4([0, 0, 8, 0] + inner, protocol: 47))
    let cut = Array(outer.prefix(14 + 24 + 36))
    let segment = try segment(cut, linkType: 1, originalLength: UInt32(outer.count))
    #expect(segment.payloadLength == 1000)
  }

  @Test("a length that is left open reaches to the end of the outer packet")
  func openLength() throws {
    let inner = ipv4(tcp(payload: 100), length: 0)
    let padded = ethernet(ipv4([0, 0, 8, 0] + inner, protocol: 47)) + [0, 0, 0, 0, 0, 0]
    #expect(try segment(padded, linkType: 1).payloadLength == 100)
    let both = ethernet(ipv4([0, 0, 8, 0] + inner, protocol: 47, length: 0))
    #expect(try segment(both, linkType: 1).payloadLength == 100)
    // Longer than UDP's own length can tell.
    let large = ipv4(tcp(payload: 70_000), length: 0)
    let datagram = udp([8, 0, 0, 0, 0, 0, 7, 0] + innerEthernet(large), to: 4789)
    #expect(try segment(ipv4(datagram, protocol: 17, length: 0)).payloadLength == 70_000)
    let cut = Array(both.prefix(100))
    #expect(
      try segment(cut, linkType: 1, originalLength: UInt32(both.count)).payloadLength == 100)
  }

  @Test("an inner packet that does not fit into the outer one is invalid", arguments: 21...79)
  func contradictingLengths(stated: Int) throws {
    let whole = ipv4([0, 0, 8, 0] + Self.packet, protocol: 47)
    let lying = ipv4([0, 0, 8, 0] + Self.packet, protocol: 47, length: stated)
    #expect(whole.count == 71)
    // 24 octets of outer headers, 20 of IP and 16 of TCP are what a segment needs.
    guard stated < 60 else {
      #expect(decode(lying) == decode(Self.packet))
      return
    }
    #expect(decode(lying) == .undecoded(.invalidHeader))
    // Where the capture ends before the packet says it does, nothing contradicts.
    let cut = Array(lying.prefix(stated - 1))
    #expect(decode(cut, originalLength: 71) == .undecoded(.truncated))
  }

  static let fragments: [[UInt8]] = [
    ipv4(packet, protocol: 4, fragment: 0x2000), ipv4(packet, protocol: 4, fragment: 0x0010),
    ipv4([0, 0, 8, 0] + packet, protocol: 47, fragment: 0x2010),
    ipv4(udp(packet, to: 2152), protocol: 17, fragment: 0x0010),
    ipv4(ipv4(packet, fragment: 0x0010), protocol: 4),
    ipv4(ipv4(udp(packet, to: 2152), protocol: 17, fragment: 0x2000), protocol: 4),
  ]

  @Test("a fragment is not looked into, whatever it may hold", arguments: fragments)
  func fragment(packet: [UInt8]) {
    #expect(decode(packet).fragment != nil)
  }

  typealias Foreign = (number: Int, body: [UInt8], reason: Undecoded)

  /// By protocol number.
  static let foreignInIP: [Foreign] = [
    (47, [0, 0, 8, 6], .notIP), (47, [0, 0, 0, 0], .notIP), (47, [0, 0, 0, 100], .notIP),
    (47, [0, 2, 8, 0], .unsupportedEncapsulation),
    // PPTP: an acknowledgment without a packet.
    (47, [0x20, 0x81, 0x88, 0x0B, 0, 0, 0, 9, 0, 0, 0, 1], .notTCP),
    (47, [0x10, 0, 0x88, 0xBE, 0, 0, 0, 0, 0x30, 0, 0, 0], .unsupportedEncapsulation),
    (
      47, [0x10, 0, 0x22, 0xEB, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0],
      .unsupportedEncapsulation
    ),
    (97, [0x40, 0], .notTCP), (4, [0xF0], .invalidHeader),
    (4, ipv4([1, 2, 3], protocol: 50), .encrypted),
    (4, ipv4([1, 2, 3], protocol: 115), .unsupportedEncapsulation),
    (4, ipv4(udp([1, 2, 3], to: 53), protocol: 17), .notTCP),
  ]

  /// By UDP port.
  static let foreignInUDP: [Foreign] = [
    (53, [], .notTCP), (4789, [0, 0, 0, 0, 0, 0, 7, 0], .notTCP),
    (4789, [8, 0, 0, 0, 0, 0, 7, 0] + ethernet([], type: 0x0806), .notIP),
    (6081, [0x40, 0, 8, 0, 0, 0, 7, 0], .notTCP), (6081, [0, 0, 0, 9, 0, 0, 7, 0], .notIP),
    (4790, [0x0C, 0, 0, 9, 0, 0, 7, 0], .notIP),
    // GTP: an echo, the charging protocol, version 2, an empty extension, a frame.
    (2152, [0x32, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0], .notTCP),
    (2152, [0x20, 255, 0, 4, 0, 0, 0, 0], .notTCP), (2152, [0x50, 255, 0, 4, 0, 0, 0, 0], .notTCP),
    (2152, [0x34, 255, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0x85, 0, 0, 0, 0], .invalidHeader),
    (2152, [0x30, 255, 0, 4, 0, 0, 0, 1, 2, 2], .unsupportedEncapsulation),
    (1701, [0xC8, 2, 0, 12, 0, 1, 0, 0, 0, 0, 0, 0], .notTCP),
    (1701, [0, 3, 0, 0, 0, 0, 0, 1], .unsupportedEncapsulation),
    (1701, [0, 1, 0, 0, 0, 0, 0, 1], .notTCP), (4341, [0, 0, 0, 0, 0, 0, 0, 0, 0x21], .notTCP),
    (5072, [0x42, 0x52, 0x10, 41, 0, 0, 0, 0], .notTCP),
    (5072, [0x42, 0x52, 0x11, 59, 0, 0, 0, 0], .notTCP), (37008, [1, 4, 0, 1, 1], .notTCP),
    (37008, [2, 0, 0, 1, 1], .notTCP), (37008, [1, 0, 0, 9, 1], .unsupportedEncapsulation),
  ]

  @Test("what tunnels hold instead of TCP says what it is", arguments: foreignInIP)
  func otherInIP(number: Int, body: [UInt8], reason: Undecoded) {
    let packet = ipv4(body + [UInt8](repeating: 0, count: 40), protocol: UInt8(number))
    #expect(decode(packet) == .undecoded(reason))
  }

  @Test("what tunnels in UDP hold instead of TCP says what it is", arguments: foreignInUDP)
  func otherInUDP(number: Int, body: [UInt8], reason: Undecoded) {
    let datagram = udp(body + [UInt8](repeating: 0, count: 40), to: UInt16(number))
    #expect(decode(ipv4(datagram, protocol: 17)) == .undecoded(reason))
  }

  @Test("an ICMP error inside a tunnel is evidence as it is outside", arguments: tunnels)
  func icmpInside(tunnel: Wrapping) {
    for error in [
      ipv4(ICMPTests.message(3, 1, rest: 0, quoting: ICMPTests.quoted), protocol: 1),
      ipv6(ICMPTests.message(1, 0, rest: 0, quoting: ICMPTests.quoted6), next: 58),
    ] {
      guard case .icmpError(let expected) = decode(error) else {
        Issue.record("no error")
        continue
      }
      #expect(decode(tunnel(error)) == .icmpError(expected))
    }
  }

  @Test("an error that quotes a tunnel is evidence for what is inside", arguments: tunnels)
  func icmpOutside(tunnel: Wrapping) throws {
    let quoted = tunnel(Self.packet)
    let outermost = ICMPTests.icmp(3, 1, quoting: quoted)
    let plain = ICMPTests.icmp(3, 1, quoting: Self.packet)
    #expect(outermost == plain)
    // The same of the first fragment of its packet.
    if quoted[0] == 0x45 {
      let fragment = quoted[..<6] + [0x20, 0] + quoted[8...]
      #expect(ICMPTests.icmp(3, 1, quoting: Array(fragment)) == plain)
    }
    // All that does not reach the inner sequence number is about no TCP.
    for octets in 20..<quoted.count - 7 - 12 {
      let cut = ICMPTests.icmp(3, 1, quoting: Array(quoted.prefix(octets)))
      #expect(cut == .undecoded(.notTCP) || cut == .undecoded(.truncated), "\(octets) octets")
    }
  }
}
