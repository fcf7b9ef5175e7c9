internal import PacketDecoding
package import TCPTeardown

/// Rules that a capture must not match: what `--fail-on` lists.
package struct Gate: Sendable {
  /// One rule: a word that flows, or the capture, can bear, or a threshold.
  package struct Rule: Equatable, Sendable {
    /// As it was given.
    package let text: String
    fileprivate let condition: Condition

    /// Nil where `text` is no rule.
    package init?(_ text: String) {
      guard let condition = Condition(text) else { return nil }
      self.text = text
      self.condition = condition
    }

    /// The words that are rules: outcomes, causes of resets, findings.
    package static let words: [String] = {
      let all =
        Outcome.allCases.map(\.rawValue) + ResetVerdict.Cause.allCases.map(\.rawValue)
        + Finding.Code.allCases.map(\.rawValue)
      var seen: Set<String> = []
      return all.filter { seen.insert($0).inserted }
    }()

    /// Examples of thresholds.
    package static let thresholds = ["port-budget=80%", "time-wait-peak=10000"]
  }

  fileprivate enum Condition: Equatable, Sendable {
    /// What a word names: more than one thing, if they share it.
    case word(Outcome?, ResetVerdict.Cause?, Finding.Code?)
    /// Percent of a client's ports, held towards one endpoint at one time.
    case portBudget(Int)
    /// TIME-WAITs of one host at one time.
    case timeWaitPeak(Int)

    init?(_ text: String) {
      let parts = text.split(separator: "=", omittingEmptySubsequences: false)
      switch (parts[0], parts.count) {
      case (_, 1):
        let word = (
          Outcome(rawValue: text), ResetVerdict.Cause(rawValue: text), Finding.Code(rawValue: text)
        )
        guard word.0 != nil || word.1 != nil || word.2 != nil else { return nil }
        self = .word(word.0, word.1, word.2)
      case ("port-budget", 2):
        guard parts[1].hasSuffix("%"), let percent = Int(parts[1].dropLast()),
          (1...100).contains(percent)
        else { return nil }
        self = .portBudget(percent)
      case ("time-wait-peak", 2):
        guard let peak = Int(parts[1]), peak > 0 else { return nil }
        self = .timeWaitPeak(peak)
      default: return nil
      }
    }

    func isMet(by record: borrowing FlowRecord) -> Bool {
      guard case .word(let outcome, let cause, let code) = self else { return false }
      if let outcome, record.teardown.outcome == outcome { return true }
      if let cause, record.teardown.reset?.cause == cause { return true }
      guard let code else { return false }
      return record.teardown.findings.contains { $0.code == code }
    }
  }

  /// Flows that match a rule.
  private struct Match: Sendable {
    var flows = 0
    /// The first of them by number.
    var stream = Int.max
  }

  private let rules: [Rule]
  private var matches: [Match]

  package init(_ rules: [Rule]) {
    self.rules = rules
    matches = Array(repeating: Match(), count: rules.count)
  }

  /// Takes in the record of a flow, once it is final.
  package mutating func take(_ record: borrowing FlowRecord) {
    for place in rules.indices where rules[place].condition.isMet(by: record) {
      matches[place].flows += 1
      matches[place].stream = min(matches[place].stream, record.stream)
    }
  }

  /// What matched, a line a rule: the rule, by how much, and where to look; `summary` is of all
  /// records that were taken.
  package func complaints(_ summary: CaptureSummary) -> [String] {
    zip(rules, matches).compactMap { rule, match in
      complaint(rule, match, summary).map { "--fail-on \(rule.text): \($0)" }
    }
  }

  private func complaint(
    _ rule: Rule, _ match: Match, _ summary: CaptureSummary
  ) -> String? {
    switch rule.condition {
    case .word(_, _, let code):
      if match.flows > 0 {
        let first = match.flows == 1 ? "stream" : "the first is stream"
        return "\(Wording.count(match.flows, "flow")), \(first) \(match.stream) "
          + "(tcpclose explain FILE --stream \(match.stream))"
      }
      return code.flatMap { summary.sentence(of: $0) }
    case .portBudget(let percent):
      let ports = summary.portBudget.ports.count
      let least = (ports * percent + 99) / 100
      guard let most = summary.portBudget.holders(ofAtLeast: least).first else { return nil }
      return most.sentence(.utc)
    case .timeWaitPeak(let peak):
      guard let (address, host) = summary.timeWaits.ranked(limit: 1).first, host.peak >= peak
      else { return nil }
      return "\(address) held \(Wording.count(host.peak, "TIME-WAIT")) at once, first at "
        + ClockFace.utc.text(host.peakTime, toSecond: true)
    }
  }
}

extension CaptureSummary {
  /// What the capture as a whole shows of a finding that no flow bears; nil if nothing.
  fileprivate func sentence(of code: Finding.Code) -> String? {
    switch code {
    case .portExhaustionRisk: portBudget.risks.first?.sentence(.utc)
    case .synFloodLike: unfinishedAttempts.floods.first?.sentence(.utc)
    case .truncated, .clockStep:
      hygieneFindings.first { $0.code == code }
        .map { "\(Wording.times($0.count)) in the capture (tcpclose FILE --summary)" }
    default: nil
    }
  }
}
