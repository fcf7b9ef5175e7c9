import Testing

@testable import PacketDecoding

@Suite("IP fragments")
struct ReassemblyTests {
  /// A packet, and octets of extension headers that stay before the fragment header.
  typealias Packet = (name: String, octets: [UInt8], unfragmented: Int)

  static let body = tcp(
    flags: [.fin, .ack], options: HostileInputTests.timestamps + [2, 4, 5, 180], payload: 60)
  static let authenticated: [UInt8] = [6, 4] + [UInt8](repeating: 0, count: 22) + body

  static let packets: [Packet] = [
    ("IPv4", ipv4(body), 0),
    ("IPv4 with options", ipv4(body, options: [1, 1, 1, 1, 0x83, 7, 4, 10, 0, 0, 7, 0]), 0),
    ("IPv4, authenticated", ipv4(authenticated, protocol: 51), 0),
    ("IPv6", ipv6(body), 0),
    ("IPv6 behind hop-by-hop options", ipv6(extensionHeader(next: 6) + body, next: 0), 8),
    ("IPv6 before destination options", ipv6(extensionHeader(next: 6) + body, next: 60), 0),
    ("IPv6, authenticated", ipv6(authenticated, next: 51), 0),
  ]

  /// Places to cut: a TCP header in the first fragment, one in pieces, one octet at the end.
  static let cuts = [[64], [40, 48], [8], [8, 16, 24], [24, 72, 88]]

  @Test("a datagram is one segment at the last of its fragments, in whatever order they come")
  func orders() throws {
    for packet in Self.packets {
      for cuts in Self.cuts {
        let pieces = fragments(of: packet.octets, at: cuts, unfragmented: packet.unfragmented)
        for order in pieces.permutations {
          var reassembly = Reassembly()
          let decoded = reassembly.take(all: order)
          #expect(decoded == decode(packet.octets), "\(packet.name), \(cuts)")
          #expect(reassembly.isEmpty && reassembly.framesOfAll == 0 && reassembly.overlaps == 0)
        }
      }
    }
    #expect(try segment(Self.packets[0].octets).payloadLength == 60)
  }

  @Test("what is captured of the fragments need not be all of them")
  func cutByTheCapture() throws {
    let packet = ipv4(tcp(flags: .fin, payload: 3000))
    let pieces = fragments(of: packet, at: [1480, 2960])
    var reassembly = Reassembly()
    #expect(reassembly.take(Array(pieces[0].prefix(36)), originalLength: 1500).fragment != nil)
    #expect(reassembly.take(Array(pieces[1].prefix(20)), originalLength: 1500).fragment != nil)
    let decoded = reassembly.take(Array(pieces[2].prefix(20)), originalLength: 80)
    #expect(decoded == decode(packet))
    guard case .segment(let segment) = decoded else { return }
    #expect(segment.payloadLength == 3000 && segment.flags == .fin)
    // One octet less of the first, and the header is cut.
    var other = Reassembly()
    _ = other.take(Array(pieces[0].prefix(35)), originalLength: 1500)
    _ = other.take(pieces[1])
    #expect(other.take(pieces[2]) == .undecoded(.truncated))
    #expect(other.frames(.truncated) == 2)
  }

  @Test("padding of a short frame is none of the fragment")
  func padding() {
    let pieces = fragments(of: ipv4(tcp(payload: 10)), at: [24])
    var reassembly = Reassembly()
    _ = reassembly.take(ethernet(pieces[1]) + [UInt8](repeating: 9, count: 30), linkType: 1)
    #expect(reassembly.take(ethernet(pieces[0]), linkType: 1) == decode(ipv4(tcp(payload: 10))))
  }

  @Test("octets behind a multiple of eight are none of a fragment that is not the last")
  func unevenLength() {
    var pieces = fragments(of: ipv4(tcp(payload: 28)), at: [32])
    pieces[0] = ipv4(Array(tcp(payload: 28).prefix(32)) + [9, 9, 9], fragment: 0x2000)
    var reassembly = Reassembly()
    #expect(reassembly.take(all: pieces) == decode(ipv4(tcp(payload: 28))))
    #expect(reassembly.overlaps == 0)
  }

  @Test("fragments inside a tunnel", arguments: TunnelTests.inIP + TunnelTests.inGRE)
  func insideTunnel(tunnel: Wrapping) {
    for packet in [ipv4(Self.body), ipv6(Self.body)] {
      var reassembly = Reassembly()
      let pieces = fragments(of: packet, at: [8, 40]).map { tunnel($0) }
      #expect(reassembly.take(all: pieces, linkType: tunnel.linkType) == decode(packet))
    }
  }

  @Test(
    "fragments of a tunnel's packets",
    arguments: (TunnelTests.inIP + TunnelTests.inGRE + NestingTests.tunnels).filter {
      $0.linkType == 101
    })
  func aroundTunnel(tunnel: Wrapping) {
    for packet in [ipv4(Self.body), ipv6(Self.body)] {
      for cuts in [[8], [16, 48], [80]] {
        var reassembly = Reassembly()
        #expect(reassembly.take(all: fragments(of: tunnel(packet), at: cuts)) == decode(packet))
      }
    }
  }

