internal import PacketDecoding
internal import TCPTeardown

/// A whole report as one HTML file that loads nothing: charts and tables of all flows, and the most
/// harmful flows, or the first by another order, one by one.
///
/// While records come, those of such flows are kept and the others only counted.
struct HTMLPage: Sendable {
  /// Flows told one by one take so many octets at most, and the whole page less than 5 MB.
  static let embeddedOctetsAtMost = 4_000_000

  private let options: ReportOptions
  private(set) var kept: RankedFlows
  private(set) var occupancy = HTMLOccupancy()
  private(set) var services = HTMLServices()
  private var ports: PortLedger

  init(_ options: ReportOptions) {
    self.options = options
    ports = PortLedger(options.ports)
    let most = ReportOptions.flowsOfPage.upperBound
    kept = RankedFlows(
      limit: options.summaryOnly ? 0 : min(options.limit ?? most, most),
      by: options.sort ?? .harm)
  }

  /// Takes in the record of a flow, once it is final.
  mutating func take(_ record: borrowing FlowRecord, captureEnd: Int64?) {
    kept.take(record, captureEnd: captureEnd)
    occupancy.add(record, captureEnd: captureEnd)
    services.add(record.teardown.outcome, port: record.server.port)
    ports.add(record, captureEnd: captureEnd)
  }

  /// Appends the page.
  func write(_ summary: CaptureSummary, to octets: inout [UInt8]) {
    let flows = embedded(captureEnd: summary.input.lastTime)
    var html = HTMLWriter(taking: &octets)
    html.put(.html, [.lang: "en"]) { html in
      html.put(.head) { writeHead(to: &$0) }
      html.put(.body) { html in
        let view = HTMLSummary(
          options: options, summary: summary, services: services, occupancy: occupancy,
          ports: PortAccounts(ports, captureEnd: summary.input.lastTime))
        view.writeHeader(to: &html)
        html.put(.main) { html in
          view.writeOverview(to: &html)
          if !options.summaryOnly {
            HTMLFlowSection(
              shown: flows.count, all: kept.flows, order: options.sort ?? .harm
            )
            .write(to: &html)
          }
        }
        view.writeFooter(to: &html)
        html.put(json: flows.json, id: "flows-data")
        html.put(script: HTMLScript.parts)
      }
    }
    html.finish(&octets)
    octets.append(0x0A)
  }

  private func writeHead(to html: inout HTMLWriter) {
    html.put(.meta, [.charset: "utf-8"])
    html.put(.meta, [.name: "viewport", .content: "width=device-width, initial-scale=1"])
    // Even a mistake in all that follows could neither run a script nor load anything.
    html.put(
      .meta,
      [
        .httpEquiv: "Content-Security-Policy",
        .content: "default-src 'none'; "
          + "style-src '\(HTMLStyle.hashes[0])' '\(HTMLStyle.hashes[1])'; "
          + "script-src '\(HTMLScript.hash)'; base-uri 'none'; form-action 'none'",
      ])
    html.put(.title, "\(options.label): how its connections ended")
    html.put(style: HTMLStyle.sheet)
    html.put(style: HTMLStyle.flows)
  }

  /// The flows that the page tells one by one, in their order, as JSON.
  private func embedded(captureEnd: Int64?) -> (json: [UInt8], count: Int) {
    let writer = HTMLFlowJSON(options: options, captureEnd: captureEnd)
    var json: [UInt8] = []
    json.append(text: #"{"flows":["#)
    var count = 0
    var size = 0
    for record in kept.ranked {
      let before = json.count
      if count > 0 { json.append(text: ",\n") }
      writer.write(record, to: &json)
      size += HTMLWriter.size(ofJSON: json[before...])
      guard size <= Self.embeddedOctetsAtMost else {
        json.removeLast(json.count - before)
        break
      }
      count += 1
    }
    json.append(text: "\n]}")
    return (json, count)
  }
}
