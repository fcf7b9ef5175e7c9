internal import TCPTeardown

/// What reports name by tables: a number for each case, from 0 on.
///
/// To write its raw value, a string, takes a hundred instructions; a snippet, found by its place,
/// takes ten.
protocol Placed: CaseIterable, RawRepresentable<String> {
  var place: Int { get }
}

extension Placed {
  /// A snippet for each case by its place, made of its raw value.
  static func snippets(_ text: (String) -> String) -> [Snippet] {
    var snippets = Array(repeating: Snippet(""), count: allCases.count)
    for each in allCases { snippets[each.place] = Snippet(text(each.rawValue)) }
    return snippets
  }
}

extension State: Placed {
  // In the order of declaration: no more than the number that stands for it.
  @inline(__always)
  var place: Int {
    switch self {
    case .closed: 0
    case .listen: 1
    case .synSent: 2
    case .synReceived: 3
    case .established: 4
    case .finWait1: 5
    case .finWait2: 6
    case .closeWait: 7
    case .closing: 8
    case .lastAck: 9
    case .timeWait: 10
    }
  }
}

extension Outcome: Placed {
  var place: Int {
    switch self {
    case .refused: 0
    case .unreachable: 1
    case .unanswered: 2
    case .reset: 3
    case .simultaneous: 4
    case .orderly: 5
    case .closing: 6
    case .partial: 7
    case .open: 8
    }
  }
}

extension FlowRecord.Written: Placed {
  var place: Int {
    switch self {
    case .closed: 0
    case .superseded: 1
    case .captureEnd: 2
    case .evicted: 3
    }
  }
}

extension Closer.Sides: Placed {
  var place: Int {
    switch self {
    case .client: 0
    case .server: 1
    case .both: 2
    case .unknown: 3
    }
  }
}

extension TimeWait.End: Placed {
  var place: Int {
    switch self {
    case .twoMSL: 0
    case .captureEnd: 1
    case .reuse: 2
    case .reset: 3
    case .gone: 4
    }
  }
}

extension Finding.Code: Placed {
  var place: Int {
    switch self {
    case .closeWaitLeak: 0
    case .finWait2Orphan: 1
    case .halfClose: 2
    case .finRetransmitted: 3
    case .lastAckLost: 4
    case .timeWaitRestarted: 5
    case .timeWaitSkipped: 6
    case .timeWaitReuse: 7
    case .connectTimeout: 8
    case .readTimeout: 9
    case .idleTimeout: 10
    case .keepAliveRace: 11
    case .gaveUp: 12
    case .resetIgnored: 13
    case .resetSuspect: 14
    case .icmpUnreachable: 15
    case .mtuBlackHole: 16
    case .synFloodLike: 17
    case .portExhaustionRisk: 18
    case .superseded: 19
    case .midstream: 20
    case .oneSided: 21
    case .gap: 22
    case .duplicateFrames: 23
    case .reordered: 24
    case .truncated: 25
    case .clockStep: 26
    case .evidenceOverflow: 27
    }
  }
}
