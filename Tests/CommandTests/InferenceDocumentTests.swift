import Foundation
import TCPTeardown
import Testing

@testable import TeardownReport

/// docs/inference.md and docs/reading-a-timeline.md against the code and the output they tell of.
@Suite("Pages on inference")
struct InferenceDocumentTests {
  private static let root = Fixtures.folder.appending(path: "..").standardized

  private static func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  let text: String

  init() throws { text = try Self.text(of: "docs/inference.md") }

  /// The part of the page under a heading.
  private func section(_ heading: String) throws -> Substring {
    let start = try #require(text.range(of: "\n## \(heading)\n"))
    let rest = text[start.upperBound...]
    return rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)]
  }

  @Test("every rule that moves a state is told, by its number and its file")
  func rules() {
    for rule in ExplainedRule.allCases {
      let lines = text.split(separator: "\n").filter {
        $0.hasPrefix("**R\(rule.rawValue) ") && $0.contains(".swift`")
      }
      #expect(lines.count == 1, "R\(rule.rawValue)")
    }
  }

  @Test("each rule is told once, and all from R0 to R28")
  func numbers() {
    let told = text.matches(of: #/\n(?:- )?\*\*R(\d+) /#).compactMap { Int($0.output.1) }
    #expect(told.sorted() == Array(0...28))
  }

  @Test("every file it names is there")
  func files() {
    let names = Set(text.matches(of: /`(\w+\.swift)`/).map { String($0.output.1) })
    #expect(names.count > 10)
    for name in names {
      let path = Self.root.appending(path: "Sources/TCPTeardown/\(name)").path()
      #expect(FileManager.default.fileExists(atPath: path), "\(name)")
    }
  }

  @Test("every cause of a reset has its row", arguments: ResetVerdict.Cause.allCases)
  func cause(_ cause: ResetVerdict.Cause) throws {
    #expect(try section("Reset causes").contains("\n| `\(cause.rawValue)` |"))
  }

  @Test("every finding has its row, or is said to be of no flow", arguments: Finding.Code.allCases)
  func finding(_ code: Finding.Code) throws {
    let section = try section("Findings")
    let isMade = section.contains("\n| `\(code.rawValue)` |")
    let rest = try #require(section.range(of: "Of a whole capture, and of no flow:")).upperBound
    #expect(isMade != section[rest...].contains("`\(code.rawValue)`"))
  }

  @Test("every profile has its row, with its values", arguments: Profile.named)
  func profile(_ profile: Profile) throws {
    let seconds = [profile.timeWait, profile.finWait2].map { "\($0 / 1_000_000_000) s" }
    let row = "\n| `\(profile.name)` | \(seconds[0]) | \(seconds[1]) |"
    #expect(try section("Profiles").contains(row))
  }

  @Test("the states of Zeek that can be printed are told")
  func zeek() throws {
    let section = try section("Zeek's words")
    let source = try Self.text(of: "Sources/TCPTeardown/ZeekWords.swift")
    let states = Set(source.matches(of: /"((?:S|R|OTH)[A-Z0-9]*)"/).map { String($0.output.1) })
    for state in states where state.count > 1 {
      #expect(section.contains("`\(state)`"), "\(state)")
    }
    #expect(states.isSuperset(of: ["S0", "SF", "REJ", "RSTOS0", "OTH"]))
  }

  @Test("what the page on timelines quotes is what its console shows")
  func quotations() throws {
    let page = try Self.text(of: "docs/reading-a-timeline.md")
    let blocks = page.split(separator: "```", omittingEmptySubsequences: false)
      .enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    let shown = blocks.filter { $0.hasPrefix("console") }.joined()
    let quoted = blocks.filter { !$0.hasPrefix("console") }.flatMap { $0.split(separator: "\n") }
    #expect(quoted.count > 10)
    for line in quoted { #expect(shown.contains("\n\(line)\n"), "\(line)") }
  }
}
