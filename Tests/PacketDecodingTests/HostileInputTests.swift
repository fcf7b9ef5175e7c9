import PacketDecoding
import Testing

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

@Suite("Hostile input")
struct HostileInputTests {
  static let linkTypes: [UInt16] = [
    0, 1, 9, 12, 14, 50, 101, 104, 108, 113, 204, 228, 229, 276, 147,
  ]

  static let timestamps: [UInt8] = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2]

  static let packets: [[UInt8]] = [
    ipv4(tcp(options: timestamps, payload: 20)),
    ipv4(
      tcp(options: [5, 10] + timestamps.prefix(8) + [2, 4, 5, 180, 3, 3]), options: [1, 1, 1, 0]),
    ipv4([6, 4] + [UInt8](repeating: 0, count: 22) + tcp(), protocol: 51),
    ipv4([3, 1, 0, 0, 0, 0, 0, 0] + ipv4(tcp(options: timestamps)), protocol: 1),
    ipv6(tcp(options: timestamps, payload: 20)),
    ipv6(
      [60, 0, 0xC2, 4, 0, 1, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 1] + [0, 0, 0, 0] + tcp(),
      next: 0),
    ipv6([1, 4, 0, 0, 0, 0, 0, 0] + ipv6(tcp()), next: 58),
  ]

  /// The shortest header of each link layer, for IPv4 and IPv6 alike.
  static func linkHeader(_ linkType: UInt16) -> [UInt8] {
    switch linkType {
    case 0, 108: [0, 0, 0, 2]
    case 1: ethernet([], tags: [0x8100])
    case 9, 50: [0xFF, 3, 0, 0x21]
    case 104: [0x0F, 0, 8, 0]
    case 204: [0, 0xFF, 3, 0, 0x21]
    case 113: LinkLayerTests.cooked1 + [8, 0]
    case 276: [8, 0] + LinkLayerTests.cooked2
    default: []
    }
  }

  /// All that are read.
  static let everyLinkType = (0...UInt16.max).filter {
    decode([], linkType: $0) != .undecoded(.unsupportedLinkType)
  }

  @Test("random octets never trap", arguments: everyLinkType)
  func random(linkType: UInt16) {
    var random = SeededGenerator(state: UInt64(linkType))
    for _ in 0..<1500 {
      let count = Int.random(in: 0...120, using: &random)
      let frame = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let length = UInt32(truncatingIfNeeded: random.next())
      _ = decode(frame, linkType: linkType, originalLength: length)
    }
  }

  @Test("packets with random octets changed and cut off never trap", arguments: linkTypes)
  func mutated(linkType: UInt16) {
    var random = SeededGenerator(state: ~UInt64(linkType))
    for round in 0..<5000 {
      var frame = Self.linkHeader(linkType) + Self.packets[round % Self.packets.count]
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<frame.count, using: &random)
        frame[index] = UInt8.random(in: 0...255, using: &random)
      }
      frame.removeLast(Int.random(in: 0...frame.count, using: &random))
      let length = UInt32(truncatingIfNeeded: random.next())
      _ = decode(frame, linkType: linkType, originalLength: length)
    }
  }

  @Test("a packet cut too short is truncated, at every length", arguments: linkTypes.dropLast())
  func cut(linkType: UInt16) {
    for packet in Self.packets {
      let frame = Self.linkHeader(linkType) + packet
      let length = UInt32(frame.count)
      var isCut = true
      for captured in 0...frame.count {
        let decoded = decode(
          Array(frame.prefix(captured)), linkType: linkType, originalLength: length)
        isCut = isCut && decoded == .undecoded(.truncated)
        if case .undecoded(let reason) = decoded {
          #expect(isCut, "\(reason) at \(captured) octets, after it had decoded")
        }
      }
      #expect(!isCut)
    }
  }

  @Test("a frame of nothing but tags ends")
  func tags() {
    let frame =
      [UInt8](repeating: 0x81, count: 12) + (0..<60_000).flatMap { _ in [0x81, 0] as [UInt8] }
    #expect(decode(frame, linkType: 1) == .undecoded(.truncated))
  }

  @Test("a chain of empty extension headers ends")
  func extensions() {
    let packet = ipv6([UInt8](repeating: 0, count: 65_528), next: 0)
    #expect(decode(packet) == .undecoded(.truncated))
  }

  @Test("every reason has a text of its own")
  func reasons() {
    #expect(Set(Undecoded.allCases.map(\.description)).count == Undecoded.allCases.count)
  }
}
