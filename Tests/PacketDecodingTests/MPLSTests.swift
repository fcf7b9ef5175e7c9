import PacketDecoding
import Testing

@Suite("MPLS and PPPoE")
struct MPLSTests {
  /// A stack of labels, the last at the bottom.
  static func labels(_ count: Int) -> [UInt8] {
    (1...count).flatMap { octets(UInt32($0 + 16) << 12 | ($0 == count ? 0x100 : 0) | 64) }
  }

  static func pppNumber(of packet: [UInt8]) -> [UInt8] {
    etherType(of: packet) == [8, 0] ? [0x00, 0x21] : [0x00, 0x57]
  }

  /// A session's frame (RFC 2516 §4).
  static func pppoe(_ packet: [UInt8], code: UInt8 = 0, version: UInt8 = 0x11) -> [UInt8] {
    [version, code, 0, 7] + octets(UInt16(packet.count + 2)) + pppNumber(of: packet) + packet
  }

  /// An Ethernet frame whose addresses begin with `octet`.
  static func frame(_ octet: UInt8, _ packet: [UInt8], tags: [UInt8] = []) -> [UInt8] {
    [octet] + innerEthernet([]).dropFirst().prefix(11) + tags + etherType(of: packet) + packet
  }

  static let wrappings: [Wrapping] = [
    Wrapping("one label") { ethernet(labels(1) + $0, type: 0x8847) },
    Wrapping("five labels, tagged") { ethernet(labels(5) + $0, type: 0x8848, tags: [0x8100]) },
    Wrapping("in PPP", linkType: 9) { [0xFF, 3, 0x02, 0x81] + labels(2) + $0 },
    Wrapping("in Cisco HDLC", linkType: 104) { [0x0F, 0, 0x88, 0x47] + labels(2) + $0 },
    Wrapping("as a link type", linkType: 219) { labels(2) + $0 },
    Wrapping("a pseudowire with a control word") {
      ethernet(labels(1) + [0, 0, 0, 9] + innerEthernet($0), type: 0x8847)
    },
    Wrapping("a pseudowire with flags in its control word") {
      ethernet(labels(1) + [0x04, 0, 0, 9] + innerEthernet($0), type: 0x8847)
    },
    Wrapping("a pseudowire without a control word") {
      ethernet(labels(1) + innerEthernet($0), type: 0x8847)
    },
    Wrapping("a pseudowire of tagged frames") {
      ethernet(labels(1) + [0, 0, 0, 0] + frame(2, $0, tags: [0x81, 0, 0, 5]), type: 0x8847)
    },
    Wrapping("a pseudowire, an address that looks like a control message") {
      ethernet(labels(1) + frame(0x18, $0), type: 0x8847)
    },
    Wrapping("a pseudowire, an address that looks like nothing") {
      ethernet(labels(1) + frame(0xF2, $0), type: 0x8847)
    },
    Wrapping("a pseudowire, an address that looks like IPv4") {
      ethernet(labels(1) + frame(0x44, $0), type: 0x8847)
    },
    Wrapping("a pseudowire, an address that looks like IPv4 with options") {
      ethernet(labels(1) + frame(0x46, $0), type: 0x8847)
    },
    Wrapping("a pseudowire, an address that looks like IPv6") {
      ethernet(labels(1) + frame(0x68, $0), type: 0x8847)
    },
    Wrapping("PPPoE") { ethernet(pppoe($0), type: 0x8864) },
    Wrapping("PPPoE, two tags") { ethernet(pppoe($0), type: 0x8864, tags: [0x88A8, 0x8100]) },
    Wrapping("PPPoE as a link type", linkType: 51) { pppoe($0) },
    Wrapping("Ethernet in PPP", linkType: 9) { [0xFF, 3, 0, 0x31, 0, 1] + innerEthernet($0) },
    Wrapping("multilink PPP", linkType: 9) {
      [0xFF, 3, 0, 0x3D, 0xC0, 0, 0, 7] + pppNumber(of: $0) + $0
    },
    Wrapping("PPP as its daemon writes it", linkType: 166) { [1, 3] + pppNumber(of: $0) + $0 },
  ]

  @Test("IP is found behind labels and sessions", arguments: wrappings)
  func read(wrapping: Wrapping) throws {
    for packet in Wrapping.packets { try wrapping.check(packet) }
  }

  @Test("changed octets never trap", arguments: wrappings)
  func mutated(wrapping: Wrapping) { wrapping.mutate() }

  @Test("an IPv4 packet from an address that looks like a frame's type is no frame")
  func addressLikeType() throws {
    var packet = ipv4(tcp())
    packet.replaceSubrange(12..<14, with: [0x81, 0x00])
    let sum = stride(from: 0, to: 20, by: 2).reduce(0) {
      $0 + Int(packet[$1]) << 8 + Int(packet[$1 + 1])
    }
    packet.replaceSubrange(10..<12, with: octets(~UInt16(sum % 0xFFFF)))
    let segment = try segment(ethernet(Self.labels(1) + packet, type: 0x8847), linkType: 1)
    #expect(segment.source.address == .v4(0x8100_0201))
  }

  static let others: [(frame: [UInt8], reason: Undecoded)] = [
    (ethernet(labels(1) + [0x10, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], type: 0x8847), .notIP),
    (
      ethernet(
        labels(1) + [0, 0, 0, 0] + innerEthernet([]).dropLast(2) + [8, 6, 0, 0], type: 0x8847),
      .notIP
    ),
    (ethernet(pppoe(ipv4(tcp()), code: 0xA7), type: 0x8864), .notIP),
    (ethernet(pppoe(ipv4(tcp()), version: 0x21), type: 0x8864), .notIP),
    (ethernet([0x11, 0, 0, 7, 0, 10, 0xC0, 0x21] + [1, 1, 0, 8], type: 0x8864), .notIP),
    (ethernet([0x11, 0, 0, 7, 0, 10, 0x00, 0xFD, 1, 1, 0, 8], type: 0x8864), .encrypted),
    (ethernet([0x11, 0, 0, 7, 0, 10, 0x00, 0x53, 1, 1, 0, 8], type: 0x8864), .encrypted),
    (
      ethernet([0x11, 0, 0, 7, 0, 10, 0x00, 0x3D, 0x80, 0, 0, 7], type: 0x8864),
      .unsupportedEncapsulation
    ),
    (ethernet([0x11, 0, 0, 7, 0, 10, 0x00, 0x31, 0x10, 1, 0, 0], type: 0x8864), .notIP),
    (ethernet([0x11, 0, 0, 7, 0, 10, 0x00, 0x31, 0, 4, 0, 0], type: 0x8864), .notIP),
  ]

  @Test("other frames say what they are", arguments: others)
  func other(frame: [UInt8], reason: Undecoded) {
    #expect(decode(frame, linkType: 1) == .undecoded(reason))
  }

  @Test("labels without a bottom end")
  func bottomless() {
    let frame = ethernet([UInt8](repeating: 0, count: 60_000), type: 0x8847)
    #expect(decode(frame, linkType: 1) == .undecoded(.truncated))
  }
}
