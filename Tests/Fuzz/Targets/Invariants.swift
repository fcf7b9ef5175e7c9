internal import TCPTeardown

/// What holds of every verdict, whatever was captured.
struct Invariants {
  /// Frames of the capture.
  private let frames: Int
  /// The latest time of the capture, in nanoseconds since the Unix epoch.
  private let latest: Int64
  private var streams: [Bool] = []
  private var packets = 0
  private var payloadOctets: UInt64 = 0

  init(frames: Int, latest: Int64) {
    self.frames = frames
    self.latest = latest
  }

  /// Takes in a record, as it comes out.
  mutating func take(_ record: borrowing FlowRecord) {
    guard record.isFinal else { return }
    while streams.count <= record.stream { streams.append(false) }
    expect(!streams[record.stream], "stream \(record.stream) comes out twice")
    streams[record.stream] = true
    packets += record.packets.client + record.packets.server
    payloadOctets += record.payloadOctets.client + record.payloadOctets.server
    expect(record.packets.client >= 0 && record.packets.server >= 0, "less than no packets")
    expect(record.start <= record.end, "a flow ends before it starts")
    expect(record.firstFrame <= record.lastFrame, "a flow's frames go back")
    expect(record.evidence.count <= 32, "\(record.evidence.count) observations")
    for side in Side.allCases { check(record.teardown.states[side], side) }
    checkProof(record)
    checkTimeWaits(record.teardown)
  }

  /// Looks at all records together, once the last has come out of `table`.
  func conclude(_ table: borrowing FlowTable, payloadOctets sent: UInt64) {
    let (segments, left) = (table.counts.segments, table.count)
    expect(packets == segments, "\(packets) packets in records, \(segments) segments")
    expect(payloadOctets == sent, "\(payloadOctets) octets in records, \(sent) in segments")
    expect(streams.allSatisfy(\.self), "a stream is missing")
    expect(left == 0, "\(left) flows are left")
  }

  private func check(_ states: [StateInterval], _ side: Side) {
    for (place, state) in states.enumerated() {
      let name = "\(side.name) \(state.state.rawValue)"
      expect(
        place > 0 || [.synSent, .synReceived, .established].contains(state.state),
        "\(name) is no beginning")
      expect(
        state.grade != .observed || state.frames.count > 0, "\(name) is observed without frames")
      expect(
        state.grade != .observed || state.enteredAt <= latest, "\(name) is observed behind the end")
      expect(
        state.frames.array.allSatisfy { (1...frames).contains($0) }, "\(name): no such frame")
      expect(
        (state.earliest ?? .min) <= state.enteredAt && state.enteredAt <= state.latest ?? .max,
        "\(name) lies outside of its bounds")
      guard place + 1 < states.count else {
        expect(state.leftAt == nil, "\(name), the last, was left")
        break
      }
      let next = states[place + 1]
      expect(state.state != .closed, "\(next.state.rawValue) follows \(name)")
      expect(state.leftAt == next.enteredAt, "\(name) and the next do not meet")
      expect(state.enteredAt <= next.enteredAt, "\(name): time goes back")
      expect(
        Event.allCases.contains { state.state.next(on: $0) == next.state },
        "\(name) -> \(next.state.rawValue) is no arrow")
    }
  }

  private func checkProof(_ record: borrowing FlowRecord) {
    let teardown = record.teardown
    if let closer = teardown.closedBy {
      expect(closer.grade != .observed || closer.frames.count > 0, "a closer without frames")
      expect(
        closer.grade != .observed || record.seen.contains(.fin), "a closer without a FIN")
    }
    if let reset = teardown.reset { expect(reset.frames.count > 0, "a reset without frames") }
    for finding in teardown.findings {
      expect(finding.count > 0, "\(finding.code) counts \(finding.count)")
      // What superseded a flow is of the next; its frame is not always kept with this one.
      expect(
        finding.grade != .observed || finding.frames.count > 0 || finding.code == .superseded,
        "\(finding.code) is observed without frames")
    }
    for case .duration(let duration) in teardown.findings.flatMap(\.values).map(\.value) {
      expect(duration >= 0, "a duration of \(duration)")
    }
  }

  private func checkTimeWaits(_ teardown: Teardown) {
    for side in Side.allCases {
      let states = teardown.states[side].filter { $0.state == .timeWait }
      let entries = teardown.timeWait.filter { $0.side == side }
      expect(states.map(\.enteredAt) == entries.map(\.enteredAt), "TIME-WAIT is not its entry's")
      for (state, entry) in zip(states, entries) {
        expect(state.grade == entry.grade, "TIME-WAIT and its entry differ in grade")
        expect((0...entry.duration).contains(entry.observedFor), "more TIME-WAIT seen than was")
        expect(
          state.leftAt ?? entry.enteredAt + entry.duration == entry.enteredAt + entry.duration,
          "TIME-WAIT was left at another time than its entry's end")
        expect(
          state.leftAt != nil || entry.endedBy == .captureEnd,
          "TIME-WAIT ended by \(entry.endedBy), and was not left")
      }
    }
  }
}
