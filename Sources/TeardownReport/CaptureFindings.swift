internal import PacketDecoding
package import TCPTeardown

extension Finding.Code {
  /// Those of whole captures, which no flow bears.
  package static let ofCapturesOnly: Set<Finding.Code> = [
    .synFloodLike, .portExhaustionRisk, .truncated, .clockStep,
  ]
}

/// What a person should know about the capture as a whole.
extension CaptureSummary {
  /// In the shape that the findings of a flow have, the gravest kind first.
  package var captureFindings: [Finding] {
    portBudget.risks.map(\.finding) + unfinishedAttempts.floods.map(\.finding)
      + idleLimits.services.flatMap(\.findings) + hygieneFindings
  }

  /// What keeps the capture from telling all.
  var hygieneFindings: [Finding] {
    var findings: [Finding] = []
    if input.truncated > 0 { findings.append(Finding(.truncated, count: input.truncated)) }
    if input.clockSteps > 0 { findings.append(Finding(.clockStep, count: input.clockSteps)) }
    return findings
  }
}

extension IdleLimits.Service {
  /// A finding for each limit; the verdict stands with the two that it compares.
  var findings: [Finding] {
    Side.allCases.reversed().flatMap { side in
      limits[side].enumerated().map { rank, limit in
        var values = [
          NamedValue("port", .count(Int(port))), NamedValue("idle", .duration(limit.idle)),
        ]
        if let preset = limit.preset { values.append(NamedValue("preset", .duration(preset))) }
        if rank == 0, let verdict, let other = limits[side.peer].first {
          values.append(NamedValue("verdict", .word(verdict.rawValue)))
          values.append(NamedValue("peerIdle", .duration(other.idle)))
        }
        return Finding(
          .idleTimeout, side: side, grade: .inferred, count: limit.flows, values: values)
      }
    }
  }

  /// `port 80: the server closes after 5.0 s idle (12 flows), clients after 60 s (3 flows)`, and
  /// the verdict.
  var sentence: String {
    let told = [Side.server, .client].filter { !limits[$0].isEmpty }.enumerated()
      .map { place, side in
        let who = side == .server ? "the server" : "clients"
        let verb = place > 0 ? "" : side == .server ? " closes" : " close"
        return "\(who)\(verb) after \(times(of: side, naming: place == 0 ? " idle" : ""))"
      }
    let ending =
      switch verdict {
      case .inverted: ": inverted"
      case .equal: ": either may be first"
      case .ordered, nil: ""
      }
    return "port \(port): \(told.joined(separator: ", "))\(ending)"
  }

  var advice: String {
    guard let server = limits.server.first?.idle, verdict != .ordered else {
      return "nothing: clients let go first, and no request can meet the close"
    }
    return "let clients drop idle connections sooner than \(Wording.limit(server)), "
      + "or a request will meet the close"
  }

  private func times(of side: Side, naming unit: String) -> String {
    limits[side].enumerated().map { rank, limit in
      Wording.limit(limit.idle) + (rank == 0 ? unit : "")
        + " (\(Wording.count(limit.flows, "flow")))"
    }
    .joined(separator: " or ")
  }
}

extension UnfinishedAttempts.Flood {
  var finding: Finding {
    Finding(
      .synFloodLike, side: .server, grade: .inferred, count: attempts,
      values: [
        NamedValue("server", .word(server.address.description)),
        NamedValue("port", .count(Int(server.port))), NamedValue("attempts", .count(peak)),
        NamedValue("within", .duration(UnfinishedAttempts.span)),
        NamedValue("sources", .count(sources)), NamedValue("at", .word(rfc3339: peakTime)),
      ])
  }

  func sentence(_ clock: ClockFace) -> String {
    let span = Wording.duration(UnfinishedAttempts.span)
    return "\(server) got \(Wording.grouped(peak)) SYNs within \(span), from about "
      + "\(Wording.count(sources, "address", "addresses")), that were neither repeated nor followed "
      + "by an ACK, from \(clock.text(peakTime, toSecond: true)) on"
      + (attempts > peak ? "; \(Wording.grouped(attempts)) in all" : "")
  }
}

extension PortBudget.Holder {
  /// Which ports are still held rests on how long TIME-WAIT is taken to last.
  var finding: Finding {
    Finding(
      .portExhaustionRisk, side: .client, grade: .assumed, count: flows,
      values: [
        NamedValue("client", .word(client.description)),
        NamedValue("server", .word(server.address.description)),
        NamedValue("port", .count(Int(server.port))), NamedValue("peak", .count(peak)),
        NamedValue("ports", .count(ports)), NamedValue("at", .word(rfc3339: peakTime)),
      ])
  }

  func sentence(_ clock: ClockFace) -> String {
    "\(client) held \(Wording.grouped(peak)) of \(Wording.grouped(ports)) ports "
      + "(\(peak * 100 / max(1, ports)) %) towards \(server), TIME-WAIT included, "
      + "at \(clock.text(peakTime, toSecond: true))"
  }
}

extension NamedValue.Value {
  /// A moment, in nanoseconds since the Unix epoch, as a word.
  fileprivate static func word(rfc3339 time: Int64) -> Self {
    .word(String(capacity: 30) { $0.add(rfc3339: time) })
  }
}
