internal import TCPTeardown

/// What every report in text says of a capture: its name, when it was taken, how many flows there
/// are, and what was wrong with it.
struct CaptureText {
  let options: ReportOptions
  let summary: CaptureSummary

  /// Where what a label names begins.
  static let valueColumn = 14

  /// `what` is what the report tells of the capture.
  func writeTitle(_ what: String, to text: inout TextWriter) {
    text.put("\(what) of \(options.label.escapedForTerminal)", .strong)
    text.endLine()
  }

  func writeSpan(to text: inout TextWriter) {
    guard let first = summary.input.firstTime, let last = summary.input.lastTime else { return }
    let length = Wording.duration(last.saturatingSubtracting(first))
    put(Claim(label: "from", text: options.clock.text(first)), to: &text)
    put(Claim(label: "to", text: "\(options.clock.text(last)), \(length) later"), to: &text)
  }

  func writeFlowCount(to text: inout TextWriter) {
    let all = summary.flows + summary.leftOut
    let selected = summary.leftOut > 0 ? " selected of \(Wording.grouped(all))" : ""
    put(Claim(label: "flows", text: Wording.grouped(summary.flows) + selected), to: &text)
  }

  func writeWarnings(to text: inout TextWriter) {
    if !summary.input.warnings.isEmpty { text.endLine() }
    for warning in summary.input.warnings {
      put(Claim(label: "warning", text: warning, ink: .problem), to: &text)
    }
  }

  private func put(_ claim: Claim, to text: inout TextWriter) {
    text.put(claim, indent: Self.valueColumn)
  }
}
