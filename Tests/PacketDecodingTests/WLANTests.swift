import PacketDecoding
import Testing

@Suite("Wireless LANs")
struct WLANTests {
  static let snap: [UInt8] = [0xAA, 0xAA, 3, 0, 0, 0]

  /// A data frame; `sequence` holds the fragment's number in its low half octet.
  static func data(
    _ packet: [UInt8], control: UInt8 = 0x08, flags: UInt8 = 0x01, more: [UInt8] = [],
    sequence: UInt8 = 0x10
  ) -> [UInt8] {
    [control, flags, 0, 0] + [UInt8](repeating: 0x02, count: 18) + [sequence, 0] + more + snap
      + etherType(of: packet) + packet
  }

  static let address: [UInt8] = [2, 2, 2, 2, 2, 2]

  /// One subframe of an aggregate.
  static func subframe(_ packet: [UInt8]) -> [UInt8] {
    let content = snap + etherType(of: packet) + packet
    return address + address + octets(UInt16(content.count)) + content
  }

  static func aggregate(_ subframes: [UInt8]) -> [UInt8] {
    Array(data([], control: 0x88, more: [0x80, 0]).prefix(26)) + subframes
  }

  static func radiotap(_ present: [UInt32], _ fields: [UInt8]) -> [UInt8] {
    let words = present.flatMap { littleEndian($0) }
    return [0, 0] + littleEndian(UInt16(4 + words.count + fields.count)) + words + fields
  }

  static func prism(_ number: (UInt32) -> [UInt8]) -> [UInt8] {
    number(0x44) + number(144) + [UInt8](repeating: 0, count: 136)
  }

  static let avs: [UInt8] =
    octets(0x8021_1001 as UInt32) + octets(64 as UInt32) + [UInt8](repeating: 0, count: 56)

  static let time: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

  /// An access point's datagram; `flags` are of its third octet and fourth.
  static func capwap(_ frame: [UInt8], flags: UInt16, fragment: UInt16 = 0) -> [UInt8] {
    ipv4(
      udp([0, 0x10] + octets(flags) + [0, 1] + octets(fragment << 3) + frame, to: 5247),
      protocol: 17)
  }

  /// `frame` with the octets of its frame control changed.
  static func swapped(_ frame: [UInt8]) -> [UInt8] { [frame[1], frame[0]] + frame.dropFirst(2) }

  static let wrappings: [Wrapping] = [
    Wrapping("CAPWAP, 802.11", linkType: 101) { capwap(swapped(data($0)), flags: 0x0300) },
    Wrapping("CAPWAP, Ethernet", linkType: 101) { capwap(innerEthernet($0), flags: 0x0200) },
    Wrapping("CAPWAP, a first fragment", linkType: 101) {
      capwap(innerEthernet($0), flags: 0x0280)
    },
    Wrapping("CAPWAP with a radio's address", linkType: 101) {
      let header: [UInt8] = [0, 0x20, 0x02, 0x10, 0, 0, 0, 0, 6, 2, 2, 2, 2, 2, 2, 0]
      return ipv4(udp(header + innerEthernet($0), to: 50000, from: 5247), protocol: 17)
    },
    Wrapping("data", linkType: 105) { data($0) },
    Wrapping("from the distribution system, a retry", linkType: 105) { data($0, flags: 0x0A) },
    Wrapping("four addresses", linkType: 105) { data($0, flags: 0x03, more: address) },
    Wrapping("quality of service", linkType: 105) { data($0, control: 0x88, more: [5, 0]) },
    Wrapping("quality of service, four addresses", linkType: 105) {
      data($0, control: 0x88, flags: 0x03, more: address + [5, 0])
    },
    Wrapping("quality of service, HT control", linkType: 105) {
      data($0, control: 0x88, flags: 0x81, more: [5, 0, 0, 0, 0, 0])
    },
    Wrapping("mesh control", linkType: 105) {
      data($0, control: 0x88, flags: 0x03, more: address + [5, 1] + [0, 31, 1, 2, 3, 4])
    },
    Wrapping("mesh control with two addresses", linkType: 105) {
      data(
        $0, control: 0x88, flags: 0x03,
        more: address + [5, 1] + [2, 31, 1, 2, 3, 4] + address + address)
    },
    Wrapping("no mesh control, in spite of the bit", linkType: 105) {
      data($0, control: 0x88, flags: 0x02, more: [5, 1])
    },
    Wrapping("an aggregate of one", linkType: 105) { aggregate(subframe($0)) },
    Wrapping("radiotap, no fields", linkType: 127) { radiotap([0], []) + data($0) },
    Wrapping("radiotap, flags", linkType: 127) {
      radiotap([0x2], [0x10]) + data($0) + [1, 2, 3, 4]
    },
    Wrapping("radiotap, padded", linkType: 127) {
      radiotap([0x2], [0x20]) + data($0, control: 0x88, more: [5, 0, 0, 0])
    },
    Wrapping("radiotap, a time and padded", linkType: 127) {
      radiotap([0x3], time + [0x20]) + data($0, control: 0x88, more: [5, 0, 0, 0])
    },
    Wrapping("radiotap, words that go on", linkType: 127) {
      radiotap([0x8000_0003, 0], [0, 0, 0, 0] + time + [0x20])
        + data($0, control: 0x88, more: [5, 0, 0, 0])
    },
    Wrapping("per-packet information", linkType: 192) {
      [0, 0, 12, 0, 105, 0, 0, 0] + [1, 2, 3, 4] + data($0)
    },
    Wrapping("per-packet information, Ethernet", linkType: 192) {
      [0, 0, 8, 0, 1, 0, 0, 0] + innerEthernet($0)
    },
    Wrapping("Prism, little-endian", linkType: 119) { prism { littleEndian($0) } + data($0) },
    Wrapping("Prism, big-endian", linkType: 119) { prism { octets($0) } + data($0) },
    Wrapping("AVS, as Prism", linkType: 119) { avs + data($0) },
    Wrapping("AVS", linkType: 163) { avs + data($0) },
  ]

