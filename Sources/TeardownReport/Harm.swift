internal import TCPTeardown

/// How much a flow deserves a look: what broke something comes before what closed in order.
extension FlowRecord {
  /// At least 0; the worst single thing decides, the rest breaks ties.
  var harm: Int {
    var worst = teardown.outcome.harm
    var sum = worst
    if let reset = teardown.reset {
      worst = max(worst, reset.harm)
      sum += reset.harm
    }
    for finding in teardown.findings {
      worst = max(worst, finding.harm)
      sum += finding.harm
    }
    return worst * 1000 + min(sum, 999)
  }

  /// The one thing besides the outcome that a line about the flow should name.
  var note: String? {
    // Most flows have neither; and strings would be slow to compare.
    var worst = -1
    var note: String?
    for finding in teardown.findings where !teardown.outcome.shows(finding.code) {
      let harm = finding.harm
      guard harm > worst else { continue }
      (worst, note) = (harm, finding.code.rawValue)
    }
    if let reset = teardown.reset, !teardown.outcome.shows(reset.cause), worst <= reset.harm {
      note = reset.cause.rawValue
    }
    return note
  }
}

extension Outcome {
  /// The finding says no more than the outcome itself.
  fileprivate func shows(_ code: Finding.Code) -> Bool {
    switch (self, code) {
    case (.unreachable, .icmpUnreachable): true
    default: false
    }
  }

  /// The cause says no more than the outcome itself.
  fileprivate func shows(_ cause: ResetVerdict.Cause) -> Bool {
    switch (self, cause) {
    case (.refused, .refused): true
    default: false
    }
  }

  var harm: Int {
    switch self {
    case .unreachable, .unanswered, .refused: 70
    case .reset: 40
    case .closing: 10
    case .open: 3
    case .partial, .simultaneous: 2
    case .orderly: 0
    }
  }
}

extension ResetVerdict {
  var harm: Int {
    switch cause {
    case .retransmissionTimeout: 85
    case .keepAliveRace, .keepAliveFailed: 80
    case .readTimeout, .peerGone: 75
    case .refused, .timeWaitRefusal, .synGaveUp: 70
    case .dataAfterClose: 60
    case .abort, .unknown: 50
    case .orphanGone: 45
    case .timeWaitAssassination: 30
    }
  }
}

extension Finding {
  var harm: Int {
    switch code {
    case .closeWaitLeak: 90
    case .timeWaitReuse: isReuseDelayed ? 82 : 20
    case .keepAliveRace: 80
    case .portExhaustionRisk: 88
    case .connectTimeout: 72
    case .mtuBlackHole, .synFloodLike: 70
    case .readTimeout: 65
    case .gaveUp: 60
    case .resetSuspect: 55
    case .finWait2Orphan, .icmpUnreachable: 50
    case .timeWaitSkipped: 40
    case .resetIgnored: 30
    case .superseded: 25
    case .lastAckLost: 20
    case .finRetransmitted, .timeWaitRestarted: 15
    case .halfClose: 5
    case .gap, .evidenceOverflow: 4
    case .oneSided, .truncated, .clockStep: 2
    case .midstream, .duplicateFrames, .reordered, .idleTimeout: 1
    }
  }

  /// The TIME-WAIT kept a new connection from coming about at once.
  var isReuseDelayed: Bool {
    values.word("verdict") == "blocked" || values.word("verdict") == "refused"
  }

  var ink: Ink { harm >= 50 ? .problem : harm >= 15 ? .caution : .plain }
}

extension [NamedValue] {
  func word(_ name: String) -> String? {
    guard case .word(let word) = first(where: { $0.name == name })?.value else { return nil }
    return word
  }

  func count(_ name: String) -> Int? {
    guard case .count(let count) = first(where: { $0.name == name })?.value else { return nil }
    return count
  }

  /// A duration as a sentence has it.
  func duration(_ name: String) -> String? {
    guard case .duration(let length) = first(where: { $0.name == name })?.value else {
      return nil
    }
    return Wording.duration(length)
  }
}
