import ArgumentParser
import TeardownReport

/// What fails a run that was read and told in full.
struct GateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Exit with status 1 if a flow or the capture matches one of these (docs/gates.md).",
      discussion: "outcomes, reset causes, findings; "
        + Gate.Rule.thresholds.joined(separator: ", "),
      valueName: "list"),
    transform: { try GateArgument($0) })
  var failOn: GateArgument?
}

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
