internal import PacketDecoding
internal import TCPTeardown

/// The tables of a summary that say what to look at, and what to do.
extension SummaryText {
  private static let servicesWithTimes = 5
  /// Where the numbers on times in states end.
  private static let timesColumns = [36, 44, 52, 60, 69, 79]
  /// Programs decide how long these last, rather than the path.
  private static let statesOfPrograms: [State] = [.established, .finWait2, .closeWait]

  /// Causes of resets, with the most harmful streams of each.
  func writeResets(to text: inout TextWriter) {
    let ranked = summary.resets.ranked
    guard !ranked.isEmpty else { return }
    text.endLine()
    heading([("reset cause", 0), ("flows", 36), ("streams to look at", 56)], to: &text)
    for (cause, count) in ranked {
      writeRow(cause.rawValue, count, summary.resetStreams[cause], .plain, to: &text)
    }
  }

  /// Findings of flows by harm, with what to do about each.
  func writeFlowFindings(to text: inout TextWriter) {
    let ranked = summary.findingAdvice.ranked
    write("finding, by harm", ranked.filter { !$0.code.isHygiene }, to: &text)
    write("capture hygiene", ranked.filter(\.code.isHygiene), to: &text)
  }

  private func write(_ name: String, _ findings: [Finding], to text: inout TextWriter) {
    guard !findings.isEmpty else { return }
    text.endLine()
    heading([(name, 0), ("flows", 36), ("streams to look at", 56)], to: &text)
    for finding in findings {
      writeRow(
        finding.code.rawValue, summary.findings[finding.code],
        summary.findingStreams[finding.code], finding.ink, to: &text)
      text.putAdvice(finding.advice, at: 2)
    }
  }

  private func writeRow(
    _ name: String, _ count: Int, _ streams: [Int], _ ink: Ink, to text: inout TextWriter
  ) {
    text.put(name, ink)
    text.put(Wording.grouped(count), endingAt: 36)
    text.put("  " + streams.map(String.init).joined(separator: " "))
    if count > streams.count { text.put(" ...", .dim) }
    text.endLine()
  }

  /// How long sides stayed in each state; of one flow its timeline tells all.
  func writeStateTimes(to text: inout TextWriter) {
    let rows = summary.stateTimes.rows
    guard summary.flows > 1, !rows.isEmpty else { return }
    text.endLine()
    heading(
      [("time in state", 0)] + Array(zip(StateTimes.Row.columns, Self.timesColumns)), to: &text)
    for row in rows { write(row, named: row.state.rawValue, to: &text) }
    // Of one service all of that was.
    guard summary.rankedServices(limit: 2).count > 1 else { return }
    let services = summary.servicesWithTimes(
      limit: Self.servicesWithTimes, in: Self.statesOfPrograms)
    for (port, _, rows) in services {
      for row in rows {
        write(row, named: "port \(port): \(row.state.rawValue)", to: &text)
      }
    }
  }

  private func write(
    _ row: StateTimes.Row, named name: String, to text: inout TextWriter
  ) {
    text.put(name)
    for (cell, column) in zip(row.cells, Self.timesColumns) {
      text.put(cell.text, endingAt: column, cell.isNothing ? .dim : .plain)
    }
    text.endLine()
  }

  /// The limits at which sides of a service close idle connections.
  func writeIdleLimits(to text: inout TextWriter) {
    let services = summary.idleLimits.services
    guard !services.isEmpty else { return }
    text.endLine()
    heading([("idle limit, by server port", 0)], to: &text, ended: false)
    text.put(" (inferred)", .dim)
    text.put("server closes after", endingAt: 59, .dim)
    text.put("client closes after", endingAt: 79, .dim)
    text.endLine()
    for service in services.prefix(Self.rankLimit) { write(service, to: &text) }
    let more = services.count - Self.rankLimit
    guard more > 0 else { return }
    text.put("\(Wording.count(more, "more service")), see --format json", .dim)
    text.endLine()
  }

  private func write(_ service: IdleLimits.Service, to text: inout TextWriter) {
    let limits = service.limits
    for rank in 0..<max(limits.server.count, limits.client.count) {
      if rank == 0 { text.put(String(service.port)) }
      for (limits, column) in [(limits.server, 59), (limits.client, 79)] {
        guard rank < limits.count else {
          text.put("-", endingAt: column, .dim)
          continue
        }
        let limit = limits[rank]
        text.put(
          "\(Wording.limit(limit.idle)) (\(Wording.count(limit.flows, "flow")))", endingAt: column)
      }
      text.endLine()
    }
    guard !service.isSafe else { return }
    let verdict = service.verdict == .inverted ? "inverted" : "either may be first"
    text.putAdvice("\(verdict): \(service.advice)", at: 2)
  }

  /// Who held many of their ports.
  func writePorts(to text: inout TextWriter) {
    let holders = summary.portBudget.holders
    guard !holders.isEmpty else { return }
    text.endLine()
    PortRow.writeHead(to: &text)
    for holder in holders.prefix(Self.rankLimit) {
      PortRow(
        name: "\(holder.client) -> \(holder.server)", connections: holder.flows,
        held: holder.peak, ports: holder.ports, forecast: holder.forecast
      ).write(to: &text)
    }
    let more = holders.count - Self.rankLimit
    let others = more > 0 ? "\(Wording.grouped(more)) more; " : ""
    text.put(others + "tcpclose ports tells more", .dim)
    text.endLine()
    for holder in holders.prefix(Self.rankLimit) where holder.forecast.verdict == .runsOut {
      line(
        "forecast",
        [
          Piece("\(holder.client) -> \(holder.server):"),
          Piece(holder.forecast.sentence(ports: holder.ports, options.clock), .problem),
          Wording.proof(.assumed, Frames()),
        ], to: &text)
      text.putAdvice(holder.forecast.advice ?? "", at: Self.valueColumn + 2)
    }
  }
}
