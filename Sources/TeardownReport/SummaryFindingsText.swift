internal import TCPTeardown

/// The findings of the capture as a whole, as the findings of a flow are told.
extension SummaryText {
  private struct Told {
    var finding: Finding
    var ink: Ink
    var sentence: String
    var advice: String
  }

  func writeFindings(to text: inout TextWriter) {
    let kinds = [
      summary.portBudget.risks.map { told($0.finding, $0.sentence(options.clock)) },
      summary.unfinishedAttempts.floods.map { told($0.finding, $0.sentence(options.clock)) },
      summary.hygieneFindings.map { told($0, $0.sentence(isIPv6: false)) },
    ]
    if kinds.contains(where: { !$0.isEmpty }) { text.endLine() }
    for kind in kinds {
      for told in kind.prefix(Self.rankLimit) { write(told, to: &text) }
      if let first = kind.first, kind.count > Self.rankLimit {
        let more = Wording.grouped(kind.count - Self.rankLimit)
        line(
          "finding",
          [Piece("\(first.finding.code.rawValue): \(more) more, see --format json", .dim)],
          to: &text)
      }
    }
  }

  private func told(_ finding: Finding, _ sentence: String) -> Told {
    Told(finding: finding, ink: finding.ink, sentence: sentence, advice: finding.advice)
  }

  private func write(_ told: Told, to text: inout TextWriter) {
    line(
      "finding",
      [
        Piece(told.finding.code.rawValue + ":", told.ink), Piece(told.sentence),
        Wording.proof(told.finding.grade, told.finding.frames),
      ], to: &text)
    text.move(to: Self.valueColumn + 2)
    text.put("-> ")
    text.fill([Piece(told.advice)], indent: Self.valueColumn + 5)
    text.endLine()
  }
}
