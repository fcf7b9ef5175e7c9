import Foundation
import PacketCapture
import Testing

@Suite("Following a file that grows")
struct FollowingTests {
  /// A file that a test writes bit by bit.
  private struct GrowingFile {
    let path: String
    private let handle: FileHandle

    init() throws {
      let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try Data().write(to: url)
      path = url.path()
      handle = try FileHandle(forWritingTo: url)
    }

    func append(_ octets: some Sequence<UInt8>) throws {
      try handle.write(contentsOf: Data(Array(octets)))
    }

    func truncate(to length: UInt64) throws { try handle.truncate(atOffset: length) }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
  }

  private let stop: CaptureStop

  init() throws { stop = try #require(CaptureStop()) }

  /// Steps until nothing more comes for now, or ever.
  private func drain(
    _ source: inout CaptureFile, into packets: inout [ReadPacket]
  ) throws(CaptureError) -> SourceStep {
    while true {
      let step = try source.next()
      guard step == .packets else { return step }
      packets += source.packets
    }
  }

  /// A file's name, how much of it holds its header, all of it, and what it decompresses to.
  static let forms: [(name: String, header: Int, octets: [UInt8], plain: [UInt8])] =
    CaptureImage.forms.filter { $0.name.hasSuffix("little-endian") }
    .map { ($0.name, $0.name.hasPrefix("pcapng") ? 28 : 24, $0.image.octets, $0.image.octets) }
    + Compression.allCases.map { compression in
      let octets = CaptureImage.plainPcap(magic: 0xA1B2_3C4D, isBigEndian: false).octets
      let header = compression.compress(Array(octets[..<24]))
      let rest = compression.compress(Array(octets[24...]))
      return ("\(compression)", header.count, header + rest, octets)
    }

  @Test(
    "whatever the portions it grows in, every packet is read once, then the stop ends it",
    arguments: forms)
  func growth(name: String, header: Int, octets: [UInt8], plain: [UInt8]) throws {
    let expected = try withFile(plain) { readAll($0).packets }
    let file = try GrowingFile()
    defer { file.remove() }
    try file.append(octets[..<header])
    var source = try CaptureFile(path: file.path, following: stop)
    var packets: [ReadPacket] = []
    var place = header
    while true {
      let step = try drain(&source, into: &packets)
      #expect(step == .idle)
      guard place < octets.count else { break }
      let next = min(place + 71, octets.count)
      try file.append(octets[place..<next])
      place = next
    }
    #expect(packets == expected)
    stop.stop()
    #expect(try source.next() == .end)
    #expect(try source.next() == .end)
  }

  @Test(
    "what is not written yet is no error, in a record and in a compressed stream",
    arguments: Compression.allCases)
  func unfinished(compression: Compression) throws {
    let image = CaptureImage.plainPcap(magic: 0xA1B2_C3D4, isBigEndian: true)
    let rest = compression.compress(Array(image.octets[24...]))
    let file = try GrowingFile()
    defer { file.remove() }
    // A whole frame, then half of one.
    try file.append(compression.compress(image.octets))
    try file.append(rest[..<(rest.count / 2)])
    var source = try CaptureFile(path: file.path, following: stop)
    var packets: [ReadPacket] = []
    #expect(try drain(&source, into: &packets) == .idle)
    #expect(packets.count >= 5)
    stop.stop()
    #expect(try drain(&source, into: &packets) == .end)
  }

  @Test("the header is waited for, until the stop")
  func header() throws {
    let file = try GrowingFile()
    defer { file.remove() }
    let octets = CaptureImage.plainPcapng(isBigEndian: false).octets
    Thread.detachNewThread {
      for portion in [octets[..<3], octets[3..<20], octets[20...]] {
        Thread.sleep(forTimeInterval: 0.15)
        try? file.append(portion)
      }
    }
    var source = try CaptureFile(path: file.path, following: stop)
    var packets: [ReadPacket] = []
    while packets.count < 7 {
      guard case .idle = try drain(&source, into: &packets) else { break }
    }
    #expect(packets.count == 7)

    let empty = try GrowingFile()
    defer { empty.remove() }
    let stop = stop
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.15)
      stop.stop()
    }
    let error = #expect(throws: CaptureError.self) {
      _ = try CaptureFile(path: empty.path, following: stop)
    }
    #expect(error == .emptyFile(path: empty.path))
  }

  /// What becomes of the file, and what is said of it.
  static let ends: [(name: String, reason: String)] = [
    ("cut", "it was cut down to 30 octets"), ("removed", "it was removed or renamed"),
    ("replaced", "another file took its place"),
  ]

  @Test("a file that is not the same any more ends, after all that came before", arguments: ends)
  func otherFile(name: String, reason: String) throws {
    let image = CaptureImage.plainPcap(magic: 0xA1B2_C3D4, isBigEndian: false)
    let file = try GrowingFile()
    defer { file.remove() }
    try file.append(image.octets)
    var source = try CaptureFile(path: file.path, following: stop)
    var packets: [ReadPacket] = []
    #expect(try drain(&source, into: &packets) == .idle)
    let more = CaptureImage.plainPcap(magic: 0xA1B2_C3D4, isBigEndian: false).octets[24...]
    switch name {
    case "cut": try file.truncate(to: 30)
    case "removed":
      try file.append(more)
      file.remove()
    default:
      try file.append(more)
      try Data(image.octets).write(to: URL(filePath: file.path), options: .atomic)
    }
    let error = #expect(throws: CaptureError.self) {
      while try drain(&source, into: &packets) == .idle {}
    }
    let length = UInt64(image.octets.count + (name == "cut" ? 0 : more.count))
    #expect(error == .followEnded(path: file.path, offset: length, reason: reason))
    #expect(packets.count == (name == "cut" ? 5 : 10))
    #expect(try source.next() == .end)
  }

  @Test("damage is an error in a file that grows, too")
  func damage() throws {
    var image = CaptureImage.plainPcapng(isBigEndian: false)
    let offset = UInt64(image.octets.count)
    for word: UInt32 in [6, 13, 0] { image.append(word) }
    let file = try GrowingFile()
    defer { file.remove() }
    try file.append(image.octets)
    var source = try CaptureFile(path: file.path, following: stop)
    var packets: [ReadPacket] = []
    let error = #expect(throws: CaptureError.self) { try drain(&source, into: &packets) }
    #expect(
      error == .damaged(path: file.path, offset: offset, damage: .blockLength(13, type: 6)))
  }
}
