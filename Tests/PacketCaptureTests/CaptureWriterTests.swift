import Foundation
import PacketCapture
import Testing

/// Files that are written: read again by our reader and by libpcap they hold what went in.
@Suite("Capture writer")
struct CaptureWriterTests {
  private static let start: Int64 = 1_700_000_000_000_000_000

  private static func packet(
    _ index: Int = 0, time: Int64? = nil, linkType: UInt16 = 1, octets: Int = 60,
    original: UInt32? = nil
  ) -> ReadPacket {
    ReadPacket(
      time: time ?? start + Int64(index) * 1_000, originalLength: original ?? UInt32(octets),
      linkType: linkType, data: (0..<octets).map { UInt8(truncatingIfNeeded: $0 &+ index) })
  }

  /// Writes packets into a file of its own, and hands on its path and what the writer says.
  private static func write<Result>(
    _ packets: [ReadPacket], name: String = "new.pcap", interface: UInt32 = 0,
    _ body: (String, CaptureWriter.Account) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: name).path()
    var writer = try CaptureWriter(path: path)
    for packet in packets { try writer.write(packet, interface: interface) }
    let account = try writer.finish()
    #expect(account.packets == packets.count)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
    #expect(names == [name], "nothing else is left")
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? UInt64
    #expect(size == account.octets)
    return try body(path, account)
  }

  @Test("every form of a file comes out as it went in", arguments: CaptureImage.forms)
  func forms(name: String, image: CaptureImage) throws {
    let packets = try withFile(image.octets) { readAll($0).packets }
    #expect(!packets.isEmpty)
    try Self.write(packets) { path, account in
      #expect(readAll(path) == ReadCapture(packets: packets))
      let theirs = try #require(readWithLibpcap(path))
      #expect(theirs.packets == packets && theirs.error == nil)
      #expect(account.form == .pcap(nanoseconds: name.hasPrefix("nanoseconds")))
    }
    try Self.write(packets, name: "new.pcapng") { path, account in
      #expect(readAll(path) == ReadCapture(packets: packets))
      #expect(readWithLibpcap(path)?.packets == packets)
      #expect(account.form == .pcapng)
    }
  }

  /// Which packets make a file which form; `late` comes after so many plain ones that the file
  /// has begun by then.
  static let needs: [(what: String, packet: ReadPacket, form: CaptureForm)] = [
    ("nothing", packet(), .pcap(nanoseconds: false)),
    ("nanoseconds", packet(time: start + 1), .pcap(nanoseconds: true)),
    ("pcap's last second", packet(time: 4_294_967_295_999_999_999), .pcap(nanoseconds: true)),
    ("a later second", packet(time: 4_294_967_296_000_000_000), .pcapng),
    ("another link type", packet(linkType: 113), .pcapng),
    ("the longest packet", packet(octets: 262_144), .pcap(nanoseconds: false)),
    ("a longer packet", packet(octets: 262_145), .pcapng),
    ("a packet cut short", packet(octets: 14, original: 9_000), .pcap(nanoseconds: false)),
    ("an empty packet", packet(octets: 0, original: 9), .pcap(nanoseconds: false)),
  ]

  @Test("the form is the simplest that takes all packets", arguments: needs, [2, 9_000])
  func form(need: (what: String, packet: ReadPacket, form: CaptureForm), before: Int) throws {
    let packets = (0..<before).map { Self.packet($0) } + [need.packet, Self.packet(before)]
    try Self.write(packets) { path, account in
      #expect(account.form == need.form)
      #expect(readAll(path) == ReadCapture(packets: packets))
    }
  }

  @Test("what needs two things gets both, however late they come")
  func twice() throws {
    var packets = (0..<6_000).map { Self.packet($0) }
    packets.append(Self.packet(time: Self.start + 999))
    packets += (0..<6_000).map { Self.packet($0) }
    packets.append(Self.packet(linkType: 276))
    packets += (0..<6_000).map { Self.packet($0) }
    try Self.write(packets, interface: 3) { path, account in
      #expect(account.form == .pcapng)
      #expect(readAll(path) == ReadCapture(packets: packets))
    }
  }

  @Test("interfaces stay apart, within bounds, and none changes a link type")
  func interfaces() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "new.pcapng").path()
    var writer = try CaptureWriter(path: path)
    let packets = (0..<20_000).map { Self.packet($0, linkType: UInt16($0 % 2) * 112 + 1) }
    for (index, packet) in packets.enumerated() {
      try writer.write(packet, interface: UInt32(index / 2))
    }
    _ = try writer.finish()
    var file = try CaptureFile(path: path)
    var numbers: Set<UInt32> = []
    var read = ReadCapture()
    while try file.next() == .packets {
      read.packets += file.packets
      numbers.formUnion(file.records.map(\.interface))
    }
    #expect(read.packets == packets)
    #expect(numbers.count == 4_096)
  }

  @Test("a file of no packets is a capture")
  func none() throws {
    for name in ["new.pcap", "new.pcapng"] {
      try Self.write([], name: name) { path, _ in
        #expect(readAll(path) == ReadCapture())
        if name == "new.pcap" { #expect(readWithLibpcap(path)?.packets == []) }
      }
    }
  }

  @Test("what is there already is left alone, by whatever name it goes")
  func refusals() throws {
    try withFile([1, 2, 3]) { path in
      let link = path + ".link"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      defer { try? FileManager.default.removeItem(atPath: link) }
      for (name, others, reason) in [
        (path, [], "it exists already: remove it first, or write to another file"),
        (link, [], "it exists already: remove it first, or write to another file"),
        (path, [path], "it is to be read: write to another file"),
        (link, ["/dev/null", path], "it is \(path): write to another file"),
      ] {
        #expect(throws: CaptureError.cannotWrite(path: name, packets: nil, reason: reason)) {
          _ = try CaptureWriter(path: name, sparing: others).finish()
        }
      }
      #expect(try Data(contentsOf: URL(filePath: path)) == Data([1, 2, 3]))
    }
    try withFile([]) { path in
      #expect(throws: CaptureError.self) {
        _ = try CaptureWriter(path: path, sparing: [path]).finish()
      }
      _ = try CaptureWriter(path: path).finish()
    }
    #expect(
      throws: CaptureError.cannotWrite(
        path: "/dev/null/x", packets: nil, reason: "Not a directory")
    ) {
      _ = try CaptureWriter(path: "/dev/null/x").finish()
    }
  }

  @Test("a full device is told, with what went to it")
  func full() throws {
    let error = #expect(throws: CaptureError.self) {
      var writer = try CaptureWriter(path: "/dev/full")
      for index in 0..<10_000 { try writer.write(Self.packet(index)) }
      _ = try writer.finish()
    }
    #expect(
      error
        == .cannotWrite(path: "/dev/full", packets: 0, reason: "No space left on device"))
  }

  @Test("through a pipe the form stays, and a packet that does not fit is told")
  func pipe() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let status = unsafe mkfifo(path, 0o600)
    try #require(status == 0)
    // Open for both, it waits for nobody, and has room for what is written here.
    let reader = try #require(FileHandle(forUpdatingAtPath: path))
    defer { try? reader.close() }
    var writer = try CaptureWriter(path: path)
    try writer.write(Self.packet())
    try writer.write(Self.packet(time: Self.start + 1))
    try writer.flush()
    try writer.write(Self.packet(1))
    let error = #expect(throws: CaptureError.self) { try writer.write(Self.packet(linkType: 113)) }
    #expect(error?.description.contains("needs pcapng") == true)
    #expect(error?.description.contains("3 packets, is whole") == true)
  }
}

extension CaptureWriter {
  mutating func write(_ packet: ReadPacket, interface: UInt32 = 0) throws {
    let record = PacketRecord(
      time: packet.time, originalLength: packet.originalLength,
      capturedLength: UInt32(packet.data.count), linkType: packet.linkType, interface: interface)
    try write(record, packet.data.span)
  }
}
