package import TCPTeardown

/// What `reconstruct` says of one flow, as text that a test can hold beside its script.
///
/// Times are milliseconds from the start of the script. A grade is its first letter: o, i, a, u.
package struct Verdict {
  package let record: FlowRecord
  private let start: Int64

  package init(_ record: FlowRecord, from start: Int64 = FlowScript.start) {
    self.record = record
    self.start = start
  }

  /// The verdict on a script of one flow.
  package init(of script: String, by flow: FlowScript = FlowScript()) {
    let records = flow.records(script)
    precondition(records.count == 1, "\(records.count) flows, not one")
    self.init(records[0])
  }

  /// The verdicts on all flows of a script, in the order in which they became final.
  package static func all(of script: String, by flow: FlowScript = FlowScript()) -> [Verdict] {
    flow.records(script).map { Verdict($0) }
  }

  private var teardown: Teardown { record.teardown }

  /// `orderly, client first (o, frames 4 5)`.
  package var head: String {
    let closer = teardown.closedBy.map {
      ", \($0.sides.rawValue) first (\(letter($0.grade))\(text($0.frames)))"
    }
    return teardown.outcome.rawValue + (closer ?? "")
  }

  /// A line a side, from its first state to ESTABLISHED: `client: SYN-SENT 0 oR0, ...`.
  package var opening: String {
    lines { side in teardown.states[side][..<lengthOfOpening(side)].map { text($0) } }
  }

  /// The same from the state after ESTABLISHED on.
  package var close: String {
    lines { side in teardown.states[side][lengthOfOpening(side)...].map { text($0) } }
  }

  /// The bounds of whatever has any: `server: CLOSE-WAIT 105...110`.
  package var bounds: String {
    lines { side in
      teardown.states[side].compactMap { state in
        guard state.earliest != nil || state.latest != nil else { return nil }
        let earliest = state.earliest.map(at) ?? ""
        return "\(state.state.rawValue) \(earliest)...\(state.latest.map(at) ?? "")"
      }
    }
  }

  /// The names of the states alone.
  package var path: String {
    lines { side in
      let names = teardown.states[side].map(\.state.rawValue).joined(separator: " ")
      return names.isEmpty ? [] : [names]
    }
  }

  /// The frames that prove the entry of `side` into `state`, and how many times it was entered.
  package func frames(of state: State, _ side: Side) -> [[Int]] {
    teardown.states[side].filter { $0.state == state }.map(\.frames.array)
  }

  /// A line an entry: `client at 110 o for 60000, capture-end a, seen 90, 0 restarts`.
  package var timeWaits: String {
    teardown.timeWait.map {
      "\($0.side.name) at \(at($0.enteredAt)) \(letter($0.grade)) "
        + "for \(milliseconds($0.duration)), "
        + "\($0.endedBy.rawValue) \(letter($0.endGrade)), seen \(milliseconds($0.observedFor)), "
        + "\($0.restarts) restarts"
    }.joined(separator: "\n")
  }

  /// `server peer-gone i (frames 4 5) idle=2000`, or `none`.
  package var reset: String {
    guard let reset = teardown.reset else { return "none" }
    return "\(reset.by.name) \(reset.cause.rawValue) \(letter(reset.grade))"
      + " (\(text(reset.frames).dropFirst(2)))" + text(reset.values)
  }

  /// A line a finding: `close-wait-leak server o 1 duration=30000 closed=false`.
  package var findings: String {
    teardown.findings.map { text($0) }.joined(separator: "\n")
  }

  /// The findings with that code.
  package func findings(_ code: Finding.Code) -> String {
    teardown.findings.filter { $0.code == code }.map { text($0) }.joined(separator: "\n")
  }

  private func text(_ finding: Finding) -> String {
    "\(finding.code.rawValue) \(finding.side.map { $0.name } ?? "-") \(letter(finding.grade)) "
      + "\(finding.count)\(text(finding.values))"
  }

  private func text(_ state: StateInterval) -> String {
    "\(state.state.rawValue) \(at(state.enteredAt)) \(letter(state.grade))\(state.rule)"
  }

  private func text(_ frames: Frames) -> String {
    frames.count == 0
      ? "" : ", frames " + frames.array.map { "\($0)" }.joined(separator: " ")
  }

  private func text(_ values: [NamedValue]) -> String {
    values.map { value in
      switch value.value {
      case .duration(let duration): " \(value.name)=\(milliseconds(duration))"
      case .count(let count): " \(value.name)=\(count)"
      case .word(let word): " \(value.name)=\(word)"
      case .flag(let flag): " \(value.name)=\(flag)"
      }
    }.joined()
  }

  private func lengthOfOpening(_ side: Side) -> Int {
    let opening: [State] = [.synSent, .synReceived, .established]
    return teardown.states[side].prefix { opening.contains($0.state) }.count
  }

  private func lines(_ parts: (Side) -> [String]) -> String {
    Side.allCases.map { side in
      let parts = parts(side)
      return "\(side.name):" + (parts.isEmpty ? "" : " ") + parts.joined(separator: ", ")
    }.joined(separator: "\n")
  }

  private func letter(_ grade: Grade) -> String { String(grade.name.prefix(1)) }

  private func at(_ time: Int64) -> String { milliseconds(time - start) }

  /// Nanoseconds as milliseconds, without zeros at the end.
  private func milliseconds(_ nanoseconds: Int64) -> String {
    let whole = nanoseconds.magnitude / 1_000_000
    let rest = nanoseconds.magnitude % 1_000_000
    let sign = nanoseconds < 0 ? "-" : ""
    guard rest > 0 else { return "\(sign)\(whole)" }
    var digits = String(String(rest + 1_000_000).dropFirst())
    while digits.last == "0" { digits.removeLast() }
    return "\(sign)\(whole).\(digits)"
  }
}
