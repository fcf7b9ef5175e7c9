import Foundation
import Testing

/// What the pages point at is there: links, their headings, and paths written as code.
@Suite("Paths in the documentation")
struct PathsInPagesTests {
  private static let root = Fixtures.folder.appending(path: "..").standardized

  static let pages: [String] =
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "Fixtures/README.md"]
    + ["Benchmarks/README.md"] + ConsoleTests.pages.filter { $0.hasPrefix("docs/") }

  private static func text(of page: String) throws -> String {
    try String(contentsOf: root.appending(path: page), encoding: .utf8)
  }

  @Test("every link leads to a file, and to a heading of it", arguments: pages)
  func links(page: String) throws {
    let folder = Self.root.appending(path: page).deletingLastPathComponent()
    for link in try Self.text(of: page).matches(of: /\]\(([^)\s]+)\)/).map({ $0.1 }) {
      guard !link.hasPrefix("https://") else { continue }
      let parts = link.split(separator: "#", omittingEmptySubsequences: false)
      let file =
        parts[0].isEmpty
        ? Self.root.appending(path: page) : folder.appending(path: String(parts[0]))
      #expect(FileManager.default.fileExists(atPath: file.path()), "\(link)")
      guard parts.count == 2, file.pathExtension == "md" else { continue }
      let headings = try String(contentsOf: file, encoding: .utf8)
        .matches(of: #/(?m)^#+ (.+)$/#).map { Self.anchor(of: $0.1) }
      #expect(headings.contains(String(parts[1])), "\(link)")
    }
  }

  /// A heading as GitHub names it in a link.
  private static func anchor(of heading: Substring) -> String {
    let kept = heading.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
    return kept.replacing(" ", with: "-")
  }

  @Test("every path of the repository is there", arguments: pages)
  func paths(page: String) throws {
    // NAME stands for any, and what is built need not be there yet.
    let named = #/`((?:\.\./)?(?:Sources|Tests|Scripts|Fixtures|Benchmarks|docs)/[\w./+-]+)[`\s]/#
    for path in try Self.text(of: page).matches(of: named).map({ $0.1 }) {
      let isBuilt = path.contains("/.build/")
      let isThere = FileManager.default.fileExists(
        atPath: Self.root.appending(path: String(path)).path())
      #expect(isThere || isBuilt || path.contains("NAME"), "\(path)")
    }
  }
}
