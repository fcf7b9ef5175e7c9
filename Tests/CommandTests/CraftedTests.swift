import Foundation
import Testing

/// The crafted captures against the notation that they are written from.
@Suite("Crafted captures")
struct CraftedTests {
  /// What `Fixtures/craft` prints for `arguments`; nil where there is no Python to run it.
  private static func craft(_ arguments: String...) throws -> (status: Int32, output: String)? {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", Fixtures.folder.appending(path: "craft").path()] + arguments
    process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
      .merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    // What env says when it finds no such program.
    if process.terminationStatus == 127 { return nil }
    return (process.terminationStatus, String(decoding: printed, as: UTF8.self))
  }

  private static let hasPython = (try? craft("--list")) != nil

  @Test(.enabled(if: hasPython)) func areWhatTheirNotationSays() throws {
    let check = try #require(try Self.craft("--check"))
    #expect(check.status == 0, "\(check.output)")
  }

  @Test func comeEachWithItsNotation() throws {
    let folder = Fixtures.folder.appending(path: "crafted")
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    let captures = Set(names(of: files, "pcap"))
    #expect(captures == Set(names(of: files, "segments")))
    #expect(!captures.isEmpty)
  }

  private func names(of files: [URL], _ ending: String) -> [String] {
    files.filter { $0.pathExtension == ending }.map { $0.deletingPathExtension().lastPathComponent }
  }
}
