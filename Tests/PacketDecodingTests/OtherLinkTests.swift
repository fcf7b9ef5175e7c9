import PacketDecoding
import Testing

@Suite("Rarer link layers")
struct OtherLinkTests {
  static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  static let snap: [UInt8] = [0xAA, 0xAA, 3, 0, 0, 0]
  static let address: [UInt8] = [2, 2, 2, 2, 2, 2]

  /// A netfilter log's item in the order of `number`.
  static func item(_ type: UInt16, _ value: [UInt8], _ number: (UInt16) -> [UInt8]) -> [UInt8] {
    number(UInt16(4 + value.count)) + number(type) + value + zeros(-value.count & 3)
  }

  static func log(_ packet: [UInt8], _ number: (UInt16) -> [UInt8]) -> [UInt8] {
    let family: UInt8 = packet.first == 0x60 ? 10 : 2
    return [family, 0, 0, 5] + item(1, [8, 0, 1, 0], number) + item(10, Array("in\0".utf8), number)
      + item(5, zeros(4), number) + item(12, zeros(300), number) + item(9, packet, number)
  }

  static func cooked(_ hardware: UInt16, _ type: UInt16) -> [UInt8] {
    [0, 0] + octets(hardware) + [0, 6] + address + [0, 0] + octets(type)
  }

  static func cooked2(_ hardware: UInt16, _ type: UInt16) -> [UInt8] {
    octets(type) + [0, 0, 0, 0, 0, 3] + octets(hardware) + [0, 6] + address + [0, 0]
  }

  static let juniper: [UInt8] = [0x4D, 0x47, 0x43]

