import Foundation
import Testing

@testable import tcpclose

/// A line on a terminal that tells how far the reading is, and is gone afterwards.
@Suite("Progress")
struct ProgressTests {
  private static let path = Fixtures.folder.appending(path: "half-close/client.pcap").path()

  /// What a terminal gets of a reading that takes longer than a moment.
  private static func terminal(_ options: String, report: String) throws -> String {
    let command =
      "(cat '\(path)'; sleep 1.5) | '\(Command.binary.path())' - \(options) >\(report)"
    let run = try Command.run(
      URL(filePath: "/usr/bin/env"),
      ["script", "-qec", command, "/dev/null"], environment: ["TERM": "xterm"])
    #expect(run.status == 0)
    return run.output
  }

  static let hasTerminal = (try? Command.shell("command -v script"))?.status == 0

  @Test(
    "on a terminal a line comes, and is erased before the end",
    .enabled(if: hasTerminal, "script(1) is not installed"),
    arguments: ["--summary", "--format jsonl"])
  func shown(options: String) throws {
    let file = try TemporaryFile(name: "report")
    let text = try Self.terminal(options, report: "'\(file.path)'")
    #expect(text.contains("\r\u{1B}[2Kreading: 2 kB, "), "\(text)")
    #expect(text.hasSuffix(" flow\r\u{1B}[2K"), "\(text)")
    #expect(try Data(contentsOf: file.url).count > 100)
  }

  @Test(
    "where lines of the report are seen as they come none is in between",
    .enabled(if: hasTerminal, "script(1) is not installed"))
  func notShown() throws {
    let text = try Self.terminal("--format brief", report: "/dev/stdout")
    #expect(!text.contains("reading"))
    #expect(text.contains("half-close"))
  }

  @Test("without a terminal there is nothing")
  func noTerminal() throws {
    let run = try Command.shell(
      "(cat '\(Self.path)'; sleep 1.2) | \"$tcpclose\" - --summary")
    #expect(run.status == 0 && run.errors == "")
  }

  @Test("what is told")
  func line() {
    let gigabyte: UInt64 = 1_000_000_000
    #expect(
      Progress.line(
        "reading", octets: 13 * gigabyte, of: 40 * gigabyte, packets: 1_234_567, flows: 1)
        == "reading: 32 % of 40.0 GB, 1,234,567 packets, 1 flow")
    #expect(
      Progress.line("second pass", octets: 1_550_000, of: nil, packets: 1, flows: 0)
        == "second pass: 1.5 MB, 1 packet, 0 flows")
    #expect(
      Progress.line("reading", octets: 700, of: 600, packets: 2, flows: 2)
        == "reading: 100 % of 0 kB, 2 packets, 2 flows")
  }
}
