import PacketDecoding
import Testing

@Suite("Tunnels")
struct TunnelTests {
  static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  static func inUDP(
    _ name: String, _ port: UInt16, _ content: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) -> [Wrapping] {
    [
      Wrapping("\(name), \(port), IPv4", linkType: 101) {
        ipv4(udp(content($0), to: port), protocol: 17)
      },
      Wrapping("\(name), \(port), IPv6, answered") {
        ethernet(ipv6(udp(content($0), to: 50000, from: port), next: 17), type: 0x86DD)
      },
    ]
  }

  static func gre(_ name: String, _ header: [UInt8]) -> Wrapping {
    Wrapping("GRE, \(name)", linkType: 101) {
      ipv4(header.prefix(2) + etherType(of: $0) + header.dropFirst(2) + $0, protocol: 47)
    }
  }

  static func gre(
    _ name: String, type: UInt16, flags: UInt16 = 0,
    _ content: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) -> Wrapping {
    Wrapping("GRE, \(name)", linkType: 101) {
      ipv4(octets(flags) + octets(type) + content($0), protocol: 47)
    }
  }

  /// The number by which next-protocol octets of 1 and 2 tell IPv4 from IPv6.
  static func version(_ packet: [UInt8]) -> UInt8 { packet.first == 0x60 ? 2 : 1 }

  static let inIP: [Wrapping] = [
    Wrapping("IP in IPv4", linkType: 101) { ipv4($0, protocol: $0.first == 0x60 ? 41 : 4) },
    Wrapping("IP in IPv6", linkType: 101) { ipv6($0, next: $0.first == 0x60 ? 41 : 4) },
    Wrapping("IP in IPv6 with a limit of encapsulations", linkType: 101) {
      ipv6(
        extensionHeader(next: $0.first == 0x60 ? 41 : 4, content: [4, 1, 4, 1, 0]) + $0, next: 60)
    },
    Wrapping("IP in IP in IP", linkType: 101) {
      ipv4(ipv6(ipv4($0, protocol: 4), next: 4), protocol: 41)
    },
    Wrapping("Ethernet in IPv4", linkType: 101) {
      ipv4([0x30, 0] + innerEthernet($0), protocol: 97)
    },
    Wrapping("Ethernet in IPv6", linkType: 101) { ipv6(innerEthernet($0), next: 143) },
    Wrapping("MPLS in IPv4", linkType: 101) { ipv4(MPLSTests.labels(2) + $0, protocol: 137) },
    Wrapping("padding behind") { ethernet(ipv4($0, protocol: 4)) + zeros(60) },
  ]

  static let inGRE: [Wrapping] = [
    gre("bare", [0, 0]),
    gre("checksum", [0x80, 0] + zeros(4)),
    gre("key", [0x20, 0] + zeros(4)),
    gre("sequence", [0x10, 0] + zeros(4)),
    gre("all three", [0xB0, 0] + zeros(12)),
    gre("a source route", [0x40, 0] + zeros(4) + [8, 0, 0, 8] + zeros(8) + zeros(4)),
    gre("PPTP", type: 0x880B, flags: 0x3001) {
      octets(UInt16($0.count + 2)) + [0, 9, 0, 0, 0, 1] + MPLSTests.pppNumber(of: $0) + $0
    },
    gre("PPTP with an acknowledgment", type: 0x880B, flags: 0x3081) {
      octets(UInt16($0.count + 4)) + [0, 9, 0, 0, 0, 1, 0, 0, 0, 1, 0xFF, 3]
        + MPLSTests.pppNumber(of: $0) + $0
    },
    gre("Ethernet", type: 0x6558, flags: 0x2000) { [0, 0x12, 0x34, 0] + innerEthernet($0) },
    gre("Ethernet's other number", type: 0x6400) { innerEthernet($0) },
    gre("MPLS", type: 0x8847) { MPLSTests.labels(1) + $0 },
    gre("Frame Relay", type: 0x6559) { [0x18, 0x41, 3, 0xCC] + $0 },
    gre("WCCP", type: 0x883E) { [0, 1, 2, 3] + $0 },
    gre("Aruba's radios", type: 0x8210) { WLANTests.data($0) },
    gre("ERSPAN I", type: 0x88BE) { innerEthernet($0) },
    gre("ERSPAN II", type: 0x88BE, flags: 0x1000) {
      zeros(4) + [0x10, 5, 0, 1, 0, 0, 0, 7] + innerEthernet($0)
    },
    gre("ERSPAN III", type: 0x22EB, flags: 0x1000) {
      zeros(4) + [0x20, 5, 0, 1] + zeros(8) + innerEthernet($0)
    },
    gre("ERSPAN III with a subheader", type: 0x22EB, flags: 0x1000) {
      zeros(4) + [0x20, 5, 0, 1] + zeros(7) + [1] + zeros(8) + innerEthernet($0)
    },
    gre("ERSPAN III, IP", type: 0x22EB, flags: 0x1000) {
      zeros(4) + [0x20, 5, 0, 1] + zeros(6) + [0x08, 0] + $0
    },
    gre("ERSPAN III by the number of II", type: 0x88BE, flags: 0x1000) {
      zeros(4) + [0x20, 5, 0, 1] + zeros(8) + innerEthernet($0)
    },
    gre("GRE in GRE", type: 0x0800) {
      ipv4([0, 0] + etherType(of: $0) + $0, protocol: 47)
    },
  ]

