import Foundation
import PacketCapture
import Testing

@Suite("Compressed files")
struct CompressedFileTests {
  private static let image = CaptureImage.plainPcap(magic: 0xA1B2_C3D4, isBigEndian: false)

  /// A capture of many packets that compress badly: several blocks of every format.
  private static let large: CaptureImage = {
    var image = CaptureImage.pcap()
    var state: UInt64 = 1
    for second in 0..<400 as Range<UInt32> {
      image.record(
        seconds: second,
        (0..<1_400).map { _ in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return UInt8(truncatingIfNeeded: state >> 56)
        })
    }
    return image
  }()

  private func read(_ octets: [UInt8], chunk: Int = CaptureFile.defaultChunk) throws -> ReadCapture
  {
    try withFile(octets) { readAll($0, chunk: chunk) }
  }

  @Test(
    "every form is read as if it were not compressed, whatever the chunk",
    arguments: Compression.allCases, CaptureImage.forms)
  func form(compression: Compression, form: (name: String, image: CaptureImage)) throws {
    let plain = try read(form.image.octets)
    for chunk in [1, 100, 1 << 18] {
      #expect(try read(compression.compress(form.image.octets), chunk: chunk) == plain)
    }
  }

  @Test("many blocks are read, through a buffer smaller than one", arguments: Compression.allCases)
  func manyBlocks(compression: Compression) throws {
    let plain = try read(Self.large.octets)
    #expect(plain.packets.count == 400)
    for chunk in [512, 1 << 18] {
      #expect(try read(compression.compress(Self.large.octets), chunk: chunk) == plain)
    }
  }

  @Test("a pipe that gives one octet at a time is read", arguments: Compression.allCases)
  func pipe(compression: Compression) throws {
    let compressed = compression.compress(Self.image.octets)
    let pipe = Pipe()
    Thread.detachNewThread {
      for octet in compressed { try? pipe.fileHandleForWriting.write(contentsOf: [octet]) }
      try? pipe.fileHandleForWriting.close()
    }
    var file = try CaptureFile(
      descriptor: pipe.fileHandleForReading.fileDescriptor, closing: false, name: "pipe")
    #expect(readAll(&file) == (try read(Self.image.octets)))
  }

  @Test("members and frames follow one another, empty ones too", arguments: Compression.allCases)
  func members(compression: Compression) throws {
    let plain = try read(Self.image.octets)
    let octets = Self.image.octets
    let empty = compression.compress([])
    for place in [1, 4, 24, 30, octets.count - 1] {
      let parts = [octets[..<place], [], octets[place...]]
      let whole = empty + parts.flatMap { compression.compress(Array($0)) } + empty
      #expect(try read(whole) == plain)
    }
  }

  @Test("frames to be passed over may stand anywhere", arguments: [Compression.zstd, .lz4])
  func skippableFrames(compression: Compression) throws {
    let octets = Self.image.octets
    let (first, second) = (Array(octets[..<40]), Array(octets[40...]))
    let whole =
      Compression.skippable([]) + Compression.skippable(Array(0..<200), kind: 15)
      + compression.compress(first) + Compression.skippable([1, 2, 3], kind: 7)
      + compression.compress(second) + Compression.skippable(Array(0..<9))
    for chunk in [64, 1 << 18] {
      #expect(try read(whole, chunk: chunk) == (try read(octets)))
    }
  }

  @Test("a file of nothing but frames to be passed over is empty, or cut short")
  func onlySkippable() throws {
    let octets = Compression.skippable([1, 2, 3])
    try withFile(octets) { #expect(readAll($0).error == .emptyFile(path: $0)) }
    try withFile(Array(octets.dropLast())) {
      #expect(
        readAll($0).error == .truncated(path: $0, offset: 0, expected: 11, found: 10))
    }
  }

  @Test("zeros behind the last gzip member are padding, anything else is damage")
  func gzipPadding() throws {
    let compressed = Compression.gzip.compress(Self.image.octets)
    let plain = try read(Self.image.octets)
    #expect(try read(compressed + [UInt8](repeating: 0, count: 1_000)) == plain)
    try withFile(compressed + [0, 0, 7, 7, 7]) { path in
      let capture = readAll(path)
      #expect(capture.packets == plain.packets)
      guard case .compressedDamaged(path, let offset, .gzip, _) = capture.error else {
        Issue.record("\(String(describing: capture.error))")
        return
      }
      #expect(offset >= UInt64(compressed.count + 2))
    }
  }

