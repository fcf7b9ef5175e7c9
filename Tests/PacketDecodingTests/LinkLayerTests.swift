import PacketDecoding
import Testing

@Suite("Link layers")
struct LinkLayerTests {
  struct Link: CustomTestStringConvertible {
    var testDescription: String
    let linkType: UInt16
    let header: [UInt8]

    init(_ name: String, _ linkType: UInt16, _ header: [UInt8]) {
      self.testDescription = name
      self.linkType = linkType
      self.header = header
    }
  }

  static let cooked1: [UInt8] = [0, 4, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0]
  static let cooked2: [UInt8] = [0, 0, 0, 0, 0, 2, 0, 1, 4, 6, 2, 2, 2, 2, 2, 2, 0, 0]
  static let snap: [UInt8] = [0xAA, 0xAA, 3, 0, 0, 0]

  static let ipv4Links: [Link] =
    [
      Link("Ethernet", 1, ethernet([])),
      Link("Ethernet, 802.3 with SNAP", 1, ethernet(snap + [8, 0], type: 48)),
      Link(
        "Ethernet, tagged, 802.3 with SNAP", 1, ethernet(snap + [8, 0], type: 48, tags: [0x8100])),
      Link("cooked", 113, cooked1 + [8, 0]),
      Link("cooked, tagged", 113, cooked1 + [0x81, 0, 0, 5, 8, 0]),
      Link("cooked, 802.2 with SNAP", 113, cooked1 + [0, 4] + snap + [8, 0]),
      Link("cooked 2", 276, [8, 0] + cooked2),
      Link("cooked 2, tagged", 276, [0x81, 0] + cooked2 + [0, 5, 8, 0]),
      Link("null, little-endian", 0, [2, 0, 0, 0]),
      Link("null, big-endian", 0, [0, 0, 0, 2]),
      Link("loop", 108, [0, 0, 0, 2]),
      Link("null, type, little-endian", 0, [0, 8, 0, 0]),
      Link("null, type, big-endian", 0, [0, 0, 8, 0]),
      Link("IPv4", 228, []),
      Link("Cisco HDLC", 104, [0x0F, 0, 8, 0]),
      Link("Cisco HDLC, tagged", 104, [0x0F, 0, 0x81, 0, 0, 5, 8, 0]),
    ]
    + [101, 12, 14].map { Link("raw \($0)", $0, []) }
    + [9, 50, 204].flatMap { pppLinks($0, wide: [0, 0x21], compressed: [0x21], type: [8, 0]) }

  static let ipv6Links: [Link] =
    [
      Link("Ethernet", 1, ethernet([], type: 0x86DD)),
      Link("cooked", 113, cooked1 + [0x86, 0xDD]),
      Link("cooked 2", 276, [0x86, 0xDD] + cooked2),
      Link("IPv6", 229, []),
    ]
    + [101, 12, 14].map { Link("raw \($0)", $0, []) }
    + [10, 24, 28, 30].flatMap { family in
      [
        Link("null \(family), little-endian", 0, [family, 0, 0, 0]),
        Link("null \(family), big-endian", 0, [0, 0, 0, family]),
        Link("loop \(family)", 108, [0, 0, 0, family]),
      ]
    }
    + [9, 50, 204].flatMap {
      pppLinks($0, wide: [0, 0x57], compressed: [0x57], type: [0x86, 0xDD])
    }

  static func pppLinks(
    _ linkType: UInt16, wide: [UInt8], compressed: [UInt8], type: [UInt8]
  ) -> [Link] {
    let headers: [(String, [UInt8])] = [
      ("plain", wide), ("compressed", compressed), ("framed", [0xFF, 0x03] + wide),
      ("framed, compressed", [0xFF, 0x03] + compressed),
      ("framed, another control octet", [0xFF, 0x01] + wide), ("type", type),
      ("framed, type", [0xFF, 0x03] + type), ("Cisco HDLC", [0x0F, 0x00] + type),
      ("Cisco HDLC, multicast", [0x8F, 0x00] + type),
    ]
    return headers.map { name, header in
      // 204 tells the direction first.
      Link("PPP \(linkType), \(name)", linkType, (linkType == 204 ? [1] : []) + header)
    }
  }

