import FlowScripts
import Foundation
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

/// What the page tells of ports and of times in states, against the JSON of the same records.
@Suite("HTML: port budget and times in states")
struct HTMLPortBudgetTests {
  static let second = Int64.nanosecondsPerSecond
  static let ports = PortsOptions(ports: 40000...40119, profile: .linux)

  /// A client that closes first 100 times within 20 s, and others where the server does.
  static func records() -> [FlowRecord] {
    let records = ReportTests.records(100, aborted: [7], leaks: [9])
    return records.enumerated().map { number, record in
      var record = record
      record.shift(by: Int64(number) * second / 5)
      record.client = Endpoint(
        address: record.client.address, port: 40000 + UInt16(number))
      if number.isMultiple(of: 5) {
        record.server = Endpoint(address: record.server.address, port: 443)
        for place in record.teardown.timeWait.indices {
          record.teardown.timeWait[place].side = .server
        }
      }
      return record
    }
  }

  static func options(_ format: Format) -> ReportOptions {
    var options = ReportOptions(label: "web-1")
    options.format = format
    options.ports = ports
    return options
  }

  static func report(_ options: ReportOptions, _ records: [FlowRecord]) -> String {
    var summary = CaptureSummary(ephemeralPorts: ports.ports)
    summary.input.firstTime = records.first?.start
    summary.input.lastTime = records.map(\.end).max()
    var report = Report(options)
    var octets: [UInt8] = []
    report.begin(into: &octets)
    for record in records {
      report.take(record, captureEnd: summary.input.lastTime, into: &octets)
      summary.add(record)
    }
    report.end(summary, into: &octets)
    return String(decoding: octets, as: UTF8.self)
  }

  struct Ports: Decodable {
    struct Peak: Decodable {
      var peak: Int
      var from: String?
    }
    struct Rate: Decodable { var perSecond: Double }
    struct Forecast: Decodable { var verdict: String }
    struct Client: Decodable {
      var client: String
      var server: End
      var connections: Int
      var held: Peak
      var rate: Rate
      var forecast: Forecast
    }
    struct End: Decodable {
      var address: String
      var port: Int
    }
    struct Octets: Decodable { var peak: Int }
    struct Server: Decodable {
      var server: End
      var entries: Int
      var peak: Int
      var from: String
      var octets: Octets
    }
    var clients: [Client]
    var servers: [Server]
  }

  /// The texts of a table's rows, cell by cell.
  static func cells(ofTable mark: String, in page: String) throws -> [[String]] {
    let table = try #require(HTMLTests.content(of: "table", mark, in: page))
    return rows(of: table)
  }

  static func rows(of table: Substring) -> [[String]] {
    table.components(separatedBy: "<tr>").dropFirst(2).map { row in
      row.split(separator: #/<\/t[dh]>/#).dropLast().map { cell in
        String(cell).replacing(#/<svg(?:.|\n)*?<\/svg>/#, with: "")
          .replacing(#/<[^>]*>/#, with: "").replacing("&gt;", with: ">")
      }
    }
  }

  @Test("clients and servers are those of the JSON on ports, in the same words")
  func budget() throws {
    let records = Self.records()
    let page = Self.report(Self.options(.html), records)
    var options = Self.options(.json)
    options.tellsPortsOnly = true
    let json = try JSONDecoder().decode(
      Ports.self, from: Data(Self.report(options, records).utf8))
    #expect(json.clients.count == 2 && json.servers.count == 1)
    let clients = try Self.cells(ofTable: #"class="plain wide" id="port-clients""#, in: page)
    #expect(
      clients
        == json.clients.map { client in
          let verdict = client.forecast.verdict
          let word =
            verdict == "free" ? "lasts" : "\(verdict.replacing("-", with: " ")) assumed"
          return [
            "\(client.client) -> \(client.server.address):\(client.server.port)",
            "\(client.connections)", "\(client.held.peak)",
            Wording.percent(client.held.peak, of: 120), Wording.rate(client.rate.perSecond),
            Self.shown(client.held.from ?? ""), word,
          ]
        })
    let servers = try Self.cells(ofTable: #"class="plain wide" id="port-servers""#, in: page)
    #expect(
      servers
        == json.servers.map { server in
          [
            "\(server.server.address):\(server.server.port)", "\(server.entries)",
            "\(server.peak)", Self.shown(server.from), Wording.grouped(server.octets.peak),
          ]
        })
    options.format = .text
    // Line breaks aside, each sentence of the text is one of the page.
    let text = Self.report(options, records).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    let section = try #require(
      HTMLTests.content(of: "section", #"id="port-budget""#, in: page))
    let sentences = section.matches(of: #/<dd class="[a-z]*"><span>(.*?)<\/span>/#)
      .map { String($0.output.1).replacing("&gt;", with: ">").replacing("&#39;", with: "'") }
    #expect(sentences.count >= 10)
    for sentence in sentences { #expect(text.contains(sentence), "\(sentence)") }
  }

  /// A moment of the JSON as the page has it, to a tenth of a second.
  static func shown(_ moment: String) -> String {
    moment.prefix(21).replacing("T", with: " ") + " UTC"
  }

  @Test("times in each state are those of the summary, of all services and of each")
  func stateTimes() throws {
    let records = Self.records()
    let page = Self.report(Self.options(.html), records)
    var summary = CaptureSummary(ephemeralPorts: Self.ports.ports)
    for record in records { summary.add(record) }
    let section = try #require(
      HTMLTests.content(of: "section", #"id="state-times""#, in: page))
    let tables = section.components(separatedBy: "<table").dropFirst().map {
      Self.rows(of: $0[...])
    }
    let wanted =
      [summary.stateTimes.rows] + summary.servicesWithTimes(limit: 10).map(\.times)
    #expect(wanted.count == 3)
    #expect(
      tables
        == wanted.map { rows in rows.map { [$0.state.rawValue] + $0.cells.map(\.text) } })
    #expect(section.contains("Server port 443: 20 flows"))
  }

  @Test("with one service there are no times by service, and with no flow none at all")
  func few() throws {
    let one = Self.report(Self.options(.html), ReportTests.records(3))
    #expect(one.contains(#"id="state-times""#) && !one.contains("service-times"))
    let none = Self.report(Self.options(.html), [])
    #expect(!none.contains(#"id="state-times""#))
    #expect(none.contains("No client took one of these ports."))
  }

  @Test("a profile's name is text", arguments: HTMLHostileTests.payloads)
  func hostile(payload: String) {
    func page(_ name: String) -> String {
      var options = Self.options(.html)
      options.ports = PortsOptions(
        ports: Self.ports.ports,
        profile: Profile(name: name, timeWait: 45 * Self.second, finWait2: 60 * Self.second))
      return Self.report(options, Self.records())
    }
    #expect(HTMLHostileTests.tags(of: page(payload)) == HTMLHostileTests.tags(of: page("plain")))
    #expect(page("<b>\u{1B}").contains("lasts 45 s (&lt;b&gt;\\u{1B}) where"))
  }
}

extension FlowRecord {
  /// The same connection so many nanoseconds later.
  mutating func shift(by delay: Int64) {
    start += delay
    end += delay
    for side in Side.allCases {
      for place in teardown.states[side].indices {
        teardown.states[side][place].enteredAt += delay
        teardown.states[side][place].leftAt = teardown.states[side][place].leftAt.map { $0 + delay }
      }
    }
    for place in teardown.timeWait.indices { teardown.timeWait[place].enteredAt += delay }
  }
}