  @Test("fragments of what is a fragment, up to eight of them", arguments: 1...11)
  func nested(depth: Int) {
    let packet = ipv4(tcp(payload: 400), identification: 1)
    var frames = fragments(of: packet, at: [24], identification: 1)
    for level in 1..<depth {
      let tunnel = ipv4(frames.removeLast(), protocol: 4)
      frames += fragments(of: tunnel, at: [24], identification: UInt16(level + 1))
    }
    var reassembly = Reassembly()
    let decoded = reassembly.take(all: frames)
    #expect(decoded == (depth <= 8 ? decode(packet) : .undecoded(.nestedTooDeep)))
    #expect(frames.count == depth + 1)
    if depth > 8 {
      let counted = reassembly.frames(.nestedTooDeep) + reassembly.frames(.missingFragment)
      #expect(counted == depth, "each frame has a reason, and the last told it itself")
    }
  }

  @Test("of a complete datagram the frames of its earlier fragments are known, in tunnels too")
  func earlierFrames() {
    // Of two packets of a tunnel the second comes whole before the first.
    let inner = fragments(of: ipv4(Self.body), at: [24])
    let outer = inner.enumerated().map { number, piece in
      fragments(
        of: ipv4(piece, protocol: 4), at: [16], identification: UInt16(number + 2))
    }
    var reassembly = Reassembly()
    let frames = [outer[0][1], outer[1][0], outer[1][1], ipv4(Self.body), outer[0][0]]
    for (number, frame) in zip([3, 5, 8, 9], frames) {
      let isFragment = reassembly.take(frame, number: number).fragment != nil
      #expect(isFragment == (number != 9))
      #expect(reassembly.earlierFrames == [])
    }
    #expect(reassembly.take(frames[4], number: 11) == decode(ipv4(Self.body)))
    #expect(reassembly.earlierFrames == [5, 8, 3])
    _ = reassembly.take(ipv4(Self.body), number: 12)
    #expect(reassembly.earlierFrames == [])
  }

  @Test("the frames of repeats, and of what is no segment")
  func otherEarlierFrames() {
    let pieces = fragments(of: ipv4(Self.body), at: [24, 48])
    var reassembly = Reassembly()
    for (number, place) in [0, 0, 1, 0, 1].enumerated() {
      _ = reassembly.take(pieces[place], number: number)
      #expect(reassembly.earlierFrames == [])
    }
    _ = reassembly.take(pieces[2], number: 5)
    #expect(reassembly.earlierFrames == [0, 2])
    _ = reassembly.take(pieces[2], number: 6)
    #expect(reassembly.earlierFrames == [])
    let other = ipv4(udp([UInt8](repeating: 0, count: 40), to: 53), protocol: 17)
    for (number, piece) in fragments(of: other, at: [16]).enumerated() {
      _ = reassembly.take(piece, number: 7 + number)
    }
    #expect(reassembly.earlierFrames == [7])
  }

  @Test("fragments in VLANs and tunnels of different numbers are of different datagrams")
  func enclosures() {
    let pieces = fragments(of: ipv4(Self.body), at: [24])
    let vlans = [5, 6].map { number in
      pieces.map { [0, UInt8(number), 8, 0] + $0 }.map { ethernet($0, type: 0x8100) }
    }
    let networks = [5, 6].map { number in
      pieces.map { piece in
        ethernet(
          ipv4(
            udp([8, 0, 0, 0, 0, 0, UInt8(number), 0] + innerEthernet(piece), to: 4789),
            protocol: 17))
      }
    }
    for ways in [vlans, networks] {
      var reassembly = Reassembly()
      #expect(reassembly.take(ways[0][0], linkType: 1).fragment != nil)
      #expect(reassembly.take(ways[1][1], linkType: 1).fragment != nil)
      #expect(reassembly.take(ways[0][1], linkType: 1) == decode(ipv4(Self.body)))
      #expect(reassembly.take(ways[1][0], linkType: 1) == decode(ipv4(Self.body)))
    }
  }

  @Test("fragments of what is no segment are counted for what it is")
  func other() {
    var reassembly = Reassembly()
    let packet = ipv4(udp([UInt8](repeating: 0, count: 40), to: 53), protocol: 17)
    #expect(reassembly.take(all: fragments(of: packet, at: [16, 32])) == .undecoded(.notTCP))
    #expect(reassembly.frames(.notTCP) == 2)
    // All of it is less than a header.
    let short = ipv4(Array(tcp().prefix(15)))
    #expect(reassembly.take(all: fragments(of: short, at: [8])) == .undecoded(.invalidHeader))
    #expect(reassembly.frames(.invalidHeader) == 1 && reassembly.framesOfAll == 3)
  }
}