  static let wrappings: [Wrapping] = [
    Wrapping("netfilter log, little-endian", linkType: 239) { log($0) { littleEndian($0) } },
    Wrapping("netfilter log, big-endian", linkType: 239) { log($0) { octets($0) } },
    Wrapping("Frame Relay", linkType: 107) {
      [0x18, 0x41, 3, $0.first == 0x60 ? 0x8E : 0xCC] + $0
    },
    Wrapping("Frame Relay, four octets of address", linkType: 107) {
      [0x18, 0x40, 0x40, 0x03, 3, 0xCC] + $0
    },
    Wrapping("Frame Relay, SNAP", linkType: 107) {
      [0x18, 0x41, 3, 0, 0x80, 0, 0, 0] + etherType(of: $0) + $0
    },
    Wrapping("Frame Relay, bridged Ethernet", linkType: 107) {
      [0x18, 0x41, 3, 0, 0x80, 0, 0x80, 0xC2, 0, 7] + innerEthernet($0)
    },
    Wrapping("Frame Relay, PPP", linkType: 107) {
      [0x18, 0x41, 3, 0xCF] + MPLSTests.pppNumber(of: $0) + $0
    },
    Wrapping("Frame Relay, Cisco's", linkType: 107) { [0x18, 0x41] + etherType(of: $0) + $0 },
    Wrapping("Frame Relay with a direction", linkType: 206) { [1, 0x18, 0x41, 3, 0xCC] + $0 },
    Wrapping("Cisco HDLC with a direction", linkType: 205) {
      [1, 0x0F, 0] + etherType(of: $0) + $0
    },
    Wrapping("Solaris's IP device", linkType: 226) {
      [1, $0.first == 0x60 ? 26 : 2] + zeros(22) + $0
    },
    Wrapping("cable modem", linkType: 143) { [0, 0, 0, 60, 1, 2] + innerEthernet($0) },
    Wrapping("cable modem, extended", linkType: 143) {
      [1, 3, 0, 60, 9, 9, 9, 1, 2] + innerEthernet($0)
    },
    Wrapping("ERF, Ethernet", linkType: 197) {
      zeros(8) + [2, 0, 0, 99, 0, 0, 0, 90, 0, 0] + innerEthernet($0)
    },
    Wrapping("ERF, Ethernet, extended", linkType: 197) {
      zeros(8) + [0x82, 0, 0, 99, 0, 0, 0, 90] + [0x83] + zeros(7) + [3] + zeros(7) + [0, 0]
        + innerEthernet($0)
    },
    Wrapping("ERF, PPP", linkType: 197) {
      zeros(8) + [1, 0, 0, 99, 0, 0, 0, 90, 0xFF, 3] + MPLSTests.pppNumber(of: $0) + $0
    },
    Wrapping("ERF, IP", linkType: 197) {
      zeros(8) + [$0.first == 0x60 ? 23 : 22, 0, 0, 99, 0, 0, 0, 90] + $0
    },
    Wrapping("FDDI", linkType: 10) { [0x50] + address + address + snap + etherType(of: $0) + $0 },
    Wrapping("FDDI, synchronous", linkType: 10) {
      [0xD3] + address + address + snap + etherType(of: $0) + $0
    },
    Wrapping("Token Ring", linkType: 6) {
      [0x10, 0x40] + address + address + snap + etherType(of: $0) + $0
    },
    Wrapping("Token Ring with a route", linkType: 6) {
      [0x10, 0x40] + address + [0x82, 2, 2, 2, 2, 2, 0x06, 0x30, 0, 1, 0, 2] + snap
        + etherType(of: $0) + $0
    },
    Wrapping("ATM", linkType: 100) { snap + etherType(of: $0) + $0 },
    Wrapping("classical IP over ATM, LLC", linkType: 106) { snap + etherType(of: $0) + $0 },
    Wrapping("classical IP over ATM", linkType: 106, header: []),
    Wrapping("InfiniBand", linkType: 242) { zeros(40) + etherType(of: $0) + [0, 0] + $0 },
    Wrapping("Fibre Channel", linkType: 122) { zeros(16) + snap + etherType(of: $0) + $0 },
    Wrapping("IEEE 1394", linkType: 138) { zeros(16) + etherType(of: $0) + $0 },
    Wrapping("Symantec, version 2", linkType: 99) {
      zeros(6) + etherType(of: $0) + zeros(36) + $0
    },
    Wrapping("Symantec, version 3", linkType: 99) {
      zeros(20) + etherType(of: $0) + zeros(34) + $0
    },
    Wrapping("netANALYZER", linkType: 240) { zeros(4) + innerEthernet($0) },
    Wrapping("netANALYZER with a preamble", linkType: 241) { zeros(12) + innerEthernet($0) },
    Wrapping("packet tap", linkType: 258) {
      littleEndian(108 as UInt32) + [1, 0, 0, 0] + littleEndian(1 as UInt32) + zeros(96)
        + innerEthernet($0)
    },
    Wrapping("packet filter's log", linkType: 117) {
      [61, $0.first == 0x60 ? 24 : 2] + zeros(62) + $0
    },
    Wrapping("decrypted IPsec", linkType: 109) {
      littleEndian($0.first == 0x60 ? 24 : 2 as UInt32) + zeros(8) + $0
    },
    Wrapping("ARCnet, Linux, RFC 1201", linkType: 129) {
      [1, 2, 0, 0, $0.first == 0x60 ? 196 : 212, 0, 0, 7] + $0
    },
    Wrapping("ARCnet, Linux, RFC 1051", linkType: 129) { [1, 2, 0, 0, 240] + $0 },
    Wrapping("ARCnet, BSD, RFC 1201", linkType: 7) { [1, 2, 212, 0, 0, 7] + $0 },
    Wrapping("ARCnet, BSD, RFC 1051", linkType: 7) { [1, 2, 240] + $0 },
    Wrapping("ARCnet, an exception packet", linkType: 7) {
      [1, 2, 212, 0xFF, 0xFF, 0xFF, 212, 0, 0, 7] + $0
    },
    Wrapping("Juniper Ethernet", linkType: 178) { juniper + [0x01] + innerEthernet($0) },
    Wrapping("Juniper Ethernet with extensions", linkType: 178) {
      juniper + [0x80, 0, 6, 1, 1, 2, 2, 1, 3] + innerEthernet($0)
    },
    Wrapping("Juniper without a link layer", linkType: 178) {
      juniper + [0x02, $0.first == 0x60 ? 6 : 2, 0, 0, 0] + $0
    },
    Wrapping("Juniper PPP", linkType: 179) {
      juniper + [0x01, 0xFF, 3] + MPLSTests.pppNumber(of: $0) + $0
    },
    Wrapping("Juniper Frame Relay", linkType: 180) { juniper + [0x01, 0x18, 0x41, 3, 0xCC] + $0 },
    Wrapping("Juniper Cisco HDLC", linkType: 181) {
      juniper + [0x01, 0x0F, 0] + etherType(of: $0) + $0
    },
    Wrapping("cooked, radiotap", linkType: 113) {
      cooked(803, 0x19) + WLANTests.radiotap([0], []) + WLANTests.data($0)
    },
    Wrapping("cooked, 802.11", linkType: 113) { cooked(801, 0x19) + WLANTests.data($0) },
    Wrapping("cooked, Prism", linkType: 113) {
      cooked(802, 0x19) + WLANTests.avs + WLANTests.data($0)
    },
    Wrapping("cooked, Frame Relay", linkType: 113) { cooked(770, 0) + [0x18, 0x41, 3, 0xCC] + $0 },
    Wrapping("cooked, GRE", linkType: 113) {
      cooked(778, 0x6558) + innerEthernet($0)
    },
    Wrapping("cooked, a whole frame", linkType: 113) { cooked(1, 3) + innerEthernet($0) },
    Wrapping("cooked, PPP", linkType: 113) {
      cooked(512, 7) + [0xFF, 3] + MPLSTests.pppNumber(of: $0) + $0
    },
    Wrapping("cooked, PPPoE", linkType: 113) { cooked(1, 0x8864) + MPLSTests.pppoe($0) },
    Wrapping("cooked 2, MPLS", linkType: 276) {
      cooked2(1, 0x8847) + MPLSTests.labels(1) + $0
    },
    Wrapping("cooked 2, radiotap", linkType: 276) {
      cooked2(803, 0x19) + WLANTests.radiotap([0], []) + WLANTests.data($0)
    },
  ]