  @Test("IPv4 is found behind every link layer", arguments: ipv4Links)
  func ipv4Behind(link: Link) throws {
    let frame = link.header + ipv4(tcp(payload: 7))
    let expected = try segment(ipv4(tcp(payload: 7)))
    #expect(try segment(frame, linkType: link.linkType) == expected)
  }

  @Test("IPv6 is found behind every link layer", arguments: ipv6Links)
  func ipv6Behind(link: Link) throws {
    let frame = link.header + ipv6(tcp(payload: 7))
    let expected = try segment(ipv6(tcp(payload: 7)))
    #expect(try segment(frame, linkType: link.linkType) == expected)
  }

  @Test("a frame cut in its link layer is truncated, at every length", arguments: ipv4Links)
  func cut(link: Link) {
    for captured in 0..<link.header.count {
      let frame = Array((link.header + ipv4(tcp())).prefix(captured))
      #expect(decode(frame, linkType: link.linkType) == .undecoded(.truncated))
    }
  }

  static let tagTypes: [UInt16] = [0x8100, 0x88A8, 0x9100, 0x9200, 0x9300]

  @Test("up to three tags of each type are stepped over", arguments: tagTypes, 1...3)
  func tags(type: UInt16, count: Int) throws {
    let frame = ethernet(ipv4(tcp()), tags: Array(repeating: type, count: count))
    #expect(try segment(frame, linkType: 1) == segment(ipv4(tcp())))
    let isTagged = LinkLayer.isTagged(frame.span, linkType: 1)
    #expect(isTagged)
  }

  static let tagged: [(linkType: UInt16, frame: [UInt8], isTagged: Bool)] = [
    (1, ethernet([]), false),
    (1, ethernet([], tags: [0x8100]), true),
    (1, Array(ethernet([], tags: [0x8100]).prefix(13)), false),
    (113, cooked1 + [0x81, 0], true),
    (113, cooked1 + [8, 0], false),
    (276, [0x81, 0], true),
    (276, [0x81], false),
    (101, ethernet([], tags: [0x8100]), false),
  ]

  @Test("a tag is told where a link layer can have one", arguments: tagged)
  func isTagged(linkType: UInt16, frame: [UInt8], isTagged: Bool) {
    let found = LinkLayer.isTagged(frame.span, linkType: linkType)
    #expect(found == isTagged)
  }

  static let others: [(linkType: UInt16, frame: [UInt8], reason: Undecoded)] = [
    (1, ethernet([], type: 0x0806), .notIP),
    (1, ethernet([0x42, 0x42, 3, 0, 0, 0, 0, 0], type: 38), .notIP),
    (1, ethernet([0xAA, 0xAA, 3, 0, 0, 0, 8, 6], type: 38), .notIP),
    (1, ethernet([0xAA, 0xAA, 3, 0, 0, 0xC, 8, 0], type: 38), .notIP),
    (1, ethernet([], type: 0x8863), .notIP),
    (0, [3, 0, 0, 0], .notIP),
    (0, [0, 0, 0x81, 0], .notIP),
    (108, [2, 0, 0, 0], .notIP),
    (108, [0, 0, 8, 0], .notIP),
    (104, [0x0F, 0, 0x80, 0x35], .notIP),
    (9, [0xFF, 0x03, 0xC0, 0x21], .notIP),
    (9, [0x00, 0x2D], .unsupportedEncapsulation),
    (9, [0x00, 0x2F], .unsupportedEncapsulation),
    (204, [0, 0xFF, 0x03, 0xC0, 0x21], .notIP),
    (147, [], .unsupportedLinkType),
    (.max, ipv4(tcp()), .unsupportedLinkType),
  ]

  @Test("what is not IP says so", arguments: others)
  func notIP(linkType: UInt16, frame: [UInt8], reason: Undecoded) {
    #expect(decode(frame, linkType: linkType) == .undecoded(reason))
  }
}
