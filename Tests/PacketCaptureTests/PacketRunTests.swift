import Foundation
import PacketCapture
import Testing

/// How a file's packets fall into runs.
@Suite("Runs of packets")
struct PacketRunTests {
  /// A file of `count` packets, told apart by time and octets; lengths differ.
  private func image(_ count: Int, isPcapng: Bool) -> CaptureImage {
    var image = isPcapng ? CaptureImage() : CaptureImage.pcap()
    if isPcapng {
      image.section()
      image.interface()
    }
    for index in 0..<count {
      let data = [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index % 37)
      if isPcapng {
        image.enhanced(UInt64(index) * 1_000_000, data)
      } else {
        image.record(seconds: UInt32(index), data)
      }
    }
    return image
  }

  private func expected(_ count: Int) -> [ReadPacket] {
    (0..<count).map { index in
      ReadPacket(
        time: Int64(index) * 1_000_000_000, originalLength: UInt32(index % 37), linkType: 1,
        data: [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index % 37))
    }
  }

  /// The packets of each run, and the error after the last.
  private func runs(
    _ octets: [UInt8], chunk: Int = CaptureFile.defaultChunk, limit: Int = PacketRun.limit
  ) throws -> (runs: [[ReadPacket]], error: CaptureError?) {
    try withFile(octets) { path in
      var runs: [[ReadPacket]] = []
      var file = try CaptureFile(path: path, chunk: chunk)
      do throws(CaptureError) {
        while try file.next(limit: limit) == .packets { runs.append(file.packets) }
      } catch {
        #expect(try file.next() == .end)
        let isEmpty = file.isEmpty
        #expect(isEmpty)
        return (runs, error)
      }
      return (runs, nil)
    }
  }

  @Test("what lies in the buffer comes at once, up to the limit", arguments: [false, true])
  func lengths(isPcapng: Bool) throws {
    let octets = image(200, isPcapng: isPcapng).octets
    for limit in [64, 150, 1_000] {
      #expect(try runs(octets, limit: limit).runs.map(\.count) == [64, 64, 64, 8])
    }
    #expect(try runs(octets, limit: 50).runs.map(\.count) == [50, 50, 50, 50])
    #expect(try runs(octets, limit: 1).runs.map(\.count) == Array(repeating: 1, count: 200))
  }

  @Test(
    "a run ends where the buffer does, and the next begins with the packet that was cut",
    arguments: [false, true], [1, 65, 128, 300, 1_001])
  func refills(isPcapng: Bool, chunk: Int) throws {
    for limit in [1, 5, 64] {
      let read = try runs(image(200, isPcapng: isPcapng).octets, chunk: chunk, limit: limit)
      #expect(read.error == nil)
      #expect(read.runs.flatMap(\.self) == expected(200))
      #expect(read.runs.allSatisfy { (1...limit).contains($0.count) })
      // 300 octets hold several packets, and not all: the buffer was filled again between runs.
      if chunk == 300, limit == 64 { #expect((20..<150).contains(read.runs.count)) }
    }
  }

  @Test("packets before damage come first, the error with the next step", arguments: [false, true])
  func damage(isPcapng: Bool) throws {
    let whole = image(10, isPcapng: isPcapng)
    let offset = UInt64(whole.octets.count)
    var damaged = whole
    let damage: CaptureDamage
    if isPcapng {
      damaged.enhanced(0, [1], interface: 7)
      damage = .unknownInterface(7, described: 1)
    } else {
      for word: UInt32 in [0, 0, 300_000, 300_000] { damaged.append(word) }
      damage = .capturedLength(300_000, limit: 262_144)
    }
    damaged.octets += image(5, isPcapng: isPcapng).octets
    let read = try runs(damaged.octets)
    #expect(read.runs == [expected(10)])
    guard case .damaged(_, offset, damage) = read.error else {
      Issue.record("\(String(describing: read.error))")
      return
    }
  }

  @Test("packets before a cut come first, the error with the next step", arguments: [false, true])
  func cut(isPcapng: Bool) throws {
    let octets = image(70, isPcapng: isPcapng).octets
    let read = try runs(Array(octets.dropLast()))
    #expect(read.runs.map(\.count) == [64, 5])
    #expect(read.runs.flatMap(\.self) == expected(69))
    guard case .truncated = read.error else {
      Issue.record("\(String(describing: read.error))")
      return
    }
  }

  @Test("a packet without a stamp keeps the time of the one before it, in whichever run")
  func withoutStamp() throws {
    var image = image(3, isPcapng: true)
    image.simple([1])
    image.simple([2])
    image.enhanced(9_000_000, [3])
    for limit in [1, 2, 64] {
      let times = try runs(image.octets, limit: limit).runs.flatMap(\.self).map(\.time)
      #expect(times == [0, 1, 2, 2, 2, 9].map { $0 * 1_000_000_000 })
    }
  }

  @Test("what a pipe has given so far is handed on, though no more comes")
  func pipe() throws {
    let pipe = Pipe()
    let octets = image(3, isPcapng: false).octets
    try pipe.fileHandleForWriting.write(contentsOf: octets)
    try pipe.fileHandleForWriting.write(contentsOf: [0, 0])
    var file = try CaptureFile(
      descriptor: pipe.fileHandleForReading.fileDescriptor, closing: false, name: "pipe")
    // The pipe stays open: to wait for a fourth packet would be to wait for ever.
    #expect(try file.next() == .packets)
    let packets = file.packets
    #expect(packets == expected(3))
    try pipe.fileHandleForWriting.close()
    #expect(throws: CaptureError.self) { try file.next() }
  }
}