  @Test("IP is found in data frames", arguments: wrappings)
  func read(wrapping: Wrapping) throws {
    for packet in Wrapping.packets { try wrapping.check(packet) }
  }

  @Test("changed octets never trap", arguments: wrappings)
  func mutated(wrapping: Wrapping) { wrapping.mutate() }

  static let others: [(linkType: UInt16, frame: [UInt8], reason: Undecoded)] = [
    (105, data(ipv4(tcp()), flags: 0x41), .encrypted),
    (105, data(ipv4(tcp()), control: 0x88, flags: 0x41, more: [0, 0]), .encrypted),
    // A beacon, an acknowledgment, no data, quality of service without data.
    (105, data(ipv4(tcp()), control: 0x80), .notIP),
    (105, data(ipv4(tcp()), control: 0xD4), .notIP),
    (105, data(ipv4(tcp()), control: 0x48), .notIP),
    (105, data(ipv4(tcp()), control: 0xC8), .notIP),
    (105, data(ipv4(tcp()), sequence: 0x11), .laterFragment),
    (105, aggregate(subframe(ipv4(tcp())) + subframe(ipv4(tcp()))), .unsupportedEncapsulation),
    (101, capwap(swapped(data(ipv4(tcp()), flags: 0x41)), flags: 0x0300), .encrypted),
    (101, capwap(innerEthernet(ipv4(tcp())), flags: 0x0280, fragment: 9), .laterFragment),
    (101, capwap([0, 0, 0, 0], flags: 0x0208), .notTCP),
    (101, capwap(innerEthernet(ipv4(tcp())), flags: 0x0700), .unsupportedEncapsulation),
    (101, ipv4(udp([1, 0, 0, 0, 0, 0, 0, 0, 22], to: 5247), protocol: 17), .encrypted),
    (101, ipv4(udp([2, 0, 0, 0, 0, 0, 0, 0, 22], to: 5247), protocol: 17), .notTCP),
    (101, ipv4(udp([0, 8, 0, 0, 0, 0, 0, 0, 22], to: 5247), protocol: 17), .invalidHeader),
    (127, [0, 0, 7, 0, 0, 0, 0, 0], .invalidHeader),
    (192, [0, 0, 7, 0, 1, 0, 0, 0], .invalidHeader),
    (192, [0, 0, 8, 0, 147, 0, 0, 0], .unsupportedLinkType),
    (192, [0, 0, 8, 0, 1, 0, 1, 0], .unsupportedLinkType),
    (119, [0x44, 0, 0, 0, 7, 0, 0, 0], .invalidHeader),
    (163, prism { octets($0) }, .invalidHeader),
  ]

  @Test("other frames say what they are", arguments: others)
  func other(linkType: UInt16, frame: [UInt8], reason: Undecoded) {
    #expect(decode(frame, linkType: linkType) == .undecoded(reason))
  }
}