  @Test(
    "a file cut at any length gives the packets before the cut, then a typed error",
    arguments: Compression.allCases)
  func truncation(compression: Compression) throws {
    let plain = try read(Self.image.octets)
    let compressed = compression.compress(Self.image.octets)
    for length in 4..<compressed.count {
      try withFile(Array(compressed.prefix(length))) { path in
        let cut = readAll(path)
        #expect(cut.packets == Array(plain.packets.prefix(cut.packets.count)))
        #expect(
          cut.error
            == .compressedTruncated(
              path: path, offset: UInt64(length), compression: compression))
      }
    }
  }

  @Test("what was decompressed before a cut is reported", arguments: Compression.allCases)
  func packetsBeforeCut(compression: Compression) throws {
    let compressed = compression.compress(Self.large.octets)
    // It does not compress, so the middle is the middle; blocks are 128 KiB at most.
    let cut = try read(Array(compressed.prefix(compressed.count / 2)))
    #expect((105...200).contains(cut.packets.count))
  }

  @Test(
    "the frame before a damaged one is reported, and the octet told",
    arguments: Compression.allCases)
  func damagedFrame(compression: Compression) throws {
    let first = compression.compress(Self.image.octets)
    var second = CaptureImage()
    for index in 0..<5 { second.record(seconds: UInt32(index), Array(0..<200)) }
    var octets = first + compression.compress(second.octets)
    // Its trailing checksum.
    octets[octets.count - (compression == .gzip ? 8 : 4)] ^= 0x55
    try withFile(octets) { path in
      let capture = readAll(path)
      let plain = try read(Self.image.octets + second.octets)
      #expect(capture.packets.count >= 5)
      #expect(capture.packets == Array(plain.packets.prefix(capture.packets.count)))
      guard case .compressedDamaged(path, let offset, compression, let reason) = capture.error
      else {
        Issue.record("\(String(describing: capture.error))")
        return
      }
      #expect((UInt64(first.count)...UInt64(octets.count)).contains(offset))
      #expect(!reason.isEmpty)
    }
  }

  @Test("blocks before a damaged one are reported, however little of them was asked for")
  func damagedBlock() throws {
    var octets = Compression.lz4.compress(Self.large.octets)
    // Each block holds 64 KiB, does not compress, and has its own checksum: 46 packets.
    octets[octets.count / 2] ^= 1
    let cut = try read(octets)
    #expect((150...200).contains(cut.packets.count))
    guard case .compressedDamaged(_, let offset, .lz4, _) = cut.error else {
      Issue.record("\(String(describing: cut.error))")
      return
    }
    #expect(abs(Int(offset) - octets.count / 2) <= 1 << 16 + 64)
  }

  @Test(
    "random octets end in a typed error or the end, the same whatever the chunk",
    arguments: Compression.allCases)
  func noise(compression: Compression) throws {
    var generator = SystemRandomNumberGenerator()
    let compressed = compression.compress(Self.image.octets)
    for _ in 0..<200 {
      var octets = compressed
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 4..<octets.count, using: &generator)
        octets[place] = UInt8.random(in: .min ... .max, using: &generator)
      }
      let (fine, coarse) = (try read(octets, chunk: 64), try read(octets))
      // Where the damage is noticed may depend on how much was asked for, what is read not.
      let count = min(fine.packets.count, coarse.packets.count)
      #expect(fine.packets.prefix(count) == coarse.packets.prefix(count), "\(octets)")
    }
  }

  @Test("offsets and names of records are of what the file decompresses to")
  func names() throws {
    var image = Self.image
    image.append([1, 2, 3])
    try withFile(Compression.zstd.compress(image.octets)) { path in
      #expect(
        readAll(path).error
          == .truncated(
            path: path + " (decompressed)", offset: UInt64(image.octets.count - 3), expected: 16,
            found: 3))
    }
    try withFile(Compression.gzip.compress([])) { path in
      #expect(readAll(path).error == .emptyFile(path: path + " (decompressed)"))
    }
  }

  @Test("what is compressed twice is refused with advice", arguments: Compression.allCases)
  func twice(compression: Compression) throws {
    let twice = Compression.lz4.compress(compression.compress(Self.image.octets))
    try withFile(twice) { path in
      guard case .notACapture(_, let signature) = readAll(path).error else {
        Issue.record("it was read")
        return
      }
      #expect(signature.advice.hasPrefix("it is compressed twice: decompress it once, e.g. "))
      #expect("\(signature)" == "\(compression)")
    }
  }

  @Test("a zstd frame that wants more memory than 128 MiB is refused")
  func window() throws {
    // A frame header (RFC 8878 §3.1.1.1) whose window is of 2^(10 + 18), then 2^(10 + 17) octets.
    for (exponent, isRefused) in [(UInt8(18), true), (17, false)] {
      let header: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, exponent << 3]
      // One raw block, the last.
      let octets = Self.image.octets
      let size = UInt32(octets.count) << 3 | 1
      let block = [0, 8, 16].map { UInt8(truncatingIfNeeded: size >> $0) } + octets
      try withFile(header + block) { path in
        let capture = readAll(path)
        #expect(capture.packets.count == (isRefused ? 0 : 5))
        let reason = "Frame requires too much memory for decoding"
        let refusal = CaptureError.compressedDamaged(
          path: path, offset: 0, compression: .zstd, reason: reason)
        #expect(capture.error == (isRefused ? refusal : nil))
      }
    }
  }

  @Test("a merge opens compressed files when their turn comes, and no more of them")
  func merge() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = try Compression.allCases.enumerated().map { index, compression in
      var image = CaptureImage.pcap()
      for second in 0..<3 { image.record(seconds: UInt32(10 * index + second), [UInt8(index)]) }
      let file = folder.appending(path: "\(index)")
      try Data(compression.compress(image.octets)).write(to: file)
      return file.path()
    }
    func open() throws -> [String] {
      let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
      let targets = descriptors.compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)
      }
      return paths.filter(targets.contains)
    }
    var merge = CaptureMerge(paths: paths.reversed())
    #expect(try open() == [])
    var data: [UInt8] = []
    while merge.next() == .packets {
      data += merge.packets.flatMap(\.data)
      #expect(try open() == [paths[Int(data.last ?? 0)]])
    }
    #expect(data == [0, 0, 0, 1, 1, 1, 2, 2, 2])
    let (failures, overlap) = (merge.failures, merge.filesOverlap)
    #expect(failures.isEmpty && !overlap)
  }
}
