import PacketDecoding
import Testing

@Suite("Tags of bridges and switches")
struct BridgeTagTests {
  /// A frame of `type`, then `tag`, then the packet behind its own type.
  static func tagged(_ name: String, _ type: UInt16, _ tag: [UInt8]) -> Wrapping {
    Wrapping(name) { ethernet(tag + etherType(of: $0) + $0, type: type) }
  }

  /// The same with a whole frame behind the tag.
  static func framed(_ name: String, _ type: UInt16, _ tag: [UInt8]) -> Wrapping {
    Wrapping(name) { ethernet(tag + innerEthernet($0), type: type) }
  }

  static let channel: [UInt8] = [1, 2, 3, 4, 5, 6, 0, 1]
  static let snap: [UInt8] = [0xAA, 0xAA, 3]

  static let wrappings: [Wrapping] = [
    tagged("VN-Tag", 0x8926, [0, 1, 0, 2]),
    tagged("E-Tag", 0x893F, [0, 1, 0, 2, 0, 0]),
    tagged("HSR", 0x892F, [0x10, 0x54, 0, 9]),
    tagged("802.1CB", 0xF1C1, [0, 0, 0, 9]),
    tagged("Cisco metadata", 0x8909, [1, 1, 0, 1, 0, 17]),
    framed("provider backbone", 0x88E7, [0, 0, 0x12, 0x34]),
    Wrapping("provider backbone, both tagged") {
      ethernet(
        [0, 0, 0x12, 0x34] + ethernet($0, type: $0.first == 0x60 ? 0x86DD : 0x0800, tags: [0x8100]),
        type: 0x88E7, tags: [0x88A8])
    },
    framed("FabricPath", 0x8903, [0x04, 0x3F]),
    framed("TRILL", 0x22F3, [0x00, 0x3F, 0, 1, 0, 2]),
    framed("TRILL with two words of options", 0x22F3, [0x00, 0xBF, 0, 1, 0, 2] + channel),
    tagged("MACsec, authenticated only", 0x88E5, [0, 0, 0, 0, 0, 1]),
    tagged("MACsec with a channel", 0x88E5, [0x20, 0, 0, 0, 0, 1] + channel),
    Wrapping("service header, IP") {
      ethernet(
        [0, 6, 1, $0.first == 0x60 ? 2 : 1] + [UInt8](repeating: 0, count: 20) + $0,
        type: 0x894F)
    },
    framed("service header, Ethernet", 0x894F, [0, 2, 2, 3, 0, 0, 1, 255]),
    framed(
      "service header, one in another", 0x894F,
      [0, 2, 2, 4, 0, 0, 1, 255]
        + [0, 2, 2, 3, 0, 0, 1, 255]),
    Wrapping("service header, MPLS") {
      ethernet([0, 2, 2, 5, 0, 0, 1, 255] + MPLSTests.labels(1) + $0, type: 0x894F)
    },
    framed("Ethernet", 0x6558, []),
    Wrapping("jumbo LLC") { ethernet(snap + [0, 0, 0] + etherType(of: $0) + $0, type: 0x8870) },
    Wrapping("SNAP of a translating bridge") {
      ethernet(snap + [0, 0, 0xF8] + etherType(of: $0) + $0, type: 100)
    },
    Wrapping("SNAP, bridged Ethernet") {
      ethernet(snap + [0, 0x80, 0xC2, 0, 7, 0, 0] + innerEthernet($0), type: 100)
    },
    Wrapping("ISL") {
      let addresses: [UInt8] = [1, 0, 0x0C, 0, 0, 0, 2, 2, 2, 2, 2, 2]
      return addresses + [0, 90] + snap + [0, 0, 0x0C, 0, 10, 0, 1, 0, 0] + innerEthernet($0)
    },
    Wrapping("SNAP, tagged") {
      ethernet(snap + [0, 0, 0, 0x81, 0, 0, 5] + etherType(of: $0) + $0, type: 100)
    },
    Wrapping("LLC, IP's own point") { ethernet([6, 6, 3] + $0, type: 100) },
    Wrapping("LLC, IP's own point, an answer") { ethernet([6, 7, 3] + $0, type: 100) },
    Wrapping("LLC, IP's own point, numbered") { ethernet([6, 6, 0, 0] + $0, type: 100) },
    Wrapping("LLC, network layer protocol") { ethernet([0xFE, 0xFE, 3, 0xCC] + $0, type: 100) },
  ]

  @Test("IP is found behind tags", arguments: wrappings)
  func read(wrapping: Wrapping) throws {
    for packet in Wrapping.packets { try wrapping.check(packet) }
  }

  @Test("changed octets never trap", arguments: wrappings)
  func mutated(wrapping: Wrapping) { wrapping.mutate() }

  static let others: [(type: UInt16, content: [UInt8], reason: Undecoded)] = [
    (0x88E5, [0x0C, 0, 0, 0, 0, 1, 8, 0] + ipv4(tcp()), .encrypted),
    (0x88E5, [0x24, 0, 0, 0, 0, 1, 8, 0] + ipv4(tcp()), .encrypted),
    (0x894F, [0, 1, 2, 3, 0, 0, 1, 255], .invalidHeader),
    (0x894F, [0, 2, 2, 9, 0, 0, 1, 255], .notIP),
    (0x8926, [0, 1, 0, 2, 8, 6], .notIP),
    // Cisco's number of discovery, not to a receiver of ISL.
    (100, [0xAA, 0xAA, 3, 0, 0, 0x0C, 0x20, 0, 0, 0, 0, 0] + innerEthernet(ipv4(tcp())), .notIP),
    (100, [6, 6, 0x13] + ipv4(tcp()), .notIP),
    (100, [0xFE, 0xFE, 3, 0x83] + ipv4(tcp()), .notIP),
    (100, [0xAA, 0xAA, 3, 0, 0, 0, 0, 100] + ipv4(tcp()), .notIP),
  ]

  @Test("other frames say what they are", arguments: others)
  func other(type: UInt16, content: [UInt8], reason: Undecoded) {
    #expect(decode(ethernet(content, type: type), linkType: 1) == .undecoded(reason))
  }
}
