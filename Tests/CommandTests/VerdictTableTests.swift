import Foundation
import TCPTeardown
import Testing

/// Every verdict is given where it should be, and not where something only looks like it.
@Suite("The table of verdicts")
struct VerdictTableTests {
  @Test func everyCauseHasARow() throws {
    let without = Set(Self.causes).subtracting(try Self.codes(.cause)).sorted()
    #expect(without.isEmpty, "no row shows these causes")
  }

  @Test func everyFindingHasARow() throws {
    let inTable = try Self.codes(.finding).union(Self.codes(.aggregate))
    let without = Set(Self.findings).subtracting(inTable).sorted()
    #expect(without.isEmpty, "no row shows these findings")
  }

  @Test func everyRowNamesAVerdict() throws {
    let inTable = try Self.codes(.finding).union(Self.codes(.aggregate))
    let unknown =
      try Self.codes(.cause).subtracting(Self.causes).sorted()
      + inTable.subtracting(Self.findings).sorted()
    #expect(unknown.isEmpty, "the program has no verdict of these names")
  }

  @Test(arguments: try VerdictTable.rows.get())
  func isShown(_ row: VerdictTable.Row) throws {
    let verdicts = try ReportedVerdicts(of: row.shownBy, options: row.options)[row.kind]
    let given = verdicts.filter { $0.isOf(row) }
    let told = Self.told(verdicts)
    if given.isEmpty {
      Issue.record("\(row.code) is not shown by \(row.shownBy), which gives \(told)")
    } else if !given.contains(where: { $0.hasNumbers(of: row) }) {
      Issue.record("\(row.code) has other numbers in \(row.shownBy), which gives \(told)")
    }
  }

  @Test(arguments: try VerdictTable.rows.get())
  func isNotGivenForTheNearMiss(_ row: VerdictTable.Row) throws {
    let verdicts = try ReportedVerdicts(of: row.nearMiss, options: row.options)[row.kind]
    if let given = verdicts.first(where: { $0.isOf(row) }) {
      Issue.record("\(row.nearMiss) only looks like \(row.code), but gives \(given)")
    }
  }

  private static let causes = ResetVerdict.Cause.allCases.filter { $0 != .unknown }
    .map(\.rawValue)
  private static let findings = Finding.Code.allCases.map(\.rawValue)

  private static func codes(_ kind: VerdictTable.Kind) throws -> Set<String> {
    Set(try VerdictTable.rows.get().filter { $0.kind == kind }.map(\.code))
  }

  /// What a capture gave instead, at most the first few.
  private static func told(_ verdicts: [ReportedVerdicts.Verdict]) -> String {
    let told = verdicts.prefix(4).map(\.description).joined(separator: ", ")
    return verdicts.isEmpty ? "nothing of the kind" : told + (verdicts.count > 4 ? ", …" : "")
  }
}
