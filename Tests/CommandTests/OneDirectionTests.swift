import PacketDecoding
import TCPTeardown
import Testing

@testable import tcpclose

/// Each recorded case as a mirror port for one direction shows it, against the kernel's account.
@Suite("One direction of the recorded cases")
struct OneDirectionTests {
  @Test("closer and order of states are the kernel's, or left open; nothing observed is wrong")
  func agrees() throws {
    var tally = Tally()
    for name in Fixtures.cases {
      for vantage in Side.allCases {
        guard let path = Fixtures.capture(name, vantage) else { continue }
        for sender in Side.allCases {
          try Self.check(name, vantage, path, sentBy: sender, &tally)
        }
      }
    }
    print(
      "one direction: \(tally.closers) closers named, \(tally.openClosers) left open; "
        + "\(tally.orders) orders of states told, \(tally.openOrders) left open")
    // What is left open must not be all.
    #expect(tally.closers > tally.openClosers)
    #expect(tally.orders > tally.openOrders)
  }

  /// Entries by R28 whose bounds do not hold the kernel's time.
  private static func boundsOff(
    of record: FlowRecord, _ side: Side, _ flow: Truth.TrueFlow
  ) -> [String] {
    let trueSide = record.client == flow.client.endpoint ? side : side.peer
    return zip(record.teardown.states[side], flow.sides[trueSide]).compactMap { ours, truth in
      guard ours.rule.number == 28, ours.grade == .inferred, let time = truth.enteredAt else {
        return nil
      }
      let slack = 15 * Claims.millisecond
      let early = ours.earliest.map { $0 - time } ?? 0
      let late = ours.latest.map { time - $0 } ?? 0
      guard max(early, late) > slack else { return nil }
      return "\(side.name) \(ours.state.rawValue): \(max(early, late) / 1000) us out of its bounds"
    }
  }

  /// What looks the same in one direction, beside what the whole capture leaves undecided.
  private static let exceptions: [String: Set<String>] = [
    // The FINs crossed and one was lost: its repeat comes as late as a FIN that answers.
    "simultaneous-fin-lost": ["closedBy", "client states", "server states"]
  ]

  /// How much is told, and how much left open.
  private struct Tally {
    var closers = 0
    var openClosers = 0
    var orders = 0
    var openOrders = 0
  }

  private static func check(
    _ name: String, _ vantage: Side, _ path: String, sentBy sender: Side, _ tally: inout Tally
  ) throws {
    let truth = try Truth(of: name)
    var capture = try CaptureBytes(path: path)
    let clients = Set(truth.flows.compactMap(\.client.endpoint))
    capture.frames.removeAll { frame in
      guard let source = frame.source else { return true }
      return clients.contains(source) != (sender == .client)
    }
    let file = try TemporaryFile(capture.octets)
    let records = try Fixtures.records(of: file.path)
    let end = (records.map(\.end).max() ?? 0) + 100 * Claims.millisecond
    let undecidable = Side.allCases.reduce(into: exceptions[name] ?? []) {
      $0.formUnion(Fixtures.undecidable(name, $1))
    }
    for flow in truth.flows {
      guard let record = KernelTests.record(of: flow, in: records) else { continue }
      let place = "\(name), \(vantage.name), of the \(sender.name) alone"
      let claims = Claims(record: record, flow: flow, vantage: vantage, end: end).all
      for claim in claims where claim.grade == .observed {
        if let failure = claim.failure, !undecidable.contains(claim.name) {
          Issue.record("\(place): observed: \(claim.name): \(failure)")
        }
      }
      let closer = claims.first { $0.name == "closedBy" }
      // Without any FIN or step in that direction there is none to speak of.
      let isOpen =
        record.teardown.closedBy?.sides == .unknown
        || (closer?.failure != nil && record.teardown.closedBy == nil)
      if isOpen {
        tally.openClosers += 1
      } else {
        tally.closers += 1
        if let failure = closer?.failure, !undecidable.contains("closedBy") {
          Issue.record("\(place): closedBy: \(failure)")
        }
      }
      for side in Side.allCases {
        switch Order(of: record, side, flow, end: end) {
        case .same:
          tally.orders += 1
          for fault in boundsOff(of: record, side, flow) { Issue.record("\(place): \(fault)") }
        case .leftOpen: tally.openOrders += 1
        case .other(let words):
          if !undecidable.contains("\(side.name) states") {
            Issue.record("\(place): \(side.name) states: \(words)")
          }
        }
      }
    }
  }
}

/// How the states of one side stand to the kernel's.
private enum Order {
  case same
  /// They end before the kernel's do, or go on with what is graded unknown.
  case leftOpen
  case other(String)

  init(of record: FlowRecord, _ side: Side, _ flow: Truth.TrueFlow, end: Int64) {
    let trueSide = record.client == flow.client.endpoint ? side : side.peer
    let truth = flow.sides[trueSide].filter { ($0.enteredAt ?? 0) <= end }.map(\.state)
    let ours = record.teardown.states[side]
    let names = ours.map(\.state.rawValue)
    let same = zip(names, truth).prefix { $0 == $1 }.count
    if same == names.count {
      self = same == truth.count ? .same : .leftOpen
    } else if ours[same...].contains(where: { $0.grade == .unknown }) {
      self = .leftOpen
    } else if same == truth.count, ours[same].grade == .assumed {
      self = .same
    } else {
      self = .other(
        "\(names.joined(separator: " ")), the kernel says \(truth.joined(separator: " "))")
    }
  }
}
