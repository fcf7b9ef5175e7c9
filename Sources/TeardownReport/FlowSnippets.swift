internal import TCPTeardown

/// The constant text between the values of a flow record.
///
/// Made once: a `static let` is asked for at each use whether it is there. A class, for a struct of
/// this size would be copied on its way into each function.
final class FlowSnippets: Sendable {
  let null = Snippet("null")
  let stream = Snippet(#","stream":"#)
  let final = Snippet(#","final":true,"written":""#)
  let notFinal = Snippet(#","final":false,"written":""#)
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
  let seenKinds = FlowRecord.Seen.names.map { ($0, Snippet("\"\($1)\",")) }
  let outcome = Snippet(#"],"outcome":""#)
  let closedBy = Snippet(#"","closedBy":"#)
  let closerSide = Snippet(#"{"side":""#)
  let grade = Snippet(#"","grade":""#)
  /// The end of a grade, and what the frames come behind.
  let frames = Snippet(#"","frames":"#)

  let states = Snippet(#","states":{"client":["#)
  let statesOfServer = Snippet(#"],"server":["#)
  let firstState = Snippet(#"{"state":""#)
  let nextState = Snippet(#",{"state":""#)
  /// By the state's `place`.
  let enteredAt: [Snippet]
  let leftAt = Snippet(#","leftAt":"#)
  let notLeft = Snippet(#","leftAt":null"#)
  /// By the grade.
  let gradeAndRule = Grade.allCases.map { Snippet(#","grade":"\#($0.name)","rule":"R"#) }
  let earliest = Snippet(#","earliest":"#)
  let latest = Snippet(#","latest":"#)

  let timeWait = Snippet(#"]},"timeWait":["#)
  /// By the side.
  let entryOfSide = Side.allCases.map { Snippet(#"{"side":"\#($0.name)","enteredAt":"#) }
  /// By the grade.
  let gradeAndProfile = Grade.allCases.map { Snippet(#","grade":"\#($0.name)","profile":"#) }
  let waitDuration = Snippet(#","duration":"#)
  let endedBy = Snippet(#","endedBy":""#)
  /// By the grade.
  let endGrade = Grade.allCases.map { Snippet(#"","endGrade":"\#($0.name)""#) }
  let observedFor = Snippet(#","observedFor":"#)
  let restarts = Snippet(#","restarts":"#)

  let plainEnd = Snippet(#"],"reset":null,"findings":[]"#)
  let reset = Snippet(#"],"reset":"#)
  let resetBy = Snippet(#"{"by":""#)
  let cause = Snippet(#"","cause":""#)
  let values = Snippet(#","values":"#)
  let findings = Snippet(#","findings":["#)
  let connState = Snippet(#","zeek":{"connState":""#)
  let history = Snippet(#"","history":""#)
  let end = Snippet("\"}}")

  init() {
    var enteredAt = Array(repeating: Snippet(""), count: State.allCases.count)
    for state in State.allCases {
      enteredAt[state.place] = Snippet(#"\#(state.rawValue)","enteredAt":"#)
    }
    self.enteredAt = enteredAt
  }
}

extension State {
  /// A number for each, from 0 on: to find the state's name by it takes two instructions.
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
