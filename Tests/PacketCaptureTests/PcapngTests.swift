import PacketCapture
import Testing

@Suite("pcapng")
struct PcapngTests {
  private func read(_ image: CaptureImage) throws -> ReadCapture {
    try withFile(image.octets) { readAll($0) }
  }

  private func times(_ image: CaptureImage) throws -> [Int64] {
    try read(image).packets.map(\.time)
  }

  /// `if_tsresol`, `if_tsoffset`, ticks, nanoseconds.
  static let stamps: [(resolution: UInt8?, offset: Int64?, ticks: UInt64, time: Int64)] = [
    (nil, nil, 1_700_000_000_123_456, 1_700_000_000_123_456_000),
    (0, nil, 1_700_000_000, 1_700_000_000_000_000_000),
    (3, nil, 1_700_000_000_123, 1_700_000_000_123_000_000),
    (6, nil, 1, 1_000),
    (9, nil, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789),
    (12, nil, 1_999, 1),
    (19, nil, .max, 1_844_674_407),
    (29, nil, .max, 0),
    (127, nil, .max, 0),
    (0x80 + 0, nil, 3, 3_000_000_000),
    (0x80 + 10, nil, 1_536, 1_500_000_000),
    (0x80 + 32, nil, 1_700_000_000 << 32 | 1 << 31, 1_700_000_000_500_000_000),
    (0x80 + 63, nil, 1 << 63, 1_000_000_000),
    (0x80 + 127, nil, .max, 0),
    (6, 3_600, 5, 3_600_000_005_000),
    (9, -1, 1_000_000_001, 1),
    (0x80 + 1, -10, 23, 1_500_000_000),
    (0, nil, 1 << 32, 4_294_967_296_000_000_000),
  ]

  @Test("stamps follow the interface's resolution and offset", arguments: stamps, [false, true])
  func stamp(
    row: (resolution: UInt8?, offset: Int64?, ticks: UInt64, time: Int64), isBigEndian: Bool
  ) throws {
    var image = CaptureImage()
    image.section(isBigEndian: isBigEndian)
    var options: [CaptureImage.Option] = [(2, Array("eth0".utf8))]
    if let resolution = row.resolution { options.append((9, [resolution])) }
    if let offset = row.offset {
      var value = CaptureImage(isBigEndian: isBigEndian)
      value.append(offset)
      options.append((14, value.octets))
    }
    image.interface(options: options)
    image.enhanced(row.ticks, [1])
    image.enhanced(row.ticks, [2])
    image.obsolete(row.ticks, [3])
    #expect(try times(image) == [row.time, row.time, row.time])
  }

  @Test("a stamp outside the years that pcap can tell is held at their bounds and counted")
  func clampedStamps() throws {
    var image = CaptureImage()
    image.section()
    image.interface()
    var early = CaptureImage()
    early.append(Int64.min)
    image.interface(options: [(14, early.octets)])
    image.enhanced(1, [1])
    image.enhanced(.max, [2])
    image.enhanced(1, [3], interface: 1)
    image.enhanced(4_294_967_296_000_000, [4])
    image.enhanced(4_294_967_296_000_001, [5])
    // What Wireshark writes for a time before 1970.
    image.enhanced(UInt64(bitPattern: -5), [6])
    try withFile(image.octets) { path in
      var file = try CaptureFile(path: path)
      let latest: Int64 = 4_294_967_296_000_000_000
      #expect(readAll(&file).packets.map(\.time) == [1_000, latest, 0, latest, latest, latest])
      #expect(file.clampedStamps == 4)
    }
  }

  @Test("each section has its own byte order and interfaces")
  func sections() throws {
    var image = CaptureImage()
    image.section(isBigEndian: false)
    image.interface(1)
    image.interface(101, options: [(9, [9])])
    image.enhanced(7, [1], interface: 1)
    image.section(isBigEndian: true, minor: 2)
    image.interface(113)
    image.enhanced(8, [2])
    image.section(isBigEndian: true)
    image.enhanced(9, [3])
    let capture = try read(image)
    #expect(capture.packets.map(\.linkType) == [101, 113])
    #expect(capture.packets.map(\.time) == [7, 8_000])
    guard case .damaged(_, _, .unknownInterface(0, described: 0)) = capture.error else {
      Issue.record("\(String(describing: capture.error))")
      return
    }
  }

  @Test("interfaces may differ in link type and snap length, packets may alternate")
  func interfaces() throws {
    var image = CaptureImage()
    image.section()
    image.interface(1, snapLength: 64)
    image.interface(276, snapLength: 0, options: [(9, [9])])
    for index in 0..<6 { image.enhanced(UInt64(index), [0], interface: UInt32(index % 2)) }
    try withFile(image.octets) { path in
      var file = try CaptureFile(path: path)
      var seen: [PacketRecord] = []
      while try file.next() == .packets { seen += file.records }
      #expect(seen.map(\.interface) == [0, 1, 0, 1, 0, 1])
      #expect(seen.map(\.linkType) == [1, 276, 1, 276, 1, 276])
      #expect(seen.map(\.time) == [0, 1, 2_000, 3, 4_000, 5])
    }
  }

