import PacketDecoding
import Testing

@Suite("IPv4")
struct IPv4Tests {
  @Test func decodesFields() throws {
    let segment = try segment(ipv4(tcp(flags: [.fin, .ack], payload: 9)))
    #expect(segment.source == Endpoint(address: client, port: 50000))
    #expect(segment.destination == Endpoint(address: server, port: 443))
    #expect(segment.sequenceNumber == SequenceNumber(0x1000))
    #expect(segment.acknowledgmentNumber == SequenceNumber(0x2000))
    #expect(segment.flags == [.fin, .ack])
    #expect(segment.payloadLength == 9)
    #expect(segment.window == 501)
    #expect(segment.timeToLive == 63)
    #expect(segment.identification == 0xBEEF)
    #expect(segment.options == TCPOptions())
  }

  @Test("options are stepped over", arguments: [4, 8, 40])
  func options(count: Int) throws {
    let options = [UInt8](repeating: 1, count: count)
    #expect(try segment(ipv4(tcp(payload: 3), options: options)).payloadLength == 3)
  }

  /// Options, and whether the address that ends them is where the segment goes.
  static let routes: [(options: [UInt8], isRouted: Bool)] = [
    ([0x83, 7, 4, 10, 0, 0, 7, 0], true),
    ([0x89, 7, 4, 10, 0, 0, 7, 0], true),
    ([0x83, 11, 4, 10, 0, 0, 8, 10, 0, 0, 7, 0], true),
    ([0x83, 11, 8, 10, 0, 0, 8, 10, 0, 0, 7, 0], true),
    ([1, 0x94, 4, 0, 0, 0x83, 7, 4, 10, 0, 0, 7], true),
    ([0x83, 11, 12, 10, 0, 0, 8, 10, 0, 0, 7, 0], false),
    ([0x83, 7, 8, 10, 0, 0, 7, 0], false),
    ([0x83, 7, 6, 10, 0, 0, 7, 0], false),
    ([0x83, 7, 0, 10, 0, 0, 7, 0], false),
    ([0x83, 6, 4, 10, 0, 0, 7, 0], false),
    ([0x83, 8, 4, 10, 0, 0, 7], false),
    ([0x07, 7, 4, 10, 0, 0, 7, 0], false),
    ([0, 0x83, 7, 4, 10, 0, 0, 7], false),
    ([0x94, 0, 0x83, 7, 4, 10, 0, 7], false),
    ([0x94, 1, 0x83, 7, 4, 10, 0, 7], false),
    ([1, 0x83, 7, 4], false),
    ([1, 1, 0x83, 7], false),
    ([1, 1, 1, 0x83], false),
  ]

  @Test("a source route that is not at its end tells the destination", arguments: routes)
  func sourceRoute(options: [UInt8], isRouted: Bool) throws {
    let padded = options + [UInt8](repeating: 0, count: (4 - options.count % 4) % 4)
    let address = isRouted ? IPAddress.v4(0x0A00_0007) : server
    let segment = try segment(ipv4(tcp(), options: padded))
    #expect(segment.destination == Endpoint(address: address, port: 443))
    #expect(segment.source.address == client)
  }

  @Test("an authentication header is stepped over")
  func authentication() throws {
    let header: [UInt8] = [6, 4] + [UInt8](repeating: 0, count: 22)
    let packet = ipv4(header + tcp(payload: 3), protocol: 51)
    #expect(try segment(packet).payloadLength == 3)
    for captured in 0..<packet.count - 7 {
      #expect(decode(Array(packet.prefix(captured))) == .undecoded(.truncated))
    }
  }

  @Test("one authentication header after another is stepped over")
  func nestedAuthentication() throws {
    let inner: [UInt8] = [6, 1] + [UInt8](repeating: 0, count: 10)
    let outer: [UInt8] = [51, 4] + [UInt8](repeating: 0, count: 22)
    let packet = ipv4(outer + inner + tcp(payload: 3), protocol: 51)
    #expect(try segment(packet).payloadLength == 3)
    for captured in 0..<packet.count - 7 {
      #expect(decode(Array(packet.prefix(captured))) == .undecoded(.truncated))
    }
  }