  @Test("IP is found behind rarer link layers", arguments: wrappings)
  func read(wrapping: Wrapping) throws {
    for packet in Wrapping.packets { try wrapping.check(packet) }
  }

  @Test("changed octets never trap", arguments: wrappings)
  func mutated(wrapping: Wrapping) { wrapping.mutate() }

  static let others: [(linkType: UInt16, frame: [UInt8], reason: Undecoded)] = [
    (239, [3, 0, 0, 5] + zeros(8), .notIP), (239, [2, 1, 0, 5] + zeros(8), .notIP),
    (239, [2, 0, 0, 5, 3, 0, 1, 0], .invalidHeader),
    (107, [0x18, 0x40, 0x40, 0x40, 0x41, 3, 0xCC], .notIP), (107, [0x19, 3, 0xCC], .notIP),
    (107, [0x18, 0x41, 3, 0x09, 0, 0], .notIP),
    (10, [0xC0] + zeros(40), .notIP), (6, [0x10, 0x00] + zeros(40), .notIP),
    (6, [0x10, 0x40] + address + [0x82, 2, 2, 2, 2, 2, 0x01, 0x30], .invalidHeader),
    (242, zeros(40) + [8, 6, 0, 0], .notIP),
    (258, littleEndian(11 as UInt32) + zeros(12), .invalidHeader),
    (258, littleEndian(12 as UInt32) + zeros(8) + innerEthernet(ipv4(tcp())), .notIP),
    (117, [61, 18] + zeros(62), .notIP), (117, [1, 2] + zeros(62), .invalidHeader),
    (143, [0xC2, 0, 0, 60, 1, 2] + innerEthernet(ipv4(tcp())), .notIP),
    (197, zeros(8) + [3, 0, 0, 99, 0, 0, 0, 90] + ipv4(tcp()), .notIP),
    (178, [0x4D, 0x47, 0x42, 0] + innerEthernet(ipv4(tcp())), .invalidHeader),
    (178, juniper + [0x02, 10, 0, 0, 0], .notIP),
    (7, [1, 2, 213, 0, 0, 7], .notIP),
    // Fragments of ARCnet: the first, and another.
    (7, [1, 2, 212, 3, 0, 7] + ipv4(tcp()), .unsupportedEncapsulation),
    (113, cooked(1, 1) + ipv4(tcp()), .notIP),
  ]

  @Test("other frames say what they are", arguments: others)
  func other(linkType: UInt16, frame: [UInt8], reason: Undecoded) {
    #expect(decode(frame, linkType: linkType) == .undecoded(reason))
  }
}
