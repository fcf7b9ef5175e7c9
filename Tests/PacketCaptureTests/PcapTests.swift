import PacketCapture
import Testing

@Suite("pcap")
struct PcapTests {
  @Test(
    "the link type is the header's number without its upper bits, old numbers made new",
    arguments: [
      (UInt32(1), UInt16(1)), (0x1400_0001, 1), (0xFC00_0071, 113), (101, 101), (12, 101),
      (14, 101), (11, 100), (15, 102), (16, 103), (19, 106), (9, 9), (228, 228),
    ])
  func linkType(number: UInt32, expected: UInt16) throws {
    var image = CaptureImage.pcap(CaptureImage.PcapHeader(linkType: number))
    image.record(seconds: 1, [0x45])
    try withFile(image.octets) { #expect(readAll($0).packets.map(\.linkType) == [expected]) }
  }

  @Test("a link type beyond 16 bits is refused")
  func wideLinkType() throws {
    let image = CaptureImage.pcap(CaptureImage.PcapHeader(linkType: 0x0101_0001))
    try withFile(image.octets) { path in
      #expect(
        readAll(path).error
          == .unsupported(path: path, offset: 0, what: "its link type 16842753 is unknown"))
    }
  }

  @Test(
    "versions are those libpcap takes",
    arguments: [
      (UInt16(2), UInt16(0), true), (2, 4, true), (543, 0, true), (2, 5, false), (1, 2, false),
      (3, 0, false), (543, 1, false),
    ])
  func version(major: UInt16, minor: UInt16, isKnown: Bool) throws {
    let image = CaptureImage.pcap(CaptureImage.PcapHeader(major: major, minor: minor))
    try withFile(image.octets) { path in
      #expect((readAll(path).error == nil) == isKnown)
      #expect((readWithLibpcap(path) != nil) == isKnown)
    }
  }

  /// Numbers that programs have begun their captures with, and whether they are read.
  static let magics: [(magic: UInt32, isKnown: Bool)] = [
    (0xA1B2_C3D4, true), (0xA1B2_3C4D, true), (0xA1B2_CD34, true),
    // Francisco Mesquita's and NAVTEL's: reserved, and never described.
    (0xA1B2_34CD, false), (0xA12B_3C4D, false),
  ]

  @Test("magic numbers are those libpcap takes", arguments: magics, [false, true])
  func magic(row: (magic: UInt32, isKnown: Bool), isBigEndian: Bool) throws {
    let image = CaptureImage.plainPcap(magic: row.magic, isBigEndian: isBigEndian)
    try withFile(image.octets) { path in
      #expect((readAll(path).error == nil) == row.isKnown)
      #expect((readWithLibpcap(path) != nil) == row.isKnown)
    }
  }

  @Test(
    "every version with every magic number is read as libpcap reads it, cut packets too",
    arguments: [(UInt16(2), UInt16(0)), (2, 1), (2, 2), (2, 3), (2, 4), (543, 0)],
    [UInt32(0xA1B2_C3D4), 0xA1B2_3C4D, 0xA1B2_CD34])
  func variant(version: (major: UInt16, minor: UInt16), magic: UInt32) throws {
    for isBigEndian in [false, true] {
      let header = CaptureImage.PcapHeader(
        magic: magic, major: version.major, minor: version.minor)
      var image = CaptureImage.pcap(header, isBigEndian: isBigEndian)
      let extra = [UInt8](repeating: 7, count: magic == 0xA1B2_CD34 ? 8 : 0)
      // Before version 2.3 the length on the wire came first; of 2.3 there are files of either kind.
      for isWireFirst in [false, true] {
        let (captured, wire) = (UInt32(20), UInt32(1_500))
        image.append(UInt32(1_700_000_000))
        image.append(UInt32(123_456))
        let isOld = version.major == 543 || version.minor < 3
        let first = version.minor == 3 ? isWireFirst : isOld
        image.append(first ? wire : captured)
        image.append(first ? captured : wire)
        image.append(extra)
        image.append([UInt8](repeating: 5, count: 20))
      }
      try withFile(image.octets) { path in
        let theirs = try #require(readWithLibpcap(path))
        let ours = readAll(path)
        #expect(ours.error == nil && theirs.error == nil)
        #expect(ours.packets == theirs.packets)
        #expect(ours.packets.map(\.originalLength) == [1_500, 1_500])
        #expect(ours.packets.map(\.data.count) == [20, 20])
      }
    }
  }

  /// Link type, captured length claimed, the bound.
  static let bounds: [(UInt32, UInt32, UInt32)] = [
    (1, 262_145, 262_144), (1, .max, 262_144), (101, 0x8000_0000, 262_144),
    (231, 128 << 20 + 1, 128 << 20), (249, 1 << 20 + 1, 1 << 20),
  ]

  @Test("more captured octets than the link type can have is damage", arguments: bounds)
  func capturedLength(linkType: UInt32, claimed: UInt32, limit: UInt32) throws {
    var image = CaptureImage.pcap(CaptureImage.PcapHeader(linkType: linkType))
    image.record(seconds: 1, [1, 2, 3])
    let offset = UInt64(image.octets.count)
    for word in [2, 0, claimed, claimed, 0, 0] { image.append(word) }
    try withFile(image.octets) { path in
      let capture = readAll(path)
      #expect(capture.packets.map(\.data) == [[1, 2, 3]])
      #expect(
        capture.error
          == .damaged(
            path: path, offset: offset, damage: .capturedLength(claimed, limit: limit)))
    }
  }

  @Test("the largest packet is read, though it is larger than the buffer")
  func largestPacket() throws {
    var image = CaptureImage.pcap()
    let large = [UInt8](repeating: 0xAB, count: 262_144)
    image.record(seconds: 1, [1])
    image.record(seconds: 2, large)
    image.record(seconds: 3, [3])
    try withFile(image.octets) { path in
      #expect(readAll(path, chunk: 4_096).packets.map(\.data) == [[1], large, [3]])
    }
  }

  @Test("seconds count to 2106, and an impossible fraction does not trap")
  func extremeStamps() throws {
    var image = CaptureImage.pcap()
    image.record(seconds: .max, fraction: .max, [])
    try withFile(image.octets) { path in
      #expect(
        readAll(path).packets.map(\.time) == [4_294_967_295_000_000_000 + 4_294_967_295_000])
    }
  }

  @Test("random octets after a good header end in a typed error or the end, never in a trap")
  func noise() throws {
    var generator = SystemRandomNumberGenerator()
    for (_, form) in CaptureImage.forms {
      for _ in 0..<50 {
        var octets = form.octets
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
          let place = Int.random(in: 4..<octets.count, using: &generator)
          octets[place] = UInt8.random(in: .min ... .max, using: &generator)
        }
        try withFile(octets) { path in
          let capture = readAll(path, chunk: 64)
          #expect(capture == readAll(path), "\(octets)")
        }
      }
    }
  }
}
