internal import PacketDecoding

/// What a person should know of what the capture shows of a flow, and what it lacks.
extension Reconstruction {
  mutating func addCaptureFindings() {
    if facts.isSuperseded,
      [.open, .closing, .partial, .unanswered].contains(result.outcome)
    {
      report(Finding(.superseded))
    }
    if facts.isMidstream { report(Finding(.midstream)) }
    if let silent = silentSide, result.outcome != .unanswered, result.outcome != .unreachable {
      report(Finding(.oneSided, side: silent))
    }
    if facts.duplicates > 0 {
      report(Finding(.duplicateFrames, count: facts.duplicates))
    }
    if facts.overflow > 0 {
      report(Finding(.evidenceOverflow, count: facts.overflow))
    }
  }
}
