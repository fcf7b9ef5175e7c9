import Foundation
import Testing

/// `Fixtures/verdicts.tsv`: what each verdict is shown by, and what looks much like it.
enum VerdictTable {
  enum Kind: String { case cause, finding, aggregate }

  /// What a row asks of a value: a word is part of the verdict, a number is checked where shown.
  enum Expectation: Equatable, Sendable {
    case word(String)
    case number(Double, tolerance: Double)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var line: Int
    var kind: Kind
    var code: String
    /// Paths below `Fixtures`, without the extension.
    var shownBy: String
    var nearMiss: String
    var expectations: [(name: String, expectation: Expectation)]
    /// Of the command, for both captures.
    var options: [String]

    var testDescription: String { "line \(line): \(kind) \(code), \(shownBy), not \(nearMiss)" }
  }

  /// The table does not say what it should.
  struct Malformed: Error, CustomStringConvertible {
    var line: Int
    var problem: String

    var description: String { "verdicts.tsv, line \(line): \(problem)" }
  }

  private static let heading = [
    "kind", "code", "shown-by", "near-miss", "values", "options", "remark",
  ]

  static let rows: Result<[Row], any Error> = Result { try read() }

  private static func read() throws -> [Row] {
    let file = Fixtures.folder.appending(path: "verdicts.tsv")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    guard lines.first == heading else { throw Malformed(line: 1, problem: "another heading") }
    return try lines.enumerated().dropFirst().map { index, columns in
      let line = index + 1
      guard columns.count == heading.count, !columns[6].isEmpty else {
        throw Malformed(line: line, problem: "not seven columns with a remark")
      }
      guard let kind = Kind(rawValue: columns[0]) else {
        throw Malformed(line: line, problem: "no kind: \(columns[0])")
      }
      return Row(
        line: line, kind: kind, code: columns[1], shownBy: columns[2], nearMiss: columns[3],
        expectations: try columns[4].split(separator: ";").map { try expectation($0, line) },
        options: columns[5].split(separator: " ").map(String.init))
    }
  }

  /// `timeout=2.0±0.1`, or `verdict=accepted by ISN`.
  private static func expectation(
    _ text: Substring, _ line: Int
  ) throws -> (name: String, expectation: Expectation) {
    let parts = text.split(separator: "=", maxSplits: 1)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    guard parts.count == 2 else { throw Malformed(line: line, problem: "no value: \(text)") }
    let bounds = parts[1].split(separator: "±").map(String.init)
    guard bounds.count == 2 else { return (parts[0], .word(parts[1])) }
    guard let number = Double(bounds[0]), let tolerance = Double(bounds[1]) else {
      throw Malformed(line: line, problem: "no number: \(text)")
    }
    return (parts[0], .number(number, tolerance: tolerance))
  }
}
