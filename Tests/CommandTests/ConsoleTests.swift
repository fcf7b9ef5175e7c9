import Foundation
import Testing

/// What the README and the pages show of a console is what the commands print.
///
/// A block marked `console` holds commands after `$ ` and, up to the next, the output of each.
@Suite("Consoles in the documentation")
struct ConsoleTests {
  private static let root = Fixtures.folder.appending(path: "..").standardized

  static let pages: [String] = {
    let docs =
      (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs").path()))
      ?? []
    return ["README.md"] + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
  }()

  @Test(arguments: pages)
  func shows(page: String) throws {
    let url = Self.root.appending(path: page)
    let text = try String(contentsOf: url, encoding: .utf8)
    var lines: [Substring] = []
    var inConsole = false
    var inOutput = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        inConsole = line == "```console"
        inOutput = false
      }
      if inConsole, line.hasPrefix("$ ") {
        lines.append(line)
        lines += try Self.output(of: line.dropFirst(2))
        inOutput = true
      } else if !inOutput {
        lines.append(line)
      }
    }
    try Snapshot.check(lines.joined(separator: "\n"), is: url, recordedBy: "ConsoleTests")
  }

  private static func output(of command: Substring) throws -> [Substring] {
    let shell = command.replacing(/(^|\| )tcpclose/) { "\($0.1)\"$tcpclose\"" }
    let run = try Command.shell(String(shell), folder: root)
    var lines = (run.output + run.errors).split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
