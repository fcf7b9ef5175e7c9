package import TCPTeardown

/// Renders flow records, and in the end what they come to, into a buffer of octets.
///
/// The caller writes the buffer out and empties it whenever it likes: `begin`, then `take` for
/// each record, then `end`. Where a limit is set records are kept back, and no more than that.
package struct Report: Sendable {
  private let options: ReportOptions
  /// What writes records; nil where none are written so.
  private let flowJSON: FlowJSON?
  private let flowCSV: FlowCSV?
  /// The summary alone is asked for, which records come to without the report.
  private let ignoresRecords: Bool
  private var kept: RankedFlows?
  private var page: HTMLPage?
  private var ports: PortLedger?
  private var isFirst = true

  package init(_ options: ReportOptions) {
    self.options = options
    switch options.format {
    case .json, .jsonl: (flowJSON, flowCSV) = (FlowJSON(capture: options.label), nil)
    case .csv: (flowJSON, flowCSV) = (nil, FlowCSV(capture: options.label))
    case .text, .brief, .html: (flowJSON, flowCSV) = (nil, nil)
    }
    ignoresRecords = options.summaryOnly && options.format != .html
    if options.tellsPortsOnly { ports = PortLedger(options.ports) }
    if options.format == .html { page = HTMLPage(options) }
    if options.format != .html, !options.summaryOnly, let limit = options.limit {
      kept = RankedFlows(limit: limit, by: options.sort ?? .harm)
    }
  }

  /// Writes what stands before the first record, of the first report of an output or a later one.
  package mutating func begin(into octets: inout [UInt8], isFirst isFirstReport: Bool = true) {
    guard !options.tellsPortsOnly else { return }
    switch options.format {
    case .text, .jsonl, .html: break
    case .csv: if isFirstReport { octets.append(contentsOf: FlowCSV.header) }
    case .brief:
      guard !options.summaryOnly else { return }
      writeText(into: &octets) { text in
        if options.namesCapture {
          text.put("capture \(options.label.escapedForTerminal)", .strong)
          text.endLine()
        }
        text.put(BriefText.heading, .dim)
        text.endLine()
      }
    case .json: octets.append(text: #"{"schema":"tcpclose.report/1","flows":["#)
    }
  }

  /// Takes a record: writes it, or keeps it until the end; the capture's end is nil where it is not
  /// known, or not yet.
  package mutating func take(
    _ record: borrowing FlowRecord, captureEnd: Int64? = nil, into octets: inout [UInt8]
  ) {
    if options.tellsPortsOnly {
      ports?.add(record, captureEnd: captureEnd)
      return
    }
    guard !ignoresRecords else { return }
    if kept == nil {
      tell(record, captureEnd: captureEnd, into: &octets)
    } else {
      kept?.take(record, captureEnd: captureEnd)
    }
  }

  private mutating func tell(
    _ record: borrowing FlowRecord, captureEnd: Int64?, into octets: inout [UInt8]
  ) {
    switch options.format {
    case .text: writeTimeline(of: record, into: &octets)
    case .brief: BriefText.write(record, isColoured: options.isColoured, to: &octets)
    case .jsonl:
      flowJSON?.write(record, to: &octets)
      octets.append(0x0A)
    case .json:
      octets.append(text: isFirst ? "\n" : ",\n")
      isFirst = false
      flowJSON?.write(record, to: &octets)
    case .csv: flowCSV?.write(record, captureEnd: captureEnd, to: &octets)
    case .html: page?.take(record, captureEnd: captureEnd)
    }
  }

  /// Takes the record of a flow that was shown before it was final, and has come out otherwise.
  package mutating func amend(_ record: borrowing FlowRecord, into octets: inout [UInt8]) {
    guard !options.summaryOnly, !options.tellsPortsOnly else { return }
    switch options.format {
    case .text:
      writeText(into: &octets) { text in
        text.put("changed by what came later:", .caution)
        text.endLine()
      }
      take(record, into: &octets)
    case .brief:
      BriefText.write(record, isAmended: true, isColoured: options.isColoured, to: &octets)
    case .jsonl, .json, .csv, .html: take(record, into: &octets)
    }
  }

  /// Writes what was kept, and what all records come to.
  package mutating func end(_ summary: CaptureSummary, into octets: inout [UInt8]) {
    if let ports { return write(ports, summary, into: &octets) }
    let kept = options.sort == nil ? kept?.inStreamOrder : kept?.ranked
    for record in kept ?? [] {
      tell(record, captureEnd: summary.input.lastTime, into: &octets)
    }
    switch options.format {
    case .text:
      writeLeftOut(into: &octets)
      writeText(into: &octets) { SummaryText(options: options, summary: summary).write(to: &$0) }
    case .brief:
      guard options.summaryOnly else { return }
      writeText(into: &octets) { SummaryText(options: options, summary: summary).write(to: &$0) }
    case .jsonl, .csv: break
    case .html: page?.write(summary, to: &octets)
    case .json:
      octets.append(text: isFirst ? "]" : "\n]")
      octets.append(text: #","capture":"#)
      writeJSON(into: &octets) { summary.writeCapture(label: options.label, to: &$0) }
      octets.append(text: #","summary":"#)
      writeJSON(into: &octets) { summary.writeSummary(to: &$0) }
      octets.append(text: "}\n")
    }
  }

  private func write(
    _ ports: PortLedger, _ summary: CaptureSummary, into octets: inout [UInt8]
  ) {
    let accounts = PortAccounts(ports, captureEnd: summary.input.lastTime)
    guard options.format != .json else {
      writeJSON(into: &octets) {
        PortsJSON(label: options.label, summary: summary, accounts: accounts).write(to: &$0)
      }
      octets.append(0x0A)
      return
    }
    writeText(into: &octets) {
      PortsText(options: options, summary: summary, accounts: accounts).write(to: &$0)
    }
  }

  /// Flows that a limit left out so far.
  package var leftOut: Int { kept?.leftOut ?? 0 }

  private func writeLeftOut(into octets: inout [UInt8]) {
    guard leftOut > 0 else { return }
    writeText(into: &octets) { text in
      text.put(
        Wording.count(leftOut, "more flow")
          + (options.sort == nil ? ": --all, --format brief, --stream N" : ": --limit N"), .strong)
      text.endLine()
      text.endLine()
    }
  }

  private func writeTimeline(of record: FlowRecord, into octets: inout [UInt8]) {
    writeText(into: &octets) { TimelineText(options: options).write(record, to: &$0) }
  }

  private func writeText(into octets: inout [UInt8], _ body: (inout TextWriter) -> Void) {
    var text = TextWriter(
      taking: &octets, isColoured: options.isColoured, width: max(80, options.width))
    body(&text)
    text.finish(&octets)
  }

  private func writeJSON(into octets: inout [UInt8], _ body: (inout JSONWriter) -> Void) {
    var json = JSONWriter(taking: &octets)
    body(&json)
    json.finish(&octets)
  }
}
