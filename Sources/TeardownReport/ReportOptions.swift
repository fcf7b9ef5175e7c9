internal import TCPTeardown

/// How a report is written.
package enum Format: String, CaseIterable, Sendable {
  /// Timelines, then the summary.
  case text
  /// A line a flow.
  case brief
  /// Flow records, one a line.
  case jsonl
  /// One object: flow records, capture, summary.
  case json
  /// A row a flow, under a head.
  case csv
  /// One page: charts and tables of all flows, the most harmful one by one.
  case html

  /// One document that is written at the end, or whole only then.
  package var isOneDocument: Bool { self == .json || self == .html }

  /// Flows alone, for programs: what is odd about the input must be told elsewhere.
  package var isRecords: Bool { self == .jsonl || self == .csv }
}

/// Whose clock the times of day are shown by.
package enum ClockFace: Sendable {
  case utc
  /// Local time; the function gives its seconds east of UTC at a time in seconds since 1970.
  case local(offset: @Sendable (_ secondsSince1970: Int64) -> Int)
}

/// What a person may choose about a report.
package struct ReportOptions: Sendable {
  package var format = Format.text
  /// The capture's label: `--label`, else a file's base name, else `interface@host`.
  package var label: String
  /// Names the capture in the head of every flow, where several captures are told in one go.
  package var namesCapture = false
  package var isColoured = false
  /// Columns of the terminal; 80 in a pipe.
  package var width = 80
  package var clock = ClockFace.utc
  /// Flows that are told one by one at most: the first by `sort`, or the most harmful.
  ///
  /// Nil for all, each of which is then told as it comes, or as many as a page holds.
  package var limit: Int?
  /// How flows are sorted, which takes a limit; nil for the order of streams, by harm on a page.
  package var sort: FlowOrder?
  /// Which ports clients have, and how many of these are told of; all of it, in a report on ports.
  package var ports = PortsOptions(ports: PortBudget.linuxPorts, profile: .linux)
  /// Tells what became of clients' ports instead of flows and summary; as text or JSON.
  package var tellsPortsOnly = false
  /// The numbers of streams are those of Wireshark.
  package var streamsAreWiresharks = true
  /// Leaves the flows out.
  package var summaryOnly = false

  /// Whether the report needs the evidence of flows: to show segments, or to see whether they bear
  /// timestamps, which decide what tcp_tw_reuse would do.
  package var needsEvidence: Bool {
    tellsPortsOnly || format == .html || format == .text && !summaryOnly
  }

  /// How many flows a page, which is read by eye, tells one by one: by default, and at most.
  package static let flowsOfPage = 500...2000

  package init(label: String) { self.label = label }

  /// Whether what the flows come to is told, and not only the flows.
  package var tellsSummary: Bool {
    switch format {
    case .text, .json, .html: true
    case .brief: summaryOnly || tellsPortsOnly
    case .jsonl, .csv: tellsPortsOnly
    }
  }
}
