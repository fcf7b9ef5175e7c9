import Foundation
import PacketCapture
import Testing

/// Our reader against libpcap's own, record by record.
@Suite("libpcap as oracle")
struct OracleTests {
  /// Public captures: `TCPCLOSE_CAPTURES`, else the folder beside the repository.
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["TCPCLOSE_CAPTURES"] {
      return URL(filePath: path)
    }
    return URL(filePath: #filePath).appending(path: "../../../../shared/captures").standardized
  }()

  static let captures: [String] = {
    let names = FileManager.default.enumerator(atPath: folder.path())?.compactMap { $0 as? String }
    return (names ?? []).filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.sorted()
  }()

  @Test("every form of a file is read as libpcap reads it", arguments: CaptureImage.forms)
  func form(name: String, image: CaptureImage) throws {
    try withFile(image.octets) { path in
      let theirs = try #require(readWithLibpcap(path))
      var ours = readAll(path)
      #expect(ours.error == nil)
      // libpcap gives a simple packet the time 0, we the time of the packet before it.
      if name.hasPrefix("pcapng") { ours.packets[ours.packets.count - 1].time = 0 }
      #expect(ours.packets == theirs.packets)
    }
  }

  @Test(
    "public captures are read as libpcap reads them",
    .enabled(if: !captures.isEmpty, "set TCPCLOSE_CAPTURES to a folder of captures"),
    arguments: captures)
  func publicCapture(name: String) throws {
    let path = Self.folder.appending(path: name).path()
    let ours = readAll(path)
    guard let theirs = readWithLibpcap(path) else { return }
    // libpcap gives up at a second interface of another kind; what it read until then is ours too.
    #expect(ours.packets.count >= theirs.packets.count)
    if theirs.error == nil {
      #expect(ours.error == nil)
      #expect(ours.packets.count == theirs.packets.count)
    }
    for (index, (our, their)) in zip(ours.packets, theirs.packets).enumerated() {
      #expect(agree(our, their), "packet \(index + 1)")
    }
  }

  /// Equal, but for what libpcap changes in a packet and we leave as it is in the file.
  private func agree(_ ours: ReadPacket, _ theirs: ReadPacket) -> Bool {
    var ours = ours
    // Cut to the file's snapshot length.
    ours.data = Array(ours.data.prefix(theirs.data.count))
    // Either half of a stamp read as a signed number, where it is 2^31 or more.
    if (ours.time - theirs.time) % (1 << 32) == 0 { ours.time = theirs.time }
    // Headers turned to our byte order, lengths made up for USB.
    if [113, 189, 220, 239].contains(ours.linkType) {
      ours.data = theirs.data
      ours.originalLength = theirs.originalLength
    }
    return ours == theirs
  }
}
