internal import TCPTeardown

/// The part of the page that tells what `tcpclose ports` does: which ports clients held, when, what
/// comes of it, and what TIME-WAIT costs servers.
struct HTMLPortBudget {
  let accounts: PortAccounts
  let clock: ClockFace

  func write(to html: inout HTMLWriter) {
    html.put(.section, [.id: "port-budget"]) { html in
      html.put(.h2, "Port budget")
      html.putClaims(accounts.premises)
      writeClients(to: &html)
      for account in accounts.clients where account.deservesDetail {
        writeDetail(of: account, to: &html)
      }
      writeServers(to: &html)
      if !accounts.settings.isEmpty { html.putClaims(accounts.settings) }
    }
  }

  private func writeClients(to html: inout HTMLWriter) {
    guard !accounts.clients.isEmpty else {
      html.put(.p, "No client took one of these ports.")
      return
    }
    html.put(.table, [.class: "plain wide", .id: "port-clients"]) { html in
      html.putHead(
        ["client -> destination"] + PortRow.columns.map(\.0) + ["most held from", "forecast"],
        numbers: 1..<6)
      html.put(.tbody) { html in
        for account in accounts.clients { write(account, to: &html) }
      }
    }
    putMore(
      [
        Self.more(accounts.moreClients, "client and destination", "clients and destinations"),
        Self.other(accounts.otherConnections, "connection", "connections"),
      ], to: &html)
  }

  private func write(_ account: PortAccount, to html: inout HTMLWriter) {
    let row = PortRow(account)
    html.put(.tr) { html in
      html.put(.th, [.scope: "row", .dataLabel: "client -> destination"]) { html in
        html.put(.span, row.name)
        // A bar of next to nothing says no more than the number.
        if account.most * 100 >= account.ports { writeBar(account, to: &html) }
      }
      for (name, number) in zip(PortRow.columns.map(\.0), row.numbers) {
        html.put(.td, [.class: "number", .dataLabel: name], number)
      }
      html.put(
        .td, [.class: "number", .dataLabel: "most held from"],
        account.held.peak.map { clock.text($0.from, tenths: true) } ?? "-")
      html.put(
        .td, [.class: row.isProblem ? "forecast problem" : "forecast", .dataLabel: "forecast"]
      ) { html in
        html.put(.span, row.outlook)
        if row.connections > 1, account.forecast.verdict != .free {
          html.put(" ")
          html.putGrade(.assumed)
        }
      }
    }
  }

  private func writeBar(_ account: PortAccount, to html: inout HTMLWriter) {
    html.put(
      .svg,
      [
        .class: "bar", .viewBox: "0 0 1000 10", .preserveAspectRatio: "none", .role: "img",
        .label:
          "\(Wording.grouped(account.most)) of \(Wording.grouped(account.ports)) ports held",
      ]
    ) { html in
      html.put(.rect, [.class: "empty", .width: "1000", .height: "10"])
      html.put(
        .rect,
        [
          .class: "held", .width: String(account.most * 1000 / max(1, account.ports)),
          .height: "10",
        ])
    }
  }

  private func writeDetail(of account: PortAccount, to html: inout HTMLWriter) {
    html.put(.details, [.class: "port-client"]) { html in
      html.put(.summary, account.name)
      html.putClaims(account.claims(accounts.options, clock))
      if let slices = PortSlices(
        account.held, account.waiting, captureEnd: accounts.captureEnd)
      {
        HTMLPortChart(slices: slices, most: account.most).write(to: &html)
      }
    }
  }

  private func writeServers(to html: inout HTMLWriter) {
    guard let cost = accounts.cost else { return }
    html.put(.h3, "TIME-WAIT at servers")
    html.put(.table, [.class: "plain wide", .id: "port-servers"]) { html in
      html.putHead(["server", "entries", "at once", "from", "octets"], numbers: 1..<5)
      html.put(.tbody) { html in
        for waits in accounts.servers {
          guard let peak = waits.held.peak else { continue }
          html.put(.tr) { html in
            html.put(.th, [.scope: "row", .dataLabel: "server"], "\(waits.server)")
            let cells = [
              ("entries", Wording.grouped(waits.entries)),
              ("at once", Wording.grouped(peak.held)),
              ("from", clock.text(peak.from, tenths: true)),
              ("octets", Wording.grouped(peak.held * ServerWaits.octetsEach)),
            ]
            for (name, text) in cells {
              html.put(.td, [.class: "number", .dataLabel: name], text)
            }
          }
        }
      }
    }
    putMore(
      [
        Self.more(accounts.moreServers, "server", "servers"),
        Self.other(accounts.otherServerWaits, "TIME-WAIT", "TIME-WAITs"),
      ], to: &html)
    html.putClaims([cost])
  }

  private static func more(_ count: Int, _ noun: String, _ nouns: String) -> String? {
    count > 0 ? "\(Wording.grouped(count)) more \(count == 1 ? noun : nouns)" : nil
  }

  private static func other(_ count: Int, _ noun: String, _ nouns: String) -> String? {
    count > 0 ? "\(Wording.count(count, noun, nouns)) of others, not told apart" : nil
  }

  private func putMore(_ told: [String?], to html: inout HTMLWriter) {
    let told = told.compactMap { $0 }
    guard !told.isEmpty else { return }
    html.put(
      .p, [.class: "quiet"],
      told.joined(separator: ", and ") + ": tcpclose ports --format json tells all it has.")
  }
}

extension HTMLWriter {
  /// Puts claims as terms and their descriptions, each with its grade and what to do.
  mutating func putClaims(_ claims: [Claim]) {
    put(.dl, [.class: "told"]) { html in
      for claim in claims {
        html.put(.dt, claim.label)
        html.put(.dd, [.class: claim.ink.className]) { html in
          html.put(.span, claim.text)
          if let grade = claim.grade {
            html.put(" ")
            html.putGrade(grade)
          }
          if let advice = claim.advice { html.put(.p, [.class: "advice"], "→ \(advice)") }
        }
      }
    }
  }

  /// Puts a table's head; the columns in `numbers` hold numbers.
  mutating func putHead(_ names: [String], numbers: Range<Int>) {
    put(.thead) { html in
      html.put(.tr) { html in
        for (place, name) in names.enumerated() {
          html.put(
            .th, [.scope: "col", .class: numbers.contains(place) ? "number" : ""], name)
        }
      }
    }
  }
}
