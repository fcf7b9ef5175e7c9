internal import PacketDecoding
internal import TCPTeardown

/// What became of clients' ports, as a person reads it.
struct PortsText {
  let options: ReportOptions
  let summary: CaptureSummary
  let accounts: PortAccounts

  private static let valueColumn = 14

  func write(to text: inout TextWriter) {
    text.put("ports of \(options.label.escapedForTerminal)", .strong)
    text.endLine()
    writeInput(to: &text)
    writeClients(to: &text)
    for account in accounts.clients where account.deservesDetail {
      write(account, to: &text)
    }
    writeServers(to: &text)
    writeSettings(to: &text)
    if !summary.input.warnings.isEmpty { text.endLine() }
    for warning in summary.input.warnings {
      line("warning", [Piece(warning.escapedForTerminal, .problem)], to: &text)
    }
  }

  private func writeInput(to text: inout TextWriter) {
    let input = summary.input
    if let first = input.firstTime, let last = input.lastTime {
      let length = Wording.duration(last.saturatingSubtracting(first))
      line("from", [Piece(options.clock.text(first))], to: &text)
      line("to", [Piece("\(options.clock.text(last)),"), Piece("\(length) later")], to: &text)
    }
    let all = summary.flows + summary.leftOut
    let selected = summary.leftOut > 0 ? " selected of \(Wording.grouped(all))" : ""
    line("flows", [Piece(Wording.grouped(summary.flows) + selected)], to: &text)
    let ports = accounts.options.ports
    line(
      "ports",
      [
        Piece("\(ports.lowerBound) to \(ports.upperBound): \(Wording.grouped(ports.count))"),
        Piece("towards each destination"), Piece("(assumed)", .dim),
      ], to: &text)
    let profile = accounts.options.profile
    line(
      "TIME-WAIT",
      [
        Piece("lasts \(Wording.duration(profile.timeWait)) where no segment shows its end"),
        Piece("(assumed: \(profile.name.escapedForTerminal))", .dim),
      ], to: &text)
    if accounts.flowsOutside > 0 {
      caution(
        "\(Wording.count(accounts.flowsOutside, "flow")) with client ports outside of that range "
          + "(--ephemeral-ports) left out of what follows", to: &text)
    }
    if !accounts.isExact {
      caution("too many flows to keep each: counted about every 2.1 s", to: &text)
    }
  }

  private func caution(_ what: String, to text: inout TextWriter) {
    line("", [Piece(what, .caution)], to: &text)
  }

  private func writeClients(to text: inout TextWriter) {
    guard !accounts.clients.isEmpty || accounts.moreClients > 0 else { return }
    text.endLine()
    PortRow.writeHead(to: &text)
    for account in accounts.clients {
      PortRow(
        name: account.name, connections: account.connections, held: account.most,
        ports: account.ports, forecast: account.forecast
      ).write(to: &text)
    }
    more(accounts.moreClients, "client and destination", "clients and destinations", to: &text)
    if accounts.otherConnections > 0 {
      text.put("other", .dim)
      text.put(Wording.grouped(accounts.otherConnections), endingAt: 42)
      text.endLine()
    }
  }

  private func more(_ count: Int, _ noun: String, _ nouns: String, to text: inout TextWriter) {
    guard count > 0 else { return }
    text.put("\(Wording.grouped(count)) more \(count == 1 ? noun : nouns): --limit", .dim)
    text.endLine()
  }

  private func write(_ account: PortAccount, to text: inout TextWriter) {
    text.endLine()
    text.put(account.name, .strong)
    text.endLine()
    guard let peak = account.held.peak else { return }
    let share = Wording.percent(account.most, of: account.ports)
    line(
      "ports held",
      [
        Piece("at most \(Wording.grouped(account.most)) of \(Wording.grouped(account.ports))"),
        Piece("(\(share) %), from \(options.clock.text(peak.from)) on"),
        Wording.proof(account.grade, Frames()),
      ], to: &text)
    writeTimeWait(account, to: &text)
    let facts = account.facts
    line(
      "connections",
      [
        Piece("\(Wording.grouped(account.connections)) begun within"),
        Piece(Wording.duration(facts.last.saturatingSubtracting(facts.first)) + ","),
        Piece("\(Wording.grouped(account.rate.busiest)) of them within"),
        Piece(Wording.tenths(account.rate.span) + ":"),
        Piece("\(Wording.rate(account.rate.perSecond)) a second"),
      ], to: &text)
    line("payload", [Piece(account.loadSentence)], to: &text)
    if let sentence = account.httpSentence { line("HTTP", [Piece(sentence)], to: &text) }
    writeForecast(account, lasting: peak.until.saturatingSubtracting(peak.from), to: &text)
    if let sentence = account.reuseSentence {
      line("tcp_tw_reuse", [Piece(sentence)], to: &text)
    }
    PortChart(account: account, captureEnd: accounts.captureEnd).write(to: &text)
  }

