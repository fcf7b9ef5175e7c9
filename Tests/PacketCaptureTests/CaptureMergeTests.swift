import Foundation
import PacketCapture
import Testing

@Suite("Merging captures")
struct CaptureMergeTests {
  /// Writes one file for each list of times in seconds, and gives their paths to `body`.
  private func withFiles<Result>(
    _ times: [[UInt32]], _ body: ([String]) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = try times.enumerated().map { index, times in
      var image = CaptureImage.pcap()
      for time in times { image.record(seconds: time, [UInt8(index), UInt8(time)]) }
      let file = folder.appending(path: "\(index).pcap")
      try Data(image.octets).write(to: file)
      return file.path()
    }
    return try body(paths)
  }

  /// Each packet as "file.frame@seconds".
  private func walk(_ merge: inout CaptureMerge, limit: Int = PacketRun.limit) -> [String] {
    var steps: [String] = []
    while merge.next(limit: limit) == .packets {
      guard let origin = merge.origin else { return steps + ["no origin"] }
      let packets = merge.packets
      #expect((1...limit).contains(packets.count))
      for (place, packet) in packets.enumerated() {
        let seconds = packet.time / 1_000_000_000
        #expect(packet.data == [UInt8(origin.file), UInt8(seconds)])
        steps.append("\(origin.file).\(origin.frame + UInt64(place))@\(seconds)")
      }
    }
    let (origin, isEmpty) = (merge.origin, merge.isEmpty)
    #expect(origin == nil && isEmpty)
    return steps
  }

  static let orders: [(files: [[UInt32]], expected: [String])] = [
    ([], []),
    ([[]], []),
    ([[1, 2]], ["0.1@1", "0.2@2"]),
    ([[1, 3], [2, 4]], ["0.1@1", "1.1@2", "0.2@3", "1.2@4"]),
    ([[5, 6], [1, 2]], ["1.1@1", "1.2@2", "0.1@5", "0.2@6"]),
    ([[1, 1], [1, 1], [1]], ["0.1@1", "0.2@1", "1.1@1", "1.2@1", "2.1@1"]),
    ([[2], [1, 2, 3], [2]], ["1.1@1", "0.1@2", "1.2@2", "2.1@2", "1.3@3"]),
    // A file's own order stays, whatever its stamps say.
    ([[5, 1, 6], [2, 7]], ["1.1@2", "0.1@5", "0.2@1", "0.3@6", "1.2@7"]),
    ([[], [4], []], ["1.1@4"]),
  ]

  @Test(
    "packets come in time order, equal times in the files' order, however many stay open",
    arguments: orders, [0, 1, 64])
  func order(row: (files: [[UInt32]], expected: [String]), openFiles: Int) throws {
    try withFiles(row.files) { paths in
      var merge = CaptureMerge(paths: paths, openFiles: openFiles)
      let steps = walk(&merge)
      #expect(steps == row.expected)
      let failures = merge.failures
      #expect(failures.isEmpty)
    }
  }

  @Test("a file that breaks or does not open is told of, and the others go on")
  func failures() throws {
    try withFiles([[1, 3], [2, 4, 6], [5]]) { paths in
      let cut = try Data(contentsOf: URL(filePath: paths[1])).dropLast()
      try cut.write(to: URL(filePath: paths[1]))
      let missing = paths[0] + ".missing"
      var merge = CaptureMerge(paths: paths + [missing])
      let steps = walk(&merge)
      #expect(steps == ["0.1@1", "1.1@2", "0.2@3", "1.2@4", "2.1@5"])
      let reason = "no such file: check the path"
      let lost = CaptureError.truncated(path: paths[1], offset: 60, expected: 18, found: 17)
      let failures = merge.failures
      #expect(failures.map(\.file) == [3, 1])
      #expect(failures.map(\.path) == [missing, paths[1]])
      #expect(failures.map(\.error) == [.cannotOpen(path: missing, reason: reason), lost])
    }
  }

