import Foundation
import PacketCapture
import Testing

@Suite("Capture files")
struct CaptureFileTests {
  @Test(
    "a file cut at any length gives the packets before the cut, then a typed error",
    arguments: CaptureImage.forms)
  func truncation(name: String, image: CaptureImage) throws {
    let whole = try withFile(image.octets) { readAll($0) }
    for length in 0..<image.octets.count {
      try withFile(Array(image.octets.prefix(length))) { path in
        let cut = readAll(path)
        #expect(cut.packets == Array(whole.packets.prefix(cut.packets.count)))
        switch cut.error {
        case .emptyFile(path):
          #expect(length == 0)
        case .truncated(path, let offset, let expected, let found):
          #expect(offset + found == UInt64(length) && expected > found)
        case nil:
          // The cut falls between two records.
          let nextRecord = try withFile(Array(image.octets.prefix(length + 1))) { readAll($0) }
          #expect(nextRecord.error != nil)
        default:
          Issue.record("\(length) octets: \(String(describing: cut.error))")
        }
      }
    }
  }

  @Test(
    "a file is read the same whatever the chunk, down to single octets, and the run",
    arguments: CaptureImage.forms, [1, 64, 100, 1 << 20])
  func chunks(form: (name: String, image: CaptureImage), chunk: Int) throws {
    try withFile(form.image.octets) { path in
      for limit in [1, 2, 3, 1_000] {
        #expect(readAll(path, chunk: chunk, limit: limit) == readAll(path))
      }
    }
  }

  @Test("a pipe that gives one octet at a time is read to its end", arguments: CaptureImage.forms)
  func pipe(name: String, image: CaptureImage) throws {
    let expected = try withFile(image.octets) { readAll($0) }
    let pipe = Pipe()
    // A thread of its own: the reader blocks the one it is on.
    Thread.detachNewThread {
      for octet in image.octets {
        try? pipe.fileHandleForWriting.write(contentsOf: [octet])
      }
      try? pipe.fileHandleForWriting.close()
    }
    var file = try CaptureFile(
      descriptor: pipe.fileHandleForReading.fileDescriptor, closing: false, name: "pipe")
    #expect(readAll(&file) == expected)
  }

  @Test("after the end and after an error the source stays at its end")
  func staysAtEnd() throws {
    let image = CaptureImage.plainPcap(magic: 0xA1B2_C3D4, isBigEndian: false)
    for octets in [image.octets, Array(image.octets.dropLast())] {
      try withFile(octets) { path in
        var file = try CaptureFile(path: path)
        _ = readAll(&file)
        #expect(try file.next() == .end)
        let isEmpty = file.isEmpty
        #expect(isEmpty)
      }
    }
  }

  static let strangers: [([UInt8], FileSignature)] = [
    (Array("BZh91AY".utf8), .bzip2), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0], .xz),
    ([0x50, 0x4B, 3, 4, 0, 0], .zip),
    (Array("snoop\0\0\0\0\0\0\u{2}".utf8), .snoop), (Array("GMBU1234".utf8), .networkMonitor),
    (Array("09:00:01 IP 10.0.0.1".utf8), .text), ([0, 1, 2, 3, 4, 5], .unknown),
    // The block type of pcapng's section header alone is no proof; nor are NAVTEL's captures read.
    ([0xA1, 0x2B, 0x3C, 0x4D, 0, 0], .unknown),
  ]

  @Test("a file that is no capture is told by what it looks like", arguments: strangers)
  func signature(octets: [UInt8], expected: FileSignature) throws {
    try withFile(octets) { path in
      #expect(readAll(path).error == .notACapture(path: path, looksLike: expected))
    }
  }

  @Test("an error's line says what to do next")
  func advice() throws {
    #expect(
      CaptureError.notACapture(path: "a.pcap.xz", looksLike: .xz).description
        == "a.pcap.xz is no pcap or pcapng capture: it is compressed: decompress it first, "
        + "e.g. xz -dc FILE | tcpclose -")
    let missing = "/nonexistent/\(UUID().uuidString)"
    #expect(
      readAll(missing).error
        == .cannotOpen(path: missing, reason: "no such file: check the path"))
    let folder = FileManager.default.temporaryDirectory.path()
    #expect(
      readAll(folder).error
        == .cannotOpen(path: folder, reason: "it is a folder: give the files in it"))
  }

  @Test("a record's octets are lent as they are in the file, with both lengths")
  func lengths() throws {
    var image = CaptureImage.pcap(CaptureImage.PcapHeader(snapLength: 4))
    image.record(seconds: 1, fraction: 2, [1, 2, 3, 4, 5, 6], original: 1_500)
    try withFile(image.octets) { path in
      let packet = ReadPacket(
        time: 1_000_002_000, originalLength: 1_500, linkType: 1, data: [1, 2, 3, 4, 5, 6])
      #expect(readAll(path) == ReadCapture(packets: [packet]))
    }
  }
}
