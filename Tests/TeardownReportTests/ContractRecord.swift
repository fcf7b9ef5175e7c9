import FlowScripts
import PacketDecoding

@testable import TCPTeardown

/// An orderly close told by hand, so that it stands whatever the rules of inference come to.
enum ContractRecord {
  private static func interval(
    _ state: State, _ entered: Int64, _ left: Int64?, _ rule: UInt8, _ frames: Frames,
    _ grade: Grade = .observed, earliest: Int64? = nil, latest: Int64? = nil
  ) -> StateInterval {
    let start = FlowScript.start
    return StateInterval(
      state: state, enteredAt: start + entered * 1000, leftAt: left.map { start + $0 * 1000 },
      grade: grade, rule: Rule(rule), frames: frames, earliest: earliest.map { start + $0 * 1000 },
      latest: latest.map { start + $0 * 1000 })
  }

  /// Times above are in microseconds after the start.
  static func make() -> FlowRecord? {
    guard var record = FlowScript().records(FlowScript.orderly, frame: 12).first else { return nil }
    record.stream = 3
    var teardown = Teardown()
    teardown.outcome = .orderly
    teardown.closedBy = Closer(sides: .client, grade: .observed, frames: Frames(17, 18))
    teardown.states.client = [
      interval(.synSent, 0, 200, 0, Frames(12)),
      interval(.established, 200, 200_000, 0, Frames(14)),
      interval(.finWait1, 200_000, 210_100, 1, Frames(17)),
      interval(
        .finWait2, 210_100, 412_900, 4, Frames(18), .inferred, earliest: 210_100, latest: 210_200),
      interval(.timeWait, 412_900, nil, 6, Frames(19, 20)),
    ]
    teardown.states.server = [
      interval(.synReceived, 100, 300, 0, Frames(13)),
      interval(.established, 300, 210_100, 0, Frames(14), .inferred),
      interval(.closeWait, 210_100, 412_900, 3, Frames(18)),
      interval(.lastAck, 412_900, 413_000, 8, Frames(19)),
      interval(.closed, 413_000, nil, 8, Frames(20), .inferred),
    ]
    teardown.timeWait = [
      TimeWait(
        side: .client, enteredAt: FlowScript.start + 412_900_000, grade: .observed,
        profile: "linux", duration: 60_000_000_000, endedBy: .captureEnd, endGrade: .assumed,
        observedFor: 12_700_000_000, restarts: 0)
    ]
    record.teardown = teardown
    return record
  }
}