  @Test("a simple packet has the snap length of interface 0 and the time before it")
  func simplePackets() throws {
    var image = CaptureImage()
    image.section()
    image.interface(1, snapLength: 4)
    image.simple([1, 2, 3, 4], original: 60)
    image.enhanced(5, [9])
    image.simple([1, 2, 3], original: 3)
    #expect(
      try read(image).packets == [
        ReadPacket(time: 0, originalLength: 60, linkType: 1, data: [1, 2, 3, 4]),
        ReadPacket(time: 5_000, originalLength: 1, linkType: 1, data: [9]),
        ReadPacket(time: 5_000, originalLength: 3, linkType: 1, data: [1, 2, 3]),
      ])
  }

  @Test("an unknown block longer than the buffer is passed over")
  func longUnknownBlock() throws {
    var image = CaptureImage()
    image.section()
    image.interface()
    image.enhanced(1, [1])
    image.block(0xBAD) { $0.append([UInt8](repeating: 7, count: 40_000)) }
    image.enhanced(2, [2])
    try withFile(image.octets) { path in
      #expect(readAll(path, chunk: 128).packets.map(\.data) == [[1], [2]])
    }
  }

  /// What is wrong, and the block that says it: type, total length, the rest.
  static let damages: [(CaptureDamage, [UInt32])] = [
    (.blockLength(0, type: 0), [0, 0, 0]),
    (.blockLength(13, type: 5), [5, 13, 0, 13]),
    (.blockLength(8, type: 6), [6, 8]),
    (.blockLength(28, type: 6), [6, 28, 0, 0, 0, 0, 28]),
    (.blockLength(16, type: 1), [1, 16, 1, 16]),
    (.blockTooLong(0xFFFF_FFFC, limit: 16 << 20), [6, 0xFFFF_FFFC, 0, 0, 0, 0, 0, 0]),
    (.trailingLength(36, expected: 32), [6, 32, 0, 0, 0, 0, 0, 36]),
    (.trailingLength(1, expected: 12), [0xBAD, 12, 1]),
    (.packetPastBlock(captured: 5, room: 4), [6, 36, 0, 0, 0, 5, 5, 0, 36]),
    (.packetPastBlock(captured: .max, room: 0), [6, 32, 0, 0, 0, .max, 5, 32]),
    (.packetPastBlock(captured: 9, room: 4), [3, 20, 9, 0, 20]),
    (.unknownInterface(1, described: 1), [6, 32, 1, 0, 0, 0, 0, 32]),
    (.unknownInterface(.max, described: 1), [6, 32, .max, 0, 0, 0, 0, 32]),
    (.unknownInterface(0xFFFF, described: 1), [2, 32, 0xFFFF, 0, 0, 0, 0, 32]),
    (.optionLength(8, code: 2), [1, 28, 1, 0, 0x0008_0002, 0, 28]),
    (.optionLength(4, code: 9), [1, 28, 1, 0, 0x0004_0009, 0, 28]),
    (.optionLength(1, code: 14), [1, 28, 1, 0, 0x0001_000E, 0, 28]),
    (.byteOrderMagic(0x1234_5678), [0x0A0D_0D0A, 28, 0x1234_5678, 1, 0, 0, 28]),
  ]

  @Test("damage is told exactly, after the packets before it", arguments: damages)
  func damage(_ damage: CaptureDamage, words: [UInt32]) throws {
    var image = CaptureImage()
    image.section()
    image.interface()
    image.enhanced(1, [1])
    let offset = UInt64(image.octets.count)
    for word in words { image.append(word) }
    try withFile(image.octets) { path in
      let capture = readAll(path)
      #expect(capture.packets.map(\.data) == [[1]])
      #expect(capture.error == .damaged(path: path, offset: offset, damage: damage))
    }
  }

  @Test("an unknown version is refused", arguments: [(UInt16(2), UInt16(0)), (1, 1), (0, 0)])
  func version(major: UInt16, minor: UInt16) throws {
    var image = CaptureImage()
    image.section(major: major, minor: minor)
    try withFile(image.octets) { path in
      #expect(
        readAll(path).error
          == .unsupported(
            path: path, offset: 0,
            what: "pcapng version \(major).\(minor), where 1.0 and 1.2 are known"))
    }
  }

  @Test("a section may describe 65,536 interfaces, not more")
  func tooManyInterfaces() throws {
    var image = CaptureImage()
    image.section()
    for _ in 0..<65_536 { image.interface() }
    image.enhanced(1, [1], interface: 65_535)
    image.interface()
    try withFile(image.octets) { path in
      let offset = UInt64(image.octets.count - 20)
      let capture = readAll(path)
      #expect(capture.packets.count == 1)
      #expect(capture.error == .damaged(path: path, offset: offset, damage: .tooManyInterfaces))
    }
  }
}
