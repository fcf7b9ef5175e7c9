import CPcap
import PacketCapture
import Testing

@Suite("Filters")
struct PacketFilterTests {
  /// An IPv4 TCP segment from port 1234 to `port`, without options or payload.
  static func segment(to port: UInt8) -> [UInt8] {
    [0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
      + [0x04, 0xD2, 0, port] + [0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0, 0, 0, 0, 0, 0]
  }

  static let ethernet: [UInt8] = [UInt8](repeating: 2, count: 12) + [8, 0]
  static let cooked: [UInt8] = [0, 0, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0, 8, 0]

  private func passes(
    _ filter: inout PacketFilter, _ linkType: UInt16, _ data: [UInt8]
  ) -> Bool {
    let length = UInt32(data.count)
    let record = PacketRecord(
      time: 0, originalLength: length, capturedLength: length, linkType: linkType, interface: 0)
    return filter.matches(record, data.span)
  }

  static let headers: [(linkType: UInt16, header: [UInt8])] = [
    (1, ethernet), (113, cooked), (101, []), (228, []), (0, [2, 0, 0, 0]), (0, [0, 0, 0, 2]),
    (108, [0, 0, 0, 2]),
    (276, [8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0]),
    (9, [0xFF, 0x03, 0x00, 0x21]), (50, [0xFF, 0x03, 0x00, 0x21]),
    (51, [0x11, 0, 0, 1, 0, 42, 0, 0x21]),
  ]

  @Test("one filter serves every link type", arguments: headers)
  func linkTypes(linkType: UInt16, header: [UInt8]) throws {
    var filter = try PacketFilter("tcp port 80")
    #expect(passes(&filter, linkType, header + Self.segment(to: 80)))
    #expect(!passes(&filter, linkType, header + Self.segment(to: 81)))
    #expect(filter.refusals.isEmpty && filter.applied)
  }

  @Test("packets of link types may alternate")
  func alternation() throws {
    var filter = try PacketFilter("tcp dst port 80")
    for _ in 0..<3 {
      #expect(passes(&filter, 1, Self.ethernet + Self.segment(to: 80)))
      #expect(passes(&filter, 113, Self.cooked + Self.segment(to: 80)))
      #expect(!passes(&filter, 101, Self.segment(to: 79)))
    }
  }

  @Test("a link type that refuses the filter matches nothing, and is counted")
  func refusal() throws {
    var filter = try PacketFilter("ether host 02:02:02:02:02:02")
    #expect(!passes(&filter, 101, Self.segment(to: 80)))
    #expect(!filter.applied)
    #expect(passes(&filter, 1, Self.ethernet + Self.segment(to: 80)))
    #expect(!passes(&filter, 101, Self.segment(to: 80)))
    #expect(filter.refusals.map(\.linkType) == [101])
    #expect(filter.refusals.allSatisfy { $0.reason.contains("ethernet addresses") })
    #expect(filter.refusals.map(\.packets) == [2])
    #expect(filter.applied)
  }

  @Test(
    "a filter no link type takes is an error in libpcap's words",
    arguments: [
      ("tcp prot 80", "syntax error"), ("port nosuchservice", "nosuchservice"),
      ("tcp\0 and", "it holds a zero octet"),
    ])
  func invalid(expression: String, word: String) {
    do throws(CaptureError) {
      _ = try PacketFilter(expression)
      Issue.record("it compiled")
    } catch {
      guard case .invalidFilter(expression, let reason) = error, reason.contains(word) else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test("a filter that Ethernet refuses may be for another link type")
  func wirelessOnly() throws {
    var filter = try PacketFilter("type mgt subtype beacon")
    #expect(!passes(&filter, 1, Self.ethernet + Self.segment(to: 80)))
    #expect(passes(&filter, 105, [0x80, 0] + [UInt8](repeating: 0, count: 30)))
  }

  @Test("an empty filter takes everything, and a packet without octets is no trouble")
  func edges() throws {
    var all = try PacketFilter("")
    #expect(passes(&all, 1, []))
    var tcp = try PacketFilter("tcp")
    #expect(!passes(&tcp, 1, []))
    #expect(!passes(&tcp, 1, Array(Self.ethernet.prefix(5))))
  }

  /// LINKTYPE and DLT: <https://www.tcpdump.org/linktypes.html> and libpcap's own numbers.
  static let pairs: [(UInt16, Int32)] = [
    (0, DLT_NULL), (1, DLT_EN10MB), (6, DLT_IEEE802), (9, DLT_PPP), (10, DLT_FDDI),
    (50, DLT_PPP_SERIAL), (51, DLT_PPP_ETHER), (100, DLT_ATM_RFC1483), (101, DLT_RAW), (101, 12),
    (104, DLT_C_HDLC), (105, DLT_IEEE802_11), (106, DLT_ATM_CLIP), (108, DLT_LOOP),
    (109, DLT_ENC), (113, DLT_LINUX_SLL), (117, DLT_PFLOG), (127, DLT_IEEE802_11_RADIO),
    (192, DLT_PPI), (228, DLT_IPV4), (229, DLT_IPV6), (239, DLT_NFLOG), (276, DLT_LINUX_SLL2),
  ]

  @Test("LINKTYPE and DLT numbers convert both ways", arguments: pairs)
  func numbers(linkType: UInt16, dlt: Int32) {
    #expect(LinkType.dlt(of: linkType) == dlt)
    #expect(LinkType.linkType(ofDLT: dlt) == linkType)
  }

  @Test("libpcap agrees with our conversion for every number it knows", arguments: 0...300)
  func numbersByLibpcap(number: Int) throws {
    // libpcap does not tell its table, but it applies it when it opens a file.
    let image = CaptureImage.pcap(CaptureImage.PcapHeader(linkType: UInt32(number)))
    try withFile(image.octets) { path in
      let theirs = try #require(libpcapDataLink(of: path))
      // OpenBSD's own number for raw IP: libpcap on Linux does not know it.
      if number == 14 { return }
      var file = try CaptureFile(path: path)
      #expect(try file.next() == .end)
      #expect(LinkType.dlt(of: UInt16(number)) == theirs)
    }
  }
}

/// The DLT number that libpcap gives a file; nil where it does not open it.
@safe func libpcapDataLink(of path: String) -> Int32? {
  var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
  guard let handle = unsafe pcap_open_offline(path, &message) else { return nil }
  defer { unsafe pcap_close(handle) }
  return unsafe pcap_datalink(handle)
}
