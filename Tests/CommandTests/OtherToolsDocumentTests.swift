import Foundation
import Testing

/// The table of docs/other-tools.md against what `Scripts/compare-tools` prints here and now.
@Suite("docs/other-tools.md")
struct OtherToolsDocumentTests {
  /// A Markdown table's cells, the row of headings first.
  struct Table {
    var rows: [[String]]

    /// The lines of `text` that are the first table in it.
    init(in text: String) {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        .drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
      rows = lines.filter { !$0.hasPrefix("|---") }.map { line in
        line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
          .map { $0.trimmingCharacters(in: .whitespaces) }
      }
    }

    /// A column below the heading that begins with `name`, and that heading.
    func column(_ name: String) -> (heading: String, cells: [String])? {
      guard let headings = rows.first,
        let index = headings.firstIndex(where: { $0 == name || $0.hasPrefix("\(name) ") })
      else { return nil }
      return (headings[index], rows.dropFirst().map { $0.count > index ? $0[index] : "" })
    }
  }

  private static let text = try? String(
    contentsOf: FormatsDocumentTests.root.appending(path: "docs/other-tools.md"), encoding: .utf8)
  private static let page = Table(in: text ?? "")

  /// One run of the script for all tests; nil where there is no Python to run it.
  private static let run: Command.Run? = {
    let script = FormatsDocumentTests.root.appending(path: "Scripts/compare-tools").path()
    let run = try? Command.run(
      URL(filePath: "/usr/bin/env"), ["python3", script],
      environment: ["TCPCLOSE": Command.binary.path()])
    // What env says when it finds no such program.
    return run?.status == 127 ? nil : run
  }()

  private static let printed = Table(in: run?.output ?? "")

  /// Another version can say it in other words: only the page's own is held to it.
  private static func isInstalled(_ tool: String) -> Bool {
    page.column(tool)?.heading == printed.column(tool)?.heading
  }

  private func hold(_ name: String) throws {
    let told = try #require(Self.page.column(name)).cells
    let found = try #require(Self.printed.column(name)).cells
    #expect(told.count == 10)
    #expect(told == found)
  }

  @Test(
    "its captures, the kernels' column and tcpclose's are what the script prints",
    .enabled(if: run != nil, "there is no Python"),
    arguments: ["#", "capture", "the kernels did", "tcpclose"])
  func own(_ column: String) throws {
    let run = try #require(Self.run)
    #expect(run.status == 0, "\(run.errors)")
    try hold(column)
  }

  @Test(.enabled(if: isInstalled("tshark"), "tshark is not installed in the page's version"))
  func tshark() throws { try hold("tshark") }

  @Test(.enabled(if: isInstalled("tcptrace"), "tcptrace is not installed in the page's version"))
  func tcptrace() throws { try hold("tcptrace") }

  @Test(.enabled(if: isInstalled("argus"), "argus is not installed in the page's version"))
  func argus() throws { try hold("argus") }

  @Test("every row has its sentence below the table")
  func sentences() throws {
    let numbers = try #require(Self.text).matches(of: #/\n(\d+)\. /#).map { String($0.1) }
    #expect(numbers == Self.page.column("#")?.cells)
  }
}
