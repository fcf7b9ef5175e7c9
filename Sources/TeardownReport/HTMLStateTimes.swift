internal import TCPTeardown

/// The part of the page that tells how long sides stayed in each state, of all services and of each.
struct HTMLStateTimes {
  let summary: CaptureSummary

  func write(to html: inout HTMLWriter) {
    let rows = summary.stateTimes.rows
    guard !rows.isEmpty else { return }
    html.put(.section, [.id: "state-times"]) { html in
      html.put(.h2, "Time in each state")
      html.put(
        .p, [.class: "quiet"],
        "Stays whose beginning and end segments show; a length is within 1 %. \"No end\" counts the "
          + "others: the capture ended first, or the end is assumed, as it is of nearly every "
          + "TIME-WAIT.")
      writeTable(rows, to: &html)
      // Of one service all of that was.
      guard summary.rankedServices(limit: 2).count > 1 else { return }
      for (port, closers, rows) in summary.servicesWithTimes(limit: HTMLSummary.rankLimit)
      where !rows.isEmpty {
        html.put(.details, [.class: "service-times"]) { html in
          html.put(
            .summary, "Server port \(port): \(Wording.count(closers.flows, "flow"))")
          writeTable(rows, to: &html)
        }
      }
    }
  }

  private func writeTable(_ rows: [StateTimes.Row], to html: inout HTMLWriter) {
    html.put(.table, [.class: "plain wide times"]) { html in
      html.putHead(
        ["state"] + StateTimes.Row.columns, numbers: 1..<StateTimes.Row.columns.count + 1)
      html.put(.tbody) { html in
        for row in rows {
          html.put(.tr) { html in
            html.put(.th, [.scope: "row", .dataLabel: "state"], row.state.rawValue)
            for (name, cell) in zip(StateTimes.Row.columns, row.cells) {
              html.put(
                .td, [.class: cell.isNothing ? "number zero" : "number", .dataLabel: name],
                cell.text)
            }
          }
        }
      }
    }
  }
}
