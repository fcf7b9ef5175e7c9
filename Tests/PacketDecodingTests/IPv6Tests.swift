import PacketDecoding
import Testing

@Suite("IPv6")
struct IPv6Tests {
  @Test func decodesFields() throws {
    let segment = try segment(ipv6(tcp(flags: .rst, payload: 2)))
    #expect(segment.source == Endpoint(address: client6, port: 50000))
    #expect(segment.destination == Endpoint(address: server6, port: 443))
    #expect(segment.flags == .rst)
    #expect(segment.payloadLength == 2)
    #expect(segment.timeToLive == 62)
    #expect(segment.identification == 0)
  }

  static let hopByHop: UInt8 = 0
  static let routing: UInt8 = 43
  static let fragment: UInt8 = 44
  static let authentication: UInt8 = 51
  static let destination: UInt8 = 60

  static func authenticationHeader(next: UInt8) -> [UInt8] {
    [next, 4] + [UInt8](repeating: 0, count: 22)
  }

  static func fragmentHeader(next: UInt8, field: UInt16 = 0) -> [UInt8] {
    [next, 0] + octets(field) + octets(UInt32(7))
  }

  /// The first header's number, and the headers.
  static let stacks: [(next: UInt8, headers: [UInt8])] = [
    (hopByHop, extensionHeader(next: 6)),
    (hopByHop, extensionHeader(next: 6, words: 3)),
    (routing, extensionHeader(next: 6, words: 2)),
    (destination, extensionHeader(next: 6, words: 32)),
    (140, extensionHeader(next: 6)),
    (authentication, authenticationHeader(next: 6)),
    (fragment, fragmentHeader(next: 6)),
    (
      hopByHop,
      extensionHeader(next: destination) + extensionHeader(next: routing, words: 2)
        + extensionHeader(next: fragment) + fragmentHeader(next: authentication)
        + authenticationHeader(next: destination) + extensionHeader(next: 6)
    ),
  ]

  @Test("extension headers are stepped over", arguments: stacks)
  func extensions(next: UInt8, headers: [UInt8]) throws {
    let packet = ipv6(headers + tcp(payload: 11), next: next)
    #expect(try segment(packet) == segment(ipv6(tcp(payload: 11))))
  }

  static let home = IPAddress.v6(0x2001_0DB8_0000_0000_0000_0000_0000_0007)

  /// A routing header of `type` with `left` segments left, and the addresses on the way.
  static func route(_ type: UInt8, left: UInt8, by addresses: [IPAddress]) -> [UInt8] {
    var content = [type, left, 0, 0, 0, 0]
    for address in addresses { content += octets(address.bits) }
    return extensionHeader(next: 6, words: 1 + 2 * addresses.count, content: content)
  }

  static let routes: [(header: [UInt8], isRouted: Bool)] = [
    (route(0, left: 1, by: [home]), true),
    (route(0, left: 1, by: [client6, home]), true),
    (route(0, left: 2, by: [client6, home]), true),
    (route(0, left: 0, by: [home]), false),
    (route(0, left: 1, by: []), false),
    (route(2, left: 1, by: [home]), true),
    (route(2, left: 0, by: [home]), false),
    // A segment list begins with the last segment (RFC 8754 §2).
    (route(4, left: 1, by: [home, client6]), true),
    (route(4, left: 0, by: [home, client6]), false),
    (route(253, left: 1, by: [home]), false),
  ]

  @Test("a routing header that is not at its end tells the destination", arguments: routes)
  func routing(header: [UInt8], isRouted: Bool) throws {
    let segment = try segment(ipv6(header + tcp(), next: Self.routing))
    #expect(segment.destination == Endpoint(address: isRouted ? Self.home : server6, port: 443))
    #expect(segment.source.address == client6)
  }

  static let homeAddress: [UInt8] = [0xC9, 16] + octets(home.bits)

  static let homes: [(options: [UInt8], isHome: Bool)] = [
    (homeAddress, true), ([1, 2, 0, 0] + homeAddress, true), ([0, 0, 0] + homeAddress, true),
    ([0x3E, 1, 9] + homeAddress, true), ([0xC9, 15] + homeAddress.dropFirst(2), false),
    (Array(homeAddress.dropLast(8)), false), ([1, 40] + homeAddress, false), ([0xC9], false),
  ]

  @Test("a home address option tells the source", arguments: homes)
  func home(options: [UInt8], isHome: Bool) throws {
    let words = (options.count + 2 + 7) / 8
    let header = extensionHeader(next: 6, words: words, content: options)
    let segment = try segment(ipv6(header + tcp(), next: Self.destination))
    #expect(segment.source.address == (isHome ? Self.home : client6))
  }

