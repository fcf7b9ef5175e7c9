/// The part of the page that tells flows one by one: its frame, which the script fills.
struct HTMLFlowSection {
  /// Flows that the page holds.
  let shown: Int
  /// Flows that were to be reported.
  let all: Int
  /// What those shown were chosen by.
  let order: FlowOrder

  func write(to html: inout HTMLWriter) {
    html.put(.section, [.id: "flows", .labelledBy: "flows-title"]) { html in
      html.put(.h2, [.id: "flows-title"], "Flows")
      html.put(.p, [.id: "left-out"], sentence)
      html.put(.noscript) { html in
        html.put(.p, "The list of flows and their diagrams are drawn by this page's script.")
      }
      guard shown > 0 else { return }
      writeControls(to: &html)
      html.put(.p, [.id: "flow-count", .role: "status", .live: "polite"])
      html.put(.table, [.id: "flow-table"]) { html in
        html.put(.caption, [.class: "unseen"], "Flows; each row opens to its verdict and ladder.")
        html.put(.thead)
        html.put(.tbody)
      }
    }
  }

  /// How many flows the page tells, and how many it leaves out.
  private var sentence: String {
    let left = all - shown
    guard left > 0 else {
      return all == 1
        ? "The only flow of the report." : "All \(Wording.grouped(all)) flows of the report."
    }
    return "The \(order.words(shown)) of "
      + "\(Wording.grouped(all)); \(Wording.grouped(left)) "
      + "\(left == 1 ? "is" : "are") left out: --limit takes another number, "
      + "--format csv and --format jsonl tell all."
  }

  private func writeControls(to html: inout HTMLWriter) {
    html.put(.div, [.class: "controls", .role: "search", .label: "Filter and sort the flows"]) {
      html in
      put("find", "Find", to: &html) {
        $0.put(.input, [.id: "find", .type: "search"])
      }
      put("by-outcome", "Outcome", to: &html) { $0.put(.select, [.id: "by-outcome"]) }
      put("by-word", "Reset or finding", to: &html) { $0.put(.select, [.id: "by-word"]) }
      put("by-time-wait", "TIME-WAIT", to: &html) { $0.put(.select, [.id: "by-time-wait"]) }
      put("sort", "Sort by", to: &html) { $0.put(.select, [.id: "sort"]) }
    }
  }

  private func put(
    _ id: String, _ name: String, to html: inout HTMLWriter,
    _ control: (inout HTMLWriter) -> Void
  ) {
    html.put(.label, [.for: id]) { html in
      html.put(.span, name)
      control(&html)
    }
  }
}
