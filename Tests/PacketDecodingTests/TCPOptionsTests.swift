import PacketDecoding
import Testing

@Suite("TCP options")
struct TCPOptionsTests {
  static let timestamps: [UInt8] = [8, 10, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]
  static let sackBlock: [UInt8] = [0xFF, 0xFF, 0xFF, 0xF0, 0, 0, 0, 0x10]
  static let nop: UInt8 = 1

  /// Options padded with `padding` to whole words, and decoded.
  static func decoded(_ options: [UInt8], padding: UInt8 = 0) throws -> TCPOptions {
    let count = (options.count + 3) / 4 * 4
    let padded = options + Array(repeating: padding, count: count - options.count)
    return try segment(ipv4(tcp(options: padded, payload: 40))).options
  }

  @Test func eachKind() throws {
    var expected = TCPOptions()
    expected.present = .sack
    expected.sackLeft = SequenceNumber(0xFFFF_FFF0)
    expected.sackRight = SequenceNumber(0x10)
    #expect(try Self.decoded([5, 10] + Self.sackBlock) == expected)

    expected = TCPOptions()
    expected.present = .timestamps
    expected.timestampValue = 0x1122_3344
    expected.timestampEcho = 0x5566_7788
    #expect(try Self.decoded(Self.timestamps) == expected)
  }

  @Test("a SYN's usual options are stepped over, but for timestamps")
  func syn() throws {
    let options = try Self.decoded(
      [2, 4, 0x05, 0xB4, 4, 2] + Self.timestamps + [Self.nop, 3, 3, 7])
    #expect(options.present == .timestamps)
    #expect(options.timestampValue == 0x1122_3344)
    #expect(options.timestampEcho == 0x5566_7788)
  }

  @Test("a SYN's options read the same by the short way and the long, whatever an octet of them is")
  func alignedSYN() throws {
    let usual = [2, 4, 0x05, 0xB4, 4, 2] + Self.timestamps + [Self.nop, 3, 3, 7]
    for place in usual.indices {
      for octet in UInt8.min...UInt8.max {
        var options = usual
        options[place] = octet
        // A word more, and the long way is taken; behind the end of the list nothing counts.
        #expect(try Self.decoded(options) == Self.decoded(options + [0, 0, 0, 0]))
      }
    }
  }

  @Test("aligned timestamps read the same by the short way and the long")
  func alignedTimestamps() throws {
    let aligned = try Self.decoded([Self.nop, Self.nop] + Self.timestamps)
    #expect(aligned.present == .timestamps)
    #expect(try Self.decoded(Self.timestamps + [Self.nop, Self.nop]) == aligned)
    #expect(try Self.decoded([Self.nop, Self.nop] + Self.timestamps + [0, 0, 0, 0]) == aligned)
  }

  @Test("of several SACK blocks the first is kept", arguments: 1...4)
  func firstSACKBlock(count: Int) throws {
    let others = [UInt8](repeating: 9, count: 8 * (count - 1))
    let head: [UInt8] = [5, UInt8(2 + 8 * count)]
    let options = try Self.decoded(head + Self.sackBlock + others)
    #expect(options.present == .sack)
    #expect(options.sackRight - options.sackLeft == 32)
  }

  @Test("unknown options are stepped over", arguments: [6, 28, 30, 34, 253, 255])
  func unknown(kind: UInt8) throws {
    let options = try Self.decoded([kind, 2, kind, 5, 9, 9, 9] + Self.timestamps)
    #expect(options.timestampEcho == 0x5566_7788)
  }

  static let malformed: [[UInt8]] = [
    [0] + timestamps, [3, 0] + timestamps, [3, 1] + timestamps, [1, 1, 8, 10], [3, 4, 7, 7],
    [2, 3, 5], [2, 5, 5, 5, 5], [4, 3, 0], [5, 2], [5, 9, 0, 0, 0, 0, 0, 0, 0],
    [5, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0], [5, 18, 0, 0], [8, 9, 0, 0, 0, 0, 0, 0, 0],
    [8, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0], [8, 40, 0, 0], [254], [254, 255],
  ]

  @Test("malformed options tell nothing", arguments: malformed)
  func skipsMalformed(options: [UInt8]) throws {
    #expect(try Self.decoded(options) == TCPOptions())
  }

  @Test("what stands before a malformed option is kept")
  func beforeMalformed() throws {
    #expect(
      try Self.decoded(Self.timestamps + [2, 0, 5, 10] + Self.sackBlock).present == .timestamps)
  }

  @Test("options cut off by the snap length are left out, at every length")
  func cut() throws {
    let options = [5, 10] + Self.sackBlock + Self.timestamps
    let packet = ipv4(tcp(options: options, payload: 9))
    for captured in 36...packet.count {
      let segment = try segment(
        Array(packet.prefix(captured)), originalLength: UInt32(packet.count))
      var expected: TCPOptions.Kinds = []
      if captured >= 50 { expected.insert(.sack) }
      if captured >= 60 { expected.insert(.timestamps) }
      #expect(segment.options.present == expected)
      #expect(segment.payloadLength == 9)
    }
  }
}
