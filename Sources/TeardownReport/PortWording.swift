internal import PacketDecoding
internal import TCPTeardown

/// What a report on ports says in sentences.
extension PortForecast {
  var inShort: String {
    switch verdict {
    case .ranOut: "ran out"
    case .runsOut: "runs out"
    case .lasts, .free: "lasts"
    }
  }

  /// What comes of a client's `ports`, in a sentence.
  func sentence(ports: Int, _ clock: ClockFace) -> String {
    let rate = Wording.rate(perSecond)
    switch verdict {
    case .ranOut: return "it ran out of its \(Wording.grouped(ports)) ports"
    case .runsOut:
      let moment =
        at.map { "; if it goes on as when the capture ended, at \(clock.text($0, tenths: true))" }
        ?? ""
      return "at \(rate) connections a second this client runs out of its "
        + "\(Wording.grouped(ports)) ports \(Wording.tenths(after ?? 0)) after start\(moment)"
    case .lasts:
      return "at \(rate) connections a second this client comes to hold "
        + "\(Wording.grouped(held)) of its \(Wording.grouped(ports)) ports "
        + "(\(Wording.percent(held, of: ports)) %), and does not run out"
    case .free:
      return "no connection left this client in TIME-WAIT: each port is free again when its "
        + "connection is closed"
    }
  }

  /// What to do; nil for nothing.
  var advice: String? {
    switch verdict {
    case .ranOut, .runsOut: "reuse connections, or give the client more addresses or ports"
    case .lasts, .free: nil
    }
  }
}

extension PortAccount {
  /// When all ports came to be held, and for how long (nanoseconds).
  func ranOutSentence(lasting: Int64) -> String {
    let after = forecast.at.map { Wording.tenths($0.saturatingSubtracting(facts.first)) }
    return "it ran out of ports \(after ?? "some time") after its first connection, for "
      + "\(Wording.tenths(lasting)): while all \(Wording.grouped(ports)) are held, connect() "
      + "fails (EADDRNOTAVAIL), and no packet shows that"
  }

  /// What net.ipv4.tcp_tw_reuse would change: it is for connect() alone, and needs timestamps to tell
  /// old segments from new ones.
  var reuseSentence: String? {
    let (waits, stamped) = (facts.waits, facts.timestampedWaits)
    guard waits > 0 else { return nil }
    guard stamped > 0 else {
      return "would change nothing: these connections have no TCP timestamps, which it needs"
    }
    let which =
      stamped == waits
      ? "all \(Wording.count(waits, "TIME-WAIT")) here"
      : "\(Wording.grouped(stamped)) of \(Wording.count(waits, "TIME-WAIT")) here"
    let loopback =
      way.server.address.isLoopback ? "; its default, 2, does so on loopback already" : ""
    return "set to 1, it would let this client take such a port for the same destination again "
      + "1 s after TIME-WAIT began (by default); it needs TCP timestamps, which \(which) "
      + "\(waits == 1 ? "has" : "have")\(loopback)"
  }

  /// What HTTP said about reuse; requests are not counted.
  var httpSentence: String? {
    guard facts.http > 0 else { return nil }
    guard facts.httpCloses > 0 else {
      return "\(Wording.grouped(facts.http)) of \(Wording.count(connections, "connection")) spoke "
        + "HTTP/1.x in clear, and HTTP would have let them go on"
    }
    return "in \(Wording.grouped(facts.httpCloses)) of "
      + "\(Wording.count(facts.http, "connection")) HTTP itself had it that the response "
      + "ends the connection (HTTP/1.0, or Connection: close)"
  }

  /// How much a connection carried; it costs a port whatever that was.
  var loadSentence: String {
    let count = UInt64(max(1, connections))
    return "\(Wording.grouped(facts.payloadOctets.client / count)) octets from the client and "
      + "\(Wording.grouped(facts.payloadOctets.server / count)) from the server, on average"
  }
}

extension ServerWaits {
  func sentence(peak: Int) -> String {
    "it takes memory there, about \(Wording.grouped(peak * Self.octetsEach)) octets at "
      + "\(server) when most were held (\(Self.octetsEach) each on Linux, assumed), and none of a "
      + "client's ports"
  }
}

extension IPAddress {
  /// 127.0.0.0/8, or ::1 (RFC 6890).
  var isLoopback: Bool { isIPv6 ? bits == 1 : bits >> 24 == 127 }
}

extension Wording {
  /// A rate: `0.8`, `24`, `1,204`.
  static func rate(_ perSecond: Double) -> String {
    let tenths = Int((min(perSecond, 1e12) * 10).rounded())
    return tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : grouped(Int(perSecond.rounded()))
  }

  /// Tenths of a percent, rounded down: 99.9 is not 100, and little is not nothing.
  static func percent(_ count: Int, of total: Int) -> String {
    let tenths = total > 0 ? Int(Double(count) / Double(total) * 1000) : 0
    if tenths == 0, count > 0, total > 0 { return "<0.1" }
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension ClockFace {
  /// A moment rounded down to tenths of a second.
  func text(_ nanosecondsSince1970: Int64, tenths: Bool) -> String {
    let whole = text(nanosecondsSince1970)
    guard tenths, let point = whole.firstIndex(of: ".") else { return whole }
    let digits = whole.index(point, offsetBy: 2)
    let zone = whole.index(point, offsetBy: 10)
    return String(whole[..<digits] + whole[zone...])
  }
}
