internal import PacketDecoding

/// What a person should know of what the capture shows of a flow, and what it lacks.
extension Reconstruction {
  mutating func addCaptureFindings() {
    if facts.isSuperseded,
      [.open, .closing, .partial, .unanswered].contains(result.outcome)
    {
      result.findings.append(Finding(.superseded))
    }
    if facts.isMidstream { result.findings.append(Finding(.midstream)) }
    if let silent = silentSide, result.outcome != .unanswered, result.outcome != .unreachable {
      result.findings.append(Finding(.oneSided, side: silent))
    }
    if facts.duplicates > 0 {
      result.findings.append(Finding(.duplicateFrames, count: facts.duplicates))
    }
    if facts.overflow > 0 {
      result.findings.append(Finding(.evidenceOverflow, count: facts.overflow))
    }
  }
}
