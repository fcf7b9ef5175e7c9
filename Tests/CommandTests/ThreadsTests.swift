import ArgumentParser
import Dispatch
import Foundation
import Synchronization
import Testing

@testable import tcpclose

/// One thread and several do the same, and none is left waiting.
@Suite("Threads")
struct ThreadsTests {
  private static let captures: [String] = Fixtures.cases.flatMap { name in
    ["client", "server"].map { Fixtures.folder.appending(path: "\(name)/\($0).pcap").path }
  }
  .filter { FileManager.default.fileExists(atPath: $0) }

  @Test(
    "one thread and several print the same of any input",
    arguments: [["--format", "jsonl"], ["--format", "json"], ["--summary"], ["--all"]])
  func same(format: [String]) throws {
    // All cases at once, as separate captures: one run each.
    let arguments = Self.captures + ["--separate"] + format
    let several = try Command.run(arguments)
    let one = try Command.run(arguments + ["--one-thread"])
    #expect(several.status == 0 && several.errors == one.errors)
    #expect(several.output == one.output)
    #expect(!one.output.isEmpty)
  }

  @Test("so too of files merged, and of standard input", arguments: [false, true])
  func merged(fromPipe: Bool) throws {
    let files = Self.captures.prefix(20).map { $0 }
    let arguments = (fromPipe ? ["-"] : files) + ["--format", "json", "--label", "all"]
    let input = fromPipe ? URL(filePath: files[0]) : nil
    let several = try Command.run(arguments, input: input)
    let one = try Command.run(arguments + ["--one-thread"], input: input)
    #expect(several.output == one.output && several.status == one.status)
  }

  @Test("a report that cannot be written ends the threads that read and follow")
  func cancelled() throws {
    let arguments = Self.captures.map { "'\($0)'" }.joined(separator: " ")
    let run = try Command.shell("\"$tcpclose\" \(arguments) --format jsonl -o /dev/full")
    #expect(run.status == 74)
  }

  @Test("what is written behind stands in order, also what comes after a pause")
  func writingBehind() throws {
    let file = try TemporaryFile()
    var expected: [UInt8] = []
    var output = try Output(path: file.path, writesBehind: true)
    for pause in 0..<3 {
      for block in 0..<10 {
        let octets = (0..<100_000 * (1 + block % 7)).map { UInt8(truncatingIfNeeded: $0 ^ block) }
        expected += octets
        output.octets += octets
        try output.flushIfLarge()
      }
      if pause > 0 { try output.flush() }
    }
    #expect(try Array(Data(contentsOf: file.url)) == expected)
  }

  @Test("a block that cannot be written behind ends it, and nobody waits")
  func unwritten() throws {
    #expect(throws: ExitCode(ExitStatus.outputFailed)) {
      var output = try Output(path: "/dev/full", writesBehind: true)
      for _ in 0..<100 {
        output.octets += Array(repeating: 0x78, count: 600_000)
        try output.flushIfLarge()
      }
    }
    #expect(throws: ExitCode(ExitStatus.outputFailed)) {
      var output = try Output(path: "/dev/full", writesBehind: true)
      output.octets += Array(repeating: 0x78, count: 600_000)
      try output.flushIfLarge()
      try output.flush()
    }
  }

  @Test("a conveyor hands on every load in order, however few there are", arguments: 1...5)
  func conveyor(count: Int) {
    let conveyor = Conveyor(count: count) { [Int]() }
    // Threads of their own: those of tasks must not be blocked.
    DispatchQueue(label: "filling").async {
      for number in 0..<10_000 {
        guard conveyor.fill({ $0 = [number, number + 1] }) else { return }
      }
      conveyor.end()
    }
    var next = 0
    while conveyor.empty({ if $0 == [next, next + 1] { next += 1 } }) {}
    #expect(next == 10_000)
    #expect(!conveyor.empty { _ in })
  }

  @Test("who fills a conveyor learns that no more is wanted")
  func cancel() {
    let conveyor = Conveyor(count: 2) { 0 }
    let hasStopped = DispatchSemaphore(value: 0)
    let filled = Atomic(0)
    DispatchQueue(label: "filling").async {
      while conveyor.fill({ $0 = 1 }) { filled.wrappingAdd(1, ordering: .relaxed) }
      hasStopped.signal()
    }
    for _ in 0..<10 { _ = conveyor.empty { _ in } }
    conveyor.cancel()
    #expect(hasStopped.wait(timeout: .now() + 10) == .success)
    // Two lie in their places, and one more may have been under way.
    #expect((10...13).contains(filled.load(ordering: .relaxed)))
  }
}