  static let fragments: [(body: [UInt8], number: UInt8, fragment: UInt16, reason: Undecoded)] = [
    // ICMP errors are small; encryption hides what is in all fragments alike.
    (tcp(), 1, 0x0001, .notTCP), (tcp(), 50, 0x0001, .encrypted), (tcp(), 132, 0x2000, .notTCP),
    // IPv4 has no extension headers.
    (tcp(), 60, 0x0001, .notTCP),
    // Nothing at all, less than the unit of offsets, and past the longest datagram.
    ([], 6, 0x1FFF, .invalidHeader), ([1, 2, 3, 4, 5, 6, 7], 6, 0x2000, .invalidHeader),
    (tcp(), 6, 0x1FFF, .invalidHeader),
  ]

  @Test("fragments that lead to no segment say what they are", arguments: fragments)
  func fragment(body: [UInt8], number: UInt8, fragment: UInt16, reason: Undecoded) {
    let packet = ipv4(body, protocol: number, fragment: fragment)
    #expect(decode(packet) == .undecoded(reason))
  }

  @Test("a fragment tells its place", arguments: [6, 17, 51, 4, 41, 47, 97, 137, 143] as [UInt8])
  func place(number: UInt8) throws {
    let first = try #require(decode(ipv4(tcp(), protocol: number, fragment: 0x2000)).fragment)
    #expect(first.place == 0..<16 && !first.isLast)
    let last = try #require(decode(ipv4(tcp(), protocol: number, fragment: 0x0003)).fragment)
    #expect(last.place == 24..<44 && last.isLast)
  }

  @Test("a total length of 0 reaches to the end of the frame")
  func offload() throws {
    let packet = ipv4(tcp(payload: 5), length: 0)
    #expect(try segment(packet).payloadLength == 5)
    #expect(try segment(packet, originalLength: 65_000).payloadLength == 64_960)
    #expect(try segment(packet, originalLength: 0).payloadLength == 5)
    let frame = ethernet(packet)
    #expect(try segment(frame, linkType: 1, originalLength: 70_014).payloadLength == 69_960)
  }

  @Test("the total length counts, not what was captured nor the record's length")
  func totalLength() throws {
    #expect(try segment(ipv4(tcp(), length: 1500)).payloadLength == 1460)
    #expect(try segment(ipv4(tcp(), length: 1500), originalLength: 60).payloadLength == 1460)
    #expect(try segment(ipv4(tcp(payload: 6), length: 40)).payloadLength == 0)
  }

  @Test("a total length that leaves less than 16 octets of TCP is invalid", arguments: 1..<36)
  func shortTotalLength(length: Int) {
    #expect(decode(ipv4(tcp(payload: 20), length: length)) == .undecoded(.invalidHeader))
  }

  @Test("a header length below five words is invalid", arguments: 0..<5)
  func shortHeader(words: UInt8) {
    var packet = ipv4(tcp())
    packet[0] = 0x40 | words
    #expect(decode(packet) == .undecoded(.invalidHeader))
  }

  static let versions: [UInt8] = [0, 1, 2, 3, 5, 7, 8, 15]

  @Test("an unknown version is invalid", arguments: versions)
  func version(number: UInt8) {
    var packet = ipv4(tcp())
    packet[0] = number << 4 | 5
    #expect(decode(packet) == .undecoded(.invalidHeader))
  }

  static let protocols: [(number: UInt8, reason: Undecoded)] = [
    (17, .notTCP), (132, .notTCP), (255, .notTCP), (50, .encrypted),
    (115, .unsupportedEncapsulation),
  ]

  @Test("another protocol says what it is", arguments: protocols)
  func otherProtocol(number: UInt8, reason: Undecoded) {
    #expect(decode(ipv4(tcp(), protocol: number)) == .undecoded(reason))
  }
}