  static let inUDP: [Wrapping] =
    inUDP("VXLAN", 4789) { [8, 0, 0, 0, 0, 0, 7, 0] + innerEthernet($0) }
    + inUDP("VXLAN", 8472) { [8, 0, 0, 0, 0, 0, 7, 0] + innerEthernet($0) }
    + inUDP("VXLAN with a group policy", 4789) {
      [0x88, 0, 0, 5, 0, 0, 7, 0] + innerEthernet($0)
    }
    + inUDP("generic VXLAN, IP", 4790) { [0x0C, 0, 0, version($0), 0, 0, 7, 0] + $0 }
    + inUDP("generic VXLAN, Ethernet", 4790) { [0x0C, 0, 0, 3, 0, 0, 7, 0] + innerEthernet($0) }
    + inUDP("generic VXLAN without a protocol", 4790) {
      [0x08, 0, 0, 0, 0, 0, 7, 0] + innerEthernet($0)
    }
    + inUDP("generic VXLAN, service header", 4790) {
      [0x0C, 0, 0, 4, 0, 0, 7, 0] + [0, 2, 2, 3, 0, 0, 1, 255] + innerEthernet($0)
    }
    + inUDP("Geneve", 6081) { [0, 0, 0x65, 0x58, 0, 0, 7, 0] + innerEthernet($0) }
    + inUDP("Geneve, IP, options", 6081) {
      [2, 0x40] + etherType(of: $0) + [0, 0, 7, 0] + [0, 0, 1, 1, 9, 9, 9, 9] + $0
    }
    + inUDP("GTP", 2152) { [0x30, 255] + octets(UInt16($0.count)) + [0, 0, 0, 1] + $0 }
    + inUDP("GTP, a sequence number", 2152) {
      [0x32, 255] + octets(UInt16($0.count + 4)) + [0, 0, 0, 1, 0, 5, 0, 0] + $0
    }
    + inUDP("GTP, two extensions", 2152) {
      [0x34, 255] + octets(UInt16($0.count + 16)) + [0, 0, 0, 1, 0, 0, 0, 0x85]
        + [1, 0x10, 9, 0xC0] + [2, 0, 0, 0, 0, 0, 0, 0] + $0
    }
    + inUDP("GTP, PPP", 2152) {
      [0x30, 255] + octets(UInt16($0.count + 4)) + [0, 0, 0, 1, 0xFF, 3]
        + MPLSTests.pppNumber(of: $0) + $0
    }
    + inUDP("GTP, version 0", 3386) { [0x1E, 255] + octets(UInt16($0.count)) + zeros(16) + $0 }
    + inUDP("L2TP", 1701) { [0, 2, 0, 1, 0, 2, 0xFF, 3] + MPLSTests.pppNumber(of: $0) + $0 }
    + inUDP("L2TP with a length, sequence and offset", 1701) {
      [0x4A, 2] + octets(UInt16($0.count + 20)) + [0, 1, 0, 2, 0, 0, 0, 0, 0, 4] + zeros(4)
        + MPLSTests.pppNumber(of: $0) + $0
    }
    + inUDP("LISP", 4341) { [0x80, 0, 0, 1, 0, 0, 0, 0] + $0 }
    + inUDP("GRE", 4754) { [0, 0] + etherType(of: $0) + $0 }
    + inUDP("MPLS", 6635) { MPLSTests.labels(1) + $0 }
    + inUDP("AYIYA", 5072) {
      [0x42, 0x52, 0x11, $0.first == 0x60 ? 41 : 4] + zeros(4) + zeros(16) + zeros(20) + $0
    }
    + inUDP("TZSP", 37008) { [1, 0, 0, 1, 0, 10, 1, 5, 1] + innerEthernet($0) }
    + inUDP("TZSP, 802.11", 37008) { [1, 1, 0, 18, 1] + WLANTests.data($0) }

  @Test("IP is found in IP", arguments: inIP)
  func readInIP(wrapping: Wrapping) throws {
    for packet in Wrapping.packets { try wrapping.check(packet) }
  }

  @Test("IP is found in GRE, and in what it carries", arguments: inGRE)
  func readInGRE(wrapping: Wrapping) throws {
    for packet in Wrapping.packets where !wrapping.testDescription.hasSuffix("WCCP") {
      try wrapping.check(packet)
    }
    try wrapping.check(Wrapping.packets[0])
  }

  @Test("IP is found in UDP, by either port", arguments: inUDP)
  func readInUDP(wrapping: Wrapping) throws {
    for packet in Wrapping.packets { try wrapping.check(packet) }
  }

  static let teredo: [Wrapping] =
    inUDP("Teredo", 3544) { $0 }
    + inUDP("Teredo with an origin", 3544) { zeros(8) + $0 }
    + inUDP("Teredo with authentication and an origin", 3544) {
      [0, 1, 2, 3] + zeros(5) + zeros(9) + zeros(8) + $0
    }

  @Test("IPv6 is found in Teredo", arguments: teredo)
  func readInTeredo(wrapping: Wrapping) throws {
    try wrapping.check(Wrapping.packets[1])
    #expect(decode(wrapping(ipv4(tcp())), linkType: wrapping.linkType) == .undecoded(.notTCP))
  }

  @Test("changed octets never trap", arguments: inIP + inGRE + inUDP + teredo)
  func mutated(wrapping: Wrapping) { wrapping.mutate() }
}
