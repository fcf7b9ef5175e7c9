import Foundation
import Testing

/// The manual pages and completions in docs are what `Scripts/manual` makes of the command as built.
@Suite("Manual pages and completions")
struct ManualTests {
  private static let root = Fixtures.folder.appending(path: "..").standardized
  private static let folders = ["man", "completions"]

  /// What the script writes, by its path below docs.
  private static func written(into folder: URL) throws -> [String: String] {
    let run = try Command.run(
      URL(filePath: "/usr/bin/env"),
      [
        "python3", root.appending(path: "Scripts/manual").path(), Command.binary.path(),
        "-o", folder.path(),
      ])
    #expect(run.status == 0 && run.errors == "", "\(run.errors)")
    return try files(below: folder)
  }

  private static func files(below folder: URL) throws -> [String: String] {
    var files: [String: String] = [:]
    for name in folders {
      let each = folder.appending(path: name).path()
      for file in try FileManager.default.contentsOfDirectory(atPath: each) {
        files["\(name)/\(file)"] = try String(contentsOfFile: "\(each)/\(file)", encoding: .utf8)
      }
    }
    return files
  }

  private static let hasPython =
    (try? Command.run(URL(filePath: "/usr/bin/env"), ["python3", "--version"]))?.status == 0

  @Test("none is stale, missing or left over", .enabled(if: hasPython))
  func areCurrent() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tcpclose-manual-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let written = try Self.written(into: folder)
    let kept = try Self.files(below: Self.root.appending(path: "docs"))
    #expect(written.keys.sorted() == kept.keys.sorted(), "renew them with Scripts/manual")
    for (name, text) in kept {
      guard let new = written[name], let difference = Snapshot.firstDifference(text, new) else {
        continue
      }
      Issue.record("docs/\(name) is stale, \(difference)\nrenew it with Scripts/manual")
    }
  }

  @Test("each subcommand that the help names has a page, and the root's page names it")
  func pages() throws {
    let root = try String(
      contentsOf: Self.root.appending(path: "docs/man/tcpclose.1"), encoding: .utf8)
    let help = try Command.run("--help")
    let list = try #require(help.output.split(separator: "SUBCOMMANDS:\n").last)
    let names = list.matches(of: #/(?m)^  ([a-z]+)(?: \(default\))? {2,}/#).map { $0.1 }
    #expect(names.count >= 4)
    for name in names {
      let page = Self.root.appending(path: "docs/man/tcpclose-\(name).1")
      #expect(FileManager.default.fileExists(atPath: page.path()), "\(name)")
      #expect(root.contains("tcpclose\\-\(name)(1)"), "\(name)")
    }
  }

  /// Bash takes a line's words where readline is not there, too.
  static let completions: [(line: String, offered: [String], withheld: [String])] = [
    ("tcpclose ", ["read", "live", "explain", "web.pcap"], ["notes.txt"]),
    ("tcpclose we", ["web.pcap"], ["read"]),
    ("tcpclose --sum", ["--summary"], ["--snapshot-length"]),
    ("tcpclose web.pcap --format js", ["json", "jsonl"], ["text"]),
    ("tcpclose read --outcome re", ["refused", "reset"], ["open"]),
    ("tcpclose live --snap", ["--snapshot-length"], ["--summary"]),
    ("tcpclose explain web.pcap --str", ["--stream"], ["--host"]),
  ]

  @Test("bash completes, also where no subcommand is named", arguments: completions)
  func bash(line: String, offered: [String], withheld: [String]) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tcpclose-completions-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["web.pcap", "notes.txt"] {
      try Data().write(to: folder.appending(path: name))
    }
    let script = Self.root.appending(path: "docs/completions/tcpclose.bash").path()
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map { "'\($0)'" }
    let last = words.count - 1
    let run = try Command.run(
      URL(filePath: "/bin/bash"),
      [
        "-c",
        """
        compopt() { :; }
        . '\(script)'
        COMP_WORDS=(\(words.joined(separator: " "))) COMP_CWORD=\(last)
        COMP_LINE='\(line)' COMP_POINT=\(line.count)
        function=$(complete -p tcpclose); function=${function##*-F }
        ${function%% *} tcpclose "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """,
      ], folder: folder)
    #expect(run.status == 0 && run.errors == "", "\(run.errors)")
    let replies = Set(run.lines.map(String.init))
    #expect(replies.isSuperset(of: offered), "\(replies)")
    #expect(replies.isDisjoint(with: withheld), "\(replies)")
  }
}