  static let mixtures: [[[UInt32]]] = [
    // Packet by packet in turn.
    [(0..<100).map { 2 * $0 }, (0..<100).map { 2 * $0 + 1 }],
    // All at the same times, several of each.
    [(0..<150).map { $0 / 10 }, (0..<150).map { $0 / 7 }, (0..<90).map { $0 / 10 }],
    // Stamps that go back again and again, in one file and in both.
    [(0..<120).map { $0 % 13 }, (0..<120).map { $0 }],
    [(0..<120).map { 200 - $0 }, (0..<120).map { ($0 * 37) % 101 }, (0..<9).map { 20 * $0 }],
    // One is over before the others begin; one is empty.
    [(0..<130).map { $0 }, [], (130..<255).map { $0 }],
  ]

  /// The merge packet by packet: the earliest of all that come next, of equals the first file's.
  private func reference(_ files: [[UInt32]]) -> [String] {
    var heads = files.map { $0[...] }
    var frames = files.map { _ in 0 }
    var steps: [String] = []
    while let file = heads.indices.filter({ !heads[$0].isEmpty })
      .min(by: { (heads[$0].first ?? 0, $0) < (heads[$1].first ?? 0, $1) })
    {
      let time = heads[file].removeFirst()
      frames[file] += 1
      steps.append("\(file).\(frames[file])@\(time)")
    }
    return steps
  }

  @Test(
    "runs keep the order of single packets, through equal stamps and stamps that go back",
    arguments: mixtures, [1, 3, 64])
  func runs(files: [[UInt32]], limit: Int) throws {
    try withFiles(files) { paths in
      for openFiles in [0, 64] {
        var merge = CaptureMerge(paths: paths, openFiles: openFiles)
        let steps = walk(&merge, limit: limit)
        #expect(steps == reference(files))
      }
    }
  }

  @Test("files of one time are told from files that follow one another")
  func overlap() throws {
    let rows: [(files: [[UInt32]], overlap: Bool)] = [
      ([[1, 3], [2, 4]], true), ([[1, 2], [3, 4]], false), ([[3, 4], [1, 2], [5]], false),
      ([[1, 9], [5]], true), ([[1, 2], [2, 3]], false), ([[1], []], false), ([[1, 2]], false),
    ]
    for (files, overlap) in rows {
      try withFiles(files) { paths in
        for openFiles in [0, 64] {
          var merge = CaptureMerge(paths: paths, openFiles: openFiles)
          _ = walk(&merge)
          let found = merge.filesOverlap
          #expect(found == overlap, "\(files)")
        }
      }
    }
  }

  @Test("packets that nothing comes between are one run, the rival's time included or not")
  func runLengths() throws {
    try withFiles([[1, 2, 5, 5, 6, 7], [5, 6, 9]]) { paths in
      var merge = CaptureMerge(paths: paths)
      var runs: [[Int64]] = []
      while merge.next() == .packets {
        let file = Int64(merge.origin?.file ?? -1)
        runs.append([file] + merge.records.map { $0.time / 1_000_000_000 })
      }
      #expect(runs == [[0, 1, 2, 5, 5], [1, 5], [0, 6], [1, 6], [0, 7], [1, 9]])
    }
  }

  @Test("a file cut anywhere gives what came before the cut, in its order", arguments: [1, 64])
  func cuts(limit: Int) throws {
    let files: [[UInt32]] = [(0..<90).map { 2 * $0 }, (0..<90).map { $0 + 20 }]
    try withFiles(files) { paths in
      let whole = try Data(contentsOf: URL(filePath: paths[0]))
      for length in stride(from: 24, through: whole.count, by: 29) {
        try whole.prefix(length).write(to: URL(filePath: paths[0]))
        var merge = CaptureMerge(paths: paths)
        let steps = walk(&merge, limit: limit)
        #expect(steps == reference([Array(files[0].prefix((length - 24) / 18)), files[1]]))
        let failures = merge.failures
        #expect(failures.count == ((length - 24) % 18 == 0 ? 0 : 1))
      }
    }
  }

  @Test("many files need few descriptors")
  func manyFiles() throws {
    let times = (0..<200).map { [UInt32(199 - $0)] }
    try withFiles(times) { paths in
      var merge = CaptureMerge(paths: paths, openFiles: 4)
      let expected = (0..<200).map { "\(199 - $0).1@\($0)" }
      let steps = walk(&merge)
      #expect(steps == expected)
      let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
      #expect(open.count < 150)
    }
  }
}
