import TeardownReport

/// The rules of `--fail-on`, separated by commas: `reset,close-wait-leak,port-budget=80%`.
struct GateArgument: Sendable {
  let rules: [Gate.Rule]

  init(_ argument: String) throws(InvalidArgument) {
    var rules: [Gate.Rule] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let rule = Gate.Rule(String(part)) else {
        throw InvalidArgument(
          "'\(part)' is none of",
          list: (Gate.Rule.thresholds + Gate.Rule.words).joined(separator: ", "))
      }
      if !rules.contains(rule) { rules.append(rule) }
    }
    self.rules = rules
  }
}
