internal import PacketDecoding
internal import TCPTeardown

/// What a report says of ports, claim by claim: the same in text and on a page.
extension PortAccount {
  /// `10.0.0.1 -> 10.0.0.2:80`.
  var name: String { "\(way.client) -> \(way.server)" }

  /// What there is to say of one client's ports towards one destination.
  func claims(_ options: PortsOptions, _ clock: ClockFace) -> [Claim] {
    guard let peak = held.peak else { return [] }
    var claims = [
      Claim(
        label: "ports held",
        text: "at most \(Wording.grouped(most)) of \(Wording.grouped(ports)) "
          + "(\(Wording.percent(most, of: ports)) %), from \(clock.text(peak.from)) on",
        grade: grade),
      waitClaim(clock),
      Claim(
        label: "connections",
        text: "\(Wording.grouped(connections)) begun within "
          + "\(Wording.duration(facts.last.saturatingSubtracting(facts.first))), "
          + "\(Wording.grouped(rate.busiest)) of them within \(Wording.tenths(rate.span)): "
          + "\(Wording.rate(rate.perSecond)) a second"),
      Claim(label: "payload", text: loadSentence),
    ]
    if let sentence = httpSentence { claims.append(Claim(label: "HTTP", text: sentence)) }
    if let sustainable = forecast.sustainable {
      claims.append(
        Claim(
          label: "sustainable",
          text: "\(Wording.rate(sustainable)) a second: \(Wording.grouped(ports)) ports, each held "
            + "for \(Wording.duration(options.profile.timeWait)) after its connection",
          grade: .assumed))
    }
    claims.append(forecastClaim(lasting: peak.until.saturatingSubtracting(peak.from), clock))
    if let sentence = reuseSentence {
      claims.append(Claim(label: "tcp_tw_reuse", text: sentence))
    }
    return claims
  }

  private func waitClaim(_ clock: ClockFace) -> Claim {
    guard let peak = waiting.peak, let span = waiting.span else {
      return Claim(
        label: "TIME-WAIT",
        text: "none at the client; \(Wording.grouped(facts.serverWaits)) at the server, where it "
          + "takes no port of the client's")
    }
    return Claim(
      label: "TIME-WAIT",
      text: "at most \(Wording.grouped(peak.held)) at one time, from \(clock.text(peak.from)) on "
        + "for \(Wording.tenths(peak.until.saturatingSubtracting(peak.from))); none from "
        + "\(clock.text(span.end)) on",
      grade: grade)
  }

  private func forecastClaim(lasting: Int64, _ clock: ClockFace) -> Claim {
    Claim(
      label: "forecast",
      text: forecast.verdict == .ranOut
        ? ranOutSentence(lasting: lasting) : forecast.sentence(ports: ports, clock),
      ink: forecast.advice == nil ? .plain : .problem,
      grade: forecast.verdict == .free ? nil : .assumed, advice: forecast.advice)
  }
}

extension PortAccounts {
  /// Which ports there are, how long TIME-WAIT holds them, and what is not counted.
  var premises: [Claim] {
    let ports = options.ports
    var claims = [
      Claim(
        label: "ports",
        text: "\(ports.lowerBound) to \(ports.upperBound): \(Wording.grouped(ports.count)) "
          + "towards each destination",
        grade: .assumed),
      Claim(
        label: "TIME-WAIT",
        text: "lasts \(Wording.duration(options.profile.timeWait)) (\(options.profile.name)) "
          + "where no segment shows its end",
        grade: .assumed),
    ]
    if flowsOutside > 0 {
      claims.append(
        Claim(
          label: "",
          text: "\(Wording.count(flowsOutside, "flow")) with client ports outside of that range "
            + "(--ephemeral-ports) left out of what follows", ink: .caution))
    }
    if !isExact {
      claims.append(
        Claim(
          label: "", text: "too many flows to keep each: counted about every 2.1 s",
          ink: .caution))
    }
    return claims
  }

  /// What TIME-WAIT at the servers costs, by the one that held most.
  var cost: Claim? {
    servers.first.map {
      Claim(label: "cost", text: $0.sentence(peak: $0.held.peak?.held ?? 0))
    }
  }

  /// What is often advised and does not help.
  var settings: [Claim] {
    guard clientWaits > 0 || !servers.isEmpty || moreServers > 0 else { return [] }
    var claims: [Claim] = []
    if clientWaits == 0 {
      claims.append(
        Claim(
          label: "tcp_tw_reuse",
          text: "would change nothing: no client here holds TIME-WAIT, and it is for connect()"))
    }
    claims.append(
      Claim(
        label: "fin_timeout",
        text: "net.ipv4.tcp_fin_timeout would not help: it bounds FIN-WAIT-2 of sockets that were "
          + "closed; TIME-WAIT is 60 s on Linux whatever it says"))
    return claims
  }
}
