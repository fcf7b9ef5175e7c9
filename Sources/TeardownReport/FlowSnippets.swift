internal import TCPTeardown

/// The constant text between the values of a flow record.
///
/// A class, for a struct of this size would be copied on its way into each function. What stands
/// for one of several cases is found by the case's `place` or raw value.
final class FlowSnippets: Sendable {
  let null = Snippet("null")
  let stream = Snippet(#","stream":"#)
  let final = Snippet(#","final":true,"written":""#)
  let notFinal = Snippet(#","final":false,"written":""#)
  let written = FlowRecord.Written.snippets { $0 }
  let client = Snippet(#"","client":{"address":""#)
  let port = Snippet(#"","port":"#)
  let server = Snippet(#"},"server":{"address":""#)
  let observedRoles = Snippet(#"},"roles":"observed","start":""#)
  let inferredRoles = Snippet(#"},"roles":"inferred","start":""#)
  let duration = Snippet(#"","duration":"#)
  let firstFrame = Snippet(#","firstFrame":"#)
  let lastFrame = Snippet(#","lastFrame":"#)
  let packets = Snippet(#","packets":{"client":"#)
  let ofServer = Snippet(#","server":"#)
  let payloadOctets = Snippet(#"},"payloadOctets":{"client":"#)
  let seen = Snippet(#"},"seen":["#)
  let seenKinds = FlowRecord.Seen.names.map { ($0.rawValue, Snippet("\"\($1)\",")) }
  let outcome = Outcome.snippets { #"],"outcome":"\#($0)""# }
  let notClosed = Snippet(#","closedBy":null"#)
  let closedBy = Closer.Sides.snippets { #","closedBy":{"side":"\#($0)""# }
  let grade = Grade.allCases.map { Snippet(#","grade":"\#($0.name)","frames":"#) }

  let states = Snippet(#","states":{"client":["#)
  let statesOfServer = Snippet(#"],"server":["#)
  let firstState = Snippet(#"{"state":""#)
  let nextState = Snippet(#",{"state":""#)
  let enteredAt = State.snippets { #"\#($0)","enteredAt":"# }
  let leftAt = Snippet(#","leftAt":"#)
  let notLeft = Snippet(#","leftAt":null"#)
  let gradeAndRule = Grade.allCases.map { Snippet(#","grade":"\#($0.name)","rule":"R"#) }
  let ruleAndFrames = (0...UInt8.max).map { Snippet(#"\#($0)","frames":["#) }
  /// Behind the frames, where there are no bounds.
  let stateEnd = Snippet("]}")
  let earliest = Snippet(#","earliest":"#)
  let latest = Snippet(#","latest":"#)

  let timeWait = Snippet(#"]},"timeWait":["#)
  let entryOfSide = Side.allCases.map { Snippet(#"{"side":"\#($0.name)","enteredAt":"#) }
  let gradeAndProfile = Grade.allCases.map { Snippet(#","grade":"\#($0.name)","profile":"#) }
  let waitDuration = Snippet(#","duration":"#)
  let endedBy = TimeWait.End.snippets { #","endedBy":"\#($0)""# }
  let endGrade = Grade.allCases.map { Snippet(#","endGrade":"\#($0.name)""#) }
  let observedFor = Snippet(#","observedFor":"#)
  let restarts = Snippet(#","restarts":"#)

  let plainEnd = Snippet(#"],"reset":null,"findings":[]"#)
  let reset = Snippet(#"],"reset":"#)
  let findings = Snippet(#","findings":["#)
  let connState = Snippet(#","zeek":{"connState":""#)
  let history = Snippet(#"","history":""#)
  let end = Snippet("\"}}")
}

/// The constant text between the values of a finding.
final class FindingSnippets: Sendable {
  static let shared = FindingSnippets()

  let code = Snippet(#"{"code":""#)
  let name = Finding.Code.snippets { $0 }
  let side = Side.allCases.map { Snippet(#"","side":"\#($0.name)""#) }
  let noSide = Snippet(#"","side":null"#)
  let grade = Grade.allCases.map { Snippet(#","grade":"\#($0.name)","frames":"#) }
  let count = Snippet(#","count":"#)
  let values = Snippet(#","values":"#)
}
