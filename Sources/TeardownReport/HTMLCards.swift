internal import PacketDecoding
internal import TCPTeardown

/// The page's first look: a few numbers, and what should be mended.
extension HTMLSummary {
  private struct Card {
    var name: String
    var number: Int
    var detail: String
    var ink = Ink.plain
  }

  func writeCards(to html: inout HTMLWriter) {
    html.put(.section, [.class: "cards", .label: "At a glance"]) { html in
      for card in cards {
        html.put(.div, [.class: "card \(card.number > 0 ? card.ink.className : "plain")"]) { html in
          html.put(.p, [.class: "name"], card.name)
          html.put(.p, [.class: "figure"], Wording.grouped(card.number))
          html.put(.p, [.class: "quiet"], card.detail)
        }
      }
    }
  }

  private var cards: [Card] {
    let outcomes = summary.outcomes
    let failed = outcomes[.refused] + outcomes[.unreachable] + outcomes[.unanswered]
    let orderly = outcomes[.orderly] + outcomes[.simultaneous]
    let unfinished = outcomes[.open] + outcomes[.closing] + outcomes[.partial]
    return [
      Card(name: "Flows", number: summary.flows, detail: selectedText),
      Card(name: "Closed in order", number: orderly, detail: share(orderly)),
      Card(
        name: "Reset", number: outcomes[.reset],
        detail: outcomes[.reset] > 0 ? "before both sides had closed" : "none", ink: .problem),
      Card(
        name: "Never opened", number: failed, detail: failed > 0 ? failedText : "none",
        ink: .problem),
      Card(name: "Not closed", number: unfinished, detail: unfinishedText, ink: .caution),
      Card(name: "TIME-WAIT", number: summary.timeWaits.entries, detail: timeWaitText),
      Card(
        name: "CLOSE-WAIT leaks", number: summary.findings[.closeWaitLeak],
        detail: "flows with close-wait-leak", ink: .problem),
      Card(
        name: "Short of ports", number: summary.portBudget.risks.count,
        detail: "clients towards one endpoint (assumed)", ink: .problem),
    ]
  }

  private var selectedText: String {
    summary.leftOut > 0 ? "selected of \(Wording.grouped(summary.flows + summary.leftOut))" : "all"
  }

  private func share(_ count: Int) -> String {
    guard summary.flows > 0 else { return "of none" }
    // Rounded down: 99.9 is not 100.
    let tenths = Int(Double(count) / Double(summary.flows) * 1000)
    return "\(tenths / 10).\(tenths % 10) % of flows"
  }

  private var failedText: String {
    told([.refused, .unreachable, .unanswered])
  }

  private var unfinishedText: String { told([.open, .closing, .partial]) }

  private func told(_ outcomes: [Outcome]) -> String {
    let told = outcomes.filter { summary.outcomes[$0] > 0 }
      .map { "\(Wording.grouped(summary.outcomes[$0])) \($0.rawValue)" }
    return told.isEmpty ? "none" : told.joined(separator: ", ")
  }

  private var timeWaitText: String {
    guard let (address, host) = summary.timeWaits.ranked(limit: 1).first else { return "none" }
    return "at most \(Wording.grouped(host.peak)) at once at \(address)"
  }

  /// The findings of the capture as a whole, with what to do.
  func writeFindings(to html: inout HTMLWriter) {
    let clock = options.clock
    let kinds: [[(finding: Finding, ink: Ink, sentence: String, advice: String)]] = [
      summary.portBudget.risks.map {
        ($0.finding, $0.finding.ink, $0.sentence(clock), $0.finding.advice)
      },
      summary.unfinishedAttempts.floods.map {
        ($0.finding, $0.finding.ink, $0.sentence(clock), $0.finding.advice)
      },
      summary.idleLimits.services.compactMap { service in
        service.findings.first.map {
          ($0, service.isSafe ? $0.ink : .caution, service.sentence, service.advice)
        }
      },
      summary.hygieneFindings.map { ($0, $0.ink, $0.sentence(isIPv6: false), $0.advice) },
    ]
    guard kinds.contains(where: { !$0.isEmpty }) else { return }
    html.put(.section, [.id: "capture-findings"]) { html in
      html.put(.h2, "Findings of the capture as a whole")
      html.put(.dl, [.class: "told"]) { html in
        for kind in kinds {
          for told in kind.prefix(Self.rankLimit) {
            html.put(.dt, [.class: told.ink.className], told.finding.code.rawValue)
            html.put(.dd) { html in
              html.put(told.sentence + " ")
              html.putGrade(told.finding.grade)
              html.put(.p, [.class: "advice"], "→ \(told.advice)")
            }
          }
          if kind.count > Self.rankLimit {
            html.put(
              .dd, "\(Wording.grouped(kind.count - Self.rankLimit)) more, see --format json")
          }
        }
      }
    }
  }
}
