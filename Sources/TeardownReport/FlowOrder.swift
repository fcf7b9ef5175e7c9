internal import TCPTeardown

/// What flows are sorted by where they are told one by one; of equals the earlier stream is first.
package enum FlowOrder: String, CaseIterable, Sendable {
  /// What broke something comes before what closed in order.
  case harm
  case stream
  /// Their last frames, the earliest first.
  case end
  /// From the first frame to the last, the longest first.
  case duration
  /// A side's time in TIME-WAIT, as long as it is known or assumed to last; the longest first.
  case timeWait = "time-wait"
  /// A side's time in CLOSE-WAIT, the longest first.
  case closeWait = "close-wait"

  /// What of two flows comes first has more.
  func weight(of record: borrowing FlowRecord, captureEnd: Int64?) -> Int64 {
    switch self {
    case .harm: Int64(record.harm)
    case .stream: Int64(-record.stream)
    case .end: -record.end
    case .duration: record.duration
    case .timeWait: record.teardown.timeWait.map(\.duration).max() ?? -1
    case .closeWait: record.timeInCloseWait(captureEnd: captureEnd)
    }
  }

  /// The `number` flows that come first, in words.
  func words(_ number: Int) -> String {
    switch self {
    case .harm: Wording.count(number, "most harmful flow")
    case .stream: "first \(Wording.count(number, "flow"))"
    case .end: "\(Wording.count(number, "flow")) that ended first"
    case .duration: Wording.count(number, "longest flow")
    case .timeWait: "\(Wording.count(number, "flow")) longest in TIME-WAIT"
    case .closeWait: "\(Wording.count(number, "flow")) longest in CLOSE-WAIT"
    }
  }
}

extension FlowRecord {
  /// Nanoseconds in CLOSE-WAIT of the side that was in it longer; -1 where none was.
  fileprivate func timeInCloseWait(captureEnd: Int64?) -> Int64 {
    let end = lastMoment(captureEnd: captureEnd)
    return Side.allCases.flatMap { teardown.states[$0] }.filter { $0.state == .closeWait }
      .map { max(0, ($0.leftAt ?? end).saturatingSubtracting($0.enteredAt)) }.max() ?? -1
  }
}