  @Test("a home address option elsewhere tells nothing")
  func misplacedHome() throws {
    let header = extensionHeader(next: 6, words: 3, content: Self.homeAddress)
    #expect(try segment(ipv6(header + tcp(), next: Self.hopByHop)).source.address == client6)
  }

  @Test("a packet cut in its extension headers is truncated", arguments: stacks)
  func cut(next: UInt8, headers: [UInt8]) {
    let packet = ipv6(headers + tcp(), next: next)
    for captured in 0..<40 + headers.count + 16 {
      #expect(
        decode(Array(packet.prefix(captured)), originalLength: UInt32(packet.count))
          == .undecoded(.truncated))
    }
  }

  static let fragments: [(next: UInt8, field: UInt16, body: [UInt8], reason: Undecoded)] = [
    (58, 8, tcp(), .notTCP), (50, 1, tcp(), .encrypted), (132, 8, tcp(), .notTCP),
    (6, 0xFFF9, [], .invalidHeader), (6, 0xFFF8, tcp(), .invalidHeader),
  ]

  @Test("fragments that lead to no segment say what they are", arguments: fragments)
  func otherFragment(next: UInt8, field: UInt16, body: [UInt8], reason: Undecoded) {
    let packet = ipv6(Self.fragmentHeader(next: next, field: field) + body, next: Self.fragment)
    #expect(decode(packet) == .undecoded(reason))
  }

  @Test("a fragment tells its place", arguments: [6, 17, 51, 41, 0, 43, 44, 60, 140] as [UInt8])
  func place(next: UInt8) throws {
    let header = extensionHeader(next: Self.fragment)
    let first = ipv6(
      header + Self.fragmentHeader(next: next, field: 1) + tcp(), next: Self.destination)
    let place = try #require(decode(first).fragment)
    #expect(place.place == 0..<16 && !place.isLast)
    let last = ipv6(
      header + Self.fragmentHeader(next: next, field: 24) + tcp(), next: Self.destination)
    let end = try #require(decode(last).fragment)
    #expect(end.place == 24..<44 && end.isLast)
  }

  @Test("the jumbo payload option gives the length where the header has none")
  func jumbo() throws {
    let option: [UInt8] = [0xC2, 4] + octets(UInt32(100_028))
    let body = extensionHeader(next: 6, content: option) + tcp(payload: 4)
    #expect(try segment(ipv6(body, next: Self.hopByHop, length: 0)).payloadLength == 100_000)
    #expect(try segment(ipv6(body, next: Self.hopByHop)).payloadLength == 4)
  }

  @Test("the jumbo payload option is found behind padding")
  func paddedJumbo() throws {
    let option: [UInt8] = [0, 1, 1, 0, 0xC2, 4] + octets(UInt32(100_036))
    let body = extensionHeader(next: 6, words: 2, content: option) + tcp(payload: 4)
    #expect(try segment(ipv6(body, next: Self.hopByHop, length: 0)).payloadLength == 100_000)
  }

  @Test("a jumbo payload shorter than its own header is invalid")
  func shortJumbo() {
    let body = extensionHeader(next: 6, content: [0xC2, 4, 0, 0, 0, 7]) + tcp()
    let packet = ipv6(body, next: Self.hopByHop, length: 0)
    #expect(decode(packet) == .undecoded(.invalidHeader))
  }

  @Test("a payload length of 0 reaches to the end of the frame")
  func offload() throws {
    let packet = ipv6(tcp(payload: 5), length: 0)
    #expect(try segment(packet).payloadLength == 5)
    #expect(try segment(packet, originalLength: 180_000).payloadLength == 179_940)
  }

  @Test("a payload length that ends inside the extension headers is invalid")
  func shortPayloadLength() {
    let packet = ipv6(extensionHeader(next: 6) + tcp(), next: Self.destination, length: 7)
    #expect(decode(packet) == .undecoded(.invalidHeader))
  }

  static let protocols: [(number: UInt8, reason: Undecoded)] = [
    (17, .notTCP), (59, .notTCP), (135, .notTCP), (50, .encrypted),
    (115, .unsupportedEncapsulation),
  ]

  @Test("another protocol says what it is", arguments: protocols)
  func otherProtocol(number: UInt8, reason: Undecoded) {
    #expect(decode(ipv6(tcp(), next: number)) == .undecoded(reason))
  }
}