  private func writeTimeWait(_ account: PortAccount, to text: inout TextWriter) {
    guard let peak = account.waiting.peak, let span = account.waiting.span else {
      let server = account.facts.serverWaits
      return line(
        "TIME-WAIT",
        [
          Piece("none at the client; \(Wording.grouped(server)) at the server, "),
          Piece("where it takes no port of the client's"),
        ], to: &text)
    }
    line(
      "TIME-WAIT",
      [
        Piece("at most \(Wording.grouped(peak.held)) at one time, from"),
        Piece("\(options.clock.text(peak.from)) on for"),
        Piece("\(Wording.tenths(peak.until.saturatingSubtracting(peak.from)));"),
        Piece("none from \(options.clock.text(span.end)) on"),
        Wording.proof(account.grade, Frames()),
      ], to: &text)
  }

  private func writeForecast(
    _ account: PortAccount, lasting: Int64, to text: inout TextWriter
  ) {
    let forecast = account.forecast
    if let sustainable = forecast.sustainable {
      let wait = Wording.duration(accounts.options.profile.timeWait)
      line(
        "sustainable",
        [
          Piece("\(Wording.rate(sustainable)) a second: \(Wording.grouped(account.ports)) ports,"),
          Piece("each held for \(wait) after its connection"), Wording.proof(.assumed, Frames()),
        ], to: &text)
    }
    let sentence =
      forecast.verdict == .ranOut
      ? account.ranOutSentence(lasting: lasting)
      : forecast.sentence(ports: account.ports, options.clock)
    line(
      "forecast",
      [Piece(sentence, forecast.advice == nil ? .plain : .problem)]
        + (forecast.verdict == .free ? [] : [Wording.proof(.assumed, Frames())]), to: &text)
    if let advice = forecast.advice { text.putAdvice(advice, at: Self.valueColumn + 2) }
  }

  private func writeServers(to text: inout TextWriter) {
    guard let first = accounts.servers.first else { return }
    text.endLine()
    text.put("TIME-WAIT at servers", .strong)
    for (name, column) in [("entries", 42), ("at once", 50)] {
      text.put(name, endingAt: column, .dim)
    }
    text.put("  from", .dim)
    text.endLine()
    for waits in accounts.servers {
      guard let peak = waits.held.peak else { continue }
      text.put("\(waits.server)")
      if "\(waits.server)".columns > 34 { text.endLine() }
      text.put(Wording.grouped(waits.entries), endingAt: 42)
      text.put(Wording.grouped(peak.held), endingAt: 50)
      text.put("  " + options.clock.text(peak.from, tenths: true))
      text.endLine()
    }
    more(accounts.moreServers, "server", "servers", to: &text)
    if accounts.otherServerWaits > 0 {
      text.put("other", .dim)
      text.put(Wording.grouped(accounts.otherServerWaits), endingAt: 42)
      text.endLine()
    }
    line("cost", [Piece(first.sentence(peak: first.held.peak?.held ?? 0))], to: &text)
  }

  /// What is often advised and does not help.
  private func writeSettings(to text: inout TextWriter) {
    let atClients = accounts.clientWaits > 0
    guard atClients || !accounts.servers.isEmpty || accounts.moreServers > 0 else { return }
    text.endLine()
    if !atClients {
      line(
        "tcp_tw_reuse",
        [Piece("would change nothing: no client here holds TIME-WAIT, and it is for connect()")],
        to: &text)
    }
    line(
      "fin_timeout",
      [
        Piece("net.ipv4.tcp_fin_timeout would not help: it bounds FIN-WAIT-2 of sockets that"),
        Piece("were closed; TIME-WAIT is 60 s on Linux whatever it says"),
      ], to: &text)
  }

  private func line(_ label: String, _ pieces: [Piece], to text: inout TextWriter) {
    text.putLine(label, pieces, indent: Self.valueColumn)
  }
}

extension PortAccount {
  /// `10.0.0.1 -> 10.0.0.2:80`.
  var name: String { "\(way.client) -> \(way.server)" }
}
