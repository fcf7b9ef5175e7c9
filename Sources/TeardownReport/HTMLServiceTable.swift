internal import TCPTeardown

/// How the connections of each service ended, and who closed first.
struct HTMLServiceTable {
  let summary: CaptureSummary
  let services: HTMLServices

  func write(to html: inout HTMLWriter) {
    let ranked = services.ranked(limit: HTMLSummary.rankLimit)
    guard !ranked.isEmpty else { return }
    html.put(.section, [.id: "services"]) { html in
      html.put(.h2, "Outcomes by service")
      writeLegend(to: &html)
      html.put(.table, [.class: "plain wide"]) { html in
        html.put(.thead) { html in
          html.put(.tr) { html in
            html.put(.th, [.scope: "col"], "server port")
            html.put(.th, [.scope: "col", .class: "number"], "flows")
            html.put(.th, [.scope: "col"], "outcomes")
            for name in ["client", "server", "both", "unknown", "no FIN"] {
              html.put(.th, [.scope: "col", .class: "number"]) { html in
                html.put(.small, "closed first")
                html.put(.span, name)
              }
            }
          }
        }
        html.put(.tbody) { html in
          for service in ranked { write(service, to: &html) }
        }
      }
      if services.count > ranked.count {
        html.put(
          .p, [.class: "quiet"], "\(Wording.count(services.count - ranked.count, "more port")).")
      }
    }
  }

  private func writeLegend(to html: inout HTMLWriter) {
    html.put(.ul, [.class: "legend"]) { html in
      for (outcome, _) in summary.outcomes.occurring {
        html.put(.li) { html in
          html.put(.svg, [.viewBox: "0 0 10 10", .role: "presentation"]) { html in
            html.put(.rect, [.class: "o-\(outcome.rawValue)", .width: "10", .height: "10"])
          }
          html.put(.span, outcome.rawValue)
        }
      }
    }
  }

  private func write(
    _ service: (port: UInt16, flows: Int, outcomes: Tally<Outcome>), to html: inout HTMLWriter
  ) {
    let told = service.outcomes.ranked.map { "\(Wording.grouped($0.count)) \($0.key.rawValue)" }
      .joined(separator: ", ")
    let closers = summary.rankedServices(limit: HTMLSummary.rankLimit)
      .first { $0.port == service.port }?.closers
    html.put(.tr) { html in
      html.put(.th, [.scope: "row", .dataLabel: "server port"], String(service.port))
      html.put(.td, [.class: "number", .dataLabel: "flows"], Wording.grouped(service.flows))
      html.put(.td, [.class: "outcomes", .dataLabel: "outcomes"]) { html in
        writeBar(service, to: &html)
        html.put(.small, told)
      }
      let numbers = closers.map { [$0.client, $0.server, $0.both, $0.unknown, $0.none] } ?? []
      for (name, number) in zip(["client", "server", "both", "unknown", "no FIN"], numbers) {
        html.put(
          .td,
          [
            .class: number == 0 ? "number zero" : "number",
            .dataLabel: "closed first: \(name)",
          ], Wording.grouped(number))
      }
    }
  }

  private func writeBar(
    _ service: (port: UInt16, flows: Int, outcomes: Tally<Outcome>), to html: inout HTMLWriter
  ) {
    html.put(
      .svg,
      [
        .class: "bar", .viewBox: "0 0 1000 10", .preserveAspectRatio: "none",
        .role: "presentation",
      ]
    ) { html in
      var before = 0
      for (outcome, count) in service.outcomes.occurring {
        let from = before * 1000 / max(1, service.flows)
        before += count
        let to = before * 1000 / max(1, service.flows)
        html.put(
          .rect,
          [
            .class: "o-\(outcome.rawValue)", .x: String(from), .width: String(max(2, to - from)),
            .height: "10",
          ]
        ) { $0.put(.title, "\(outcome.rawValue): \(Wording.grouped(count))") }
      }
    }
  }
}
