import PacketDecoding
import Testing

@Suite("ICMP errors")
struct ICMPTests {
  static let quoted = ipv4(tcp(sequenceNumber: 0xFFFF_FFFF, payload: 60))
  static let quoted6 = ipv6(tcp(sequenceNumber: 0xFFFF_FFFF, payload: 60))

  /// An ICMP message; `rest` is the second word of its header.
  static func message(_ type: UInt8, _ code: UInt8, rest: UInt32, quoting: [UInt8]) -> [UInt8] {
    [type, code, 0, 0] + octets(rest) + quoting
  }

  static func icmp(_ type: UInt8, _ code: UInt8, quoting: [UInt8] = quoted) -> DecodedPacket {
    decode(ipv4(message(type, code, rest: 0x1234_0514, quoting: quoting), protocol: 1))
  }

  static func icmpv6(_ type: UInt8, _ code: UInt8, quoting: [UInt8] = quoted6) -> DecodedPacket {
    decode(ipv6(message(type, code, rest: 1280, quoting: quoting), next: 58))
  }

  typealias Expected = (type: UInt8, code: UInt8, kind: ICMPError.Kind)

  static let kinds: [Expected] =
    [(3, 3, .portUnreachable), (3, 4, .fragmentationNeeded(mtu: 1300))]
    + [0, 1, 2, 5, 9, 10, 13, 255].map { (3, $0, .unreachable) }
    + [(11, 0, .timeExceeded), (11, 1, .timeExceeded), (12, 0, .parameterProblem)]

  @Test("ICMP errors are sorted by type and code", arguments: kinds)
  func kind(type: UInt8, code: UInt8, kind: ICMPError.Kind) {
    let expected = ICMPError(
      kind: kind, type: type, code: code, reporter: client,
      source: Endpoint(address: client, port: 50000),
      destination: Endpoint(address: server, port: 443),
      sequenceNumber: SequenceNumber(0xFFFF_FFFF), quotesFlags: true)
    #expect(Self.icmp(type, code) == .icmpError(expected))
  }

  static let kinds6: [Expected] =
    [(1, 4, .portUnreachable), (2, 0, .fragmentationNeeded(mtu: 1280))]
    + [0, 1, 3, 5, 6].map { (1, $0, .unreachable) }
    + [(3, 0, .timeExceeded), (3, 1, .timeExceeded), (4, 2, .parameterProblem)]

  @Test("ICMPv6 errors are sorted by type and code", arguments: kinds6)
  func kind6(type: UInt8, code: UInt8, kind: ICMPError.Kind) {
    let expected = ICMPError(
      kind: kind, type: type, code: code, reporter: client6,
      source: Endpoint(address: client6, port: 50000),
      destination: Endpoint(address: server6, port: 443),
      sequenceNumber: SequenceNumber(0xFFFF_FFFF), quotesFlags: true)
    #expect(Self.icmpv6(type, code) == .icmpError(expected))
  }

  @Test("messages that are no errors are not TCP", arguments: [0, 4, 5, 8, 13] as [UInt8])
  func otherMessages(type: UInt8) {
    #expect(Self.icmp(type, 0) == .undecoded(.notTCP))
  }

  @Test("ICMPv6 messages that are no errors are not TCP", arguments: [0, 128, 135, 137] as [UInt8])
  func otherMessages6(type: UInt8) {
    #expect(Self.icmpv6(type, 0) == .undecoded(.notTCP))
  }

  @Test("8 octets of the quoted segment are enough, 16 quote its flags")
  func quoteCut() throws {
    for octets in 0...40 {
      let packet = Self.icmp(3, 1, quoting: Array(Self.quoted.prefix(20 + octets)))
      guard octets >= 8 else {
        #expect(packet == .undecoded(.truncated))
        continue
      }
      guard case .icmpError(let error) = packet else { throw NoSegment(packet: packet) }
      #expect(error.sequenceNumber == SequenceNumber(0xFFFF_FFFF))
      #expect(error.quotesFlags == (octets >= 16))
    }
  }

  @Test("a quoted fragment has no flags to go by: Wireshark reads none before it is whole")
  func quotedFragment() throws {
    let packet = Self.icmp(3, 1, quoting: ipv4(tcp(), fragment: 0x2000))
    guard case .icmpError(let error) = packet else { throw NoSegment(packet: packet) }
    #expect(!error.quotesFlags)
  }

  @Test("a message cut anywhere before that is truncated")
  func cut() {
    let packet = ipv4(Self.message(3, 1, rest: 0, quoting: Self.quoted), protocol: 1)
    for captured in 0..<56 {
      #expect(decode(Array(packet.prefix(captured))) == .undecoded(.truncated))
    }
    let packet6 = ipv6(Self.message(1, 0, rest: 0, quoting: Self.quoted6), next: 58)
    for captured in 0..<96 {
      #expect(decode(Array(packet6.prefix(captured))) == .undecoded(.truncated))
    }
  }

  static let foreign: [[UInt8]] = [
    ipv4(tcp(), protocol: 17), ipv4(tcp(), fragment: 0x0001), ipv4(tcp(), protocol: 47),
  ]

  @Test("an error that quotes something else is not TCP", arguments: foreign)
  func quotesOther(quoting: [UInt8]) {
    #expect(Self.icmp(3, 1, quoting: quoting) == .undecoded(.notTCP))
  }

  @Test("a quote without a valid IP header is invalid")
  func quotesNonsense() {
    let nonsense = [UInt8](repeating: 0xFF, count: 60)
    #expect(Self.icmp(3, 1, quoting: nonsense) == .undecoded(.invalidHeader))
  }

  @Test("a quote whose total length was zeroed on its way still counts")
  func quotedLengthZero() {
    let packet = Self.icmp(3, 1, quoting: ipv4(tcp(), length: 0))
    guard case .icmpError = packet else {
      Issue.record("\(packet)")
      return
    }
  }
}
