internal import PacketDecoding
internal import TCPTeardown

/// What became of clients' ports, as a person reads it.
struct PortsText {
  let options: ReportOptions
  let summary: CaptureSummary
  let accounts: PortAccounts

  func write(to text: inout TextWriter) {
    let capture = CaptureText(options: options, summary: summary)
    capture.writeTitle("ports", to: &text)
    capture.writeSpan(to: &text)
    capture.writeFlowCount(to: &text)
    put(accounts.premises, to: &text)
    writeClients(to: &text)
    for account in accounts.clients where account.deservesDetail {
      write(account, to: &text)
    }
    writeServers(to: &text)
    if !accounts.settings.isEmpty { text.endLine() }
    put(accounts.settings, to: &text)
    capture.writeWarnings(to: &text)
  }

  private func writeClients(to text: inout TextWriter) {
    guard !accounts.clients.isEmpty || accounts.moreClients > 0 else { return }
    text.endLine()
    PortRow.writeHead(to: &text)
    for account in accounts.clients { PortRow(account).write(to: &text) }
    more(accounts.moreClients, "client and destination", "clients and destinations", to: &text)
    if accounts.otherConnections > 0 {
      text.put("other", .dim)
      text.put(Wording.grouped(accounts.otherConnections), endingAt: 42)
      text.endLine()
      text.put(
        Claim(
          label: "",
          text: "not told apart, for there are too many clients and destinations: some of those "
            + "above may have had more ports, and others as many; -f or --host narrow it down"),
        indent: 0)
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
    guard account.held.peak != nil else { return }
    put(account.claims(accounts.options, options.clock), to: &text)
    PortChart(account: account, captureEnd: accounts.captureEnd).write(to: &text)
  }

  private func writeServers(to text: inout TextWriter) {
    guard let cost = accounts.cost else { return }
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
    put([cost], to: &text)
  }

  private func put(_ claims: [Claim], to text: inout TextWriter) {
    for claim in claims { text.put(claim, indent: CaptureText.valueColumn) }
  }
}
