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
  private func walk(_ merge: inout CaptureMerge) -> [String] {
    var steps: [String] = []
    while merge.next() == .packet {
      guard let origin = merge.origin else { return steps + ["no origin"] }
      let seconds = merge.record.time / 1_000_000_000
      let octets = merge.withBytes { [$0[0], $0[1]] }
      #expect(octets == [UInt8(origin.file), UInt8(seconds)])
      steps.append("\(origin.file).\(origin.frame)@\(seconds)")
    }
    let (origin, isEmpty) = (merge.origin, merge.withBytes { $0.isEmpty })
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
