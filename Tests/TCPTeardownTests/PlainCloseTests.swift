import FlowScripts
import Testing

@testable import TCPTeardown

@Suite("Plain closes")
struct PlainCloseTests {
  @Test(
    "what a plain close is told with less comes to just what all the rules come to",
    arguments: ClosePlot.Change.allCases)
  func sameVerdict(_ change: ClosePlot.Change) throws {
    let options = ReconstructionOptions()
    var recorder = Recorder(options: options)
    var (plain, others) = (0, 0)
    for seed in 0..<2000 as Range<UInt64> {
      let plot = ClosePlot(change, seed: seed)
      var table = FlowTable(options: options)
      FlowScript(options: options).feed(plot.script, to: &table)
      while table.finishSome(), table.count > 0 {}
      var due = DueFlows()
      table.takeDue(&due)
      var place = 0
      recorder.record(due) { record in
        let all = reconstruct(due.facts(place), options: options)
        #expect(record.teardown == all, "\(change), seed \(seed):\n\(plot.script)")
        let isPlain = due.isUndisturbed(place) && PlainClose(record) != nil
        if isPlain { plain += 1 } else { others += 1 }
        place += 1
      }
      #expect(place == due.count)
    }
    // What every plot is meant for, so that none of them tests nothing.
    switch change {
    case .none, .times, .shortCapture, .hints: #expect(others == 0 && plain >= 2000)
    case .lost, .repeated, .swapped, .number, .reset, .payload, .icmp, .report:
      #expect(others >= 1000)
    }
  }

  @Test("a FIN that carries payload is plain as the first and not as the second")
  func payloadInFIN() {
    let script = FlowScript()
    func isPlain(_ first: Int, _ second: Int) -> Bool {
      let records = script.records(
        """
        0 > S 0 0 0
        20 < S. 0 0 1
        40 > . 1 0 1
        60 > F. 1 \(first) 1
        80 < . 1 0 \(first + 2)
        90 < F. 1 \(second) \(first + 2)
        110 > . \(first + 2) 0 \(second + 2)
        """)
      return PlainClose(records[0]) != nil
    }
    #expect(isPlain(0, 0))
    #expect(isPlain(7, 0))
    #expect(!isPlain(0, 7))
  }
}

/// A connection opened and closed by the book, made at random, and one thing about it changed.
struct ClosePlot {
  enum Change: CaseIterable {
    case none
    /// Any times, a stamp behind another too.
    case times
    /// The capture ends soon after the last ACK.
    case shortCapture
    case lost, repeated, swapped
    /// A sequence or acknowledgment number of the close is off by a little.
    case number
    case reset
    /// Payload in the second FIN, or in an acknowledgment.
    case payload
    case icmp
    /// The first ACK reports a duplicate.
    case report
    /// The payload says something about the close: of a flow with payload, no change else.
    case hints
  }

  private struct Line {
    var time: Double
    var isClients: Bool
    var flags: String
    var numbers: (sequence: Int, length: Int, acknowledgment: Int)
    var extra = ""

    var text: String {
      "\(time) \(isClients ? ">" : "<") \(flags) \(numbers.sequence) \(numbers.length) "
        + "\(numbers.acknowledgment)\(extra)"
    }
  }

  private(set) var script = ""

  init(_ change: Change, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var (lines, close) = Self.plainLines(using: &generator)
    Self.apply(change, to: &lines, closeAt: close, using: &generator)
    let end = lines.map(\.time).max() ?? 0
    let rest = change == .shortCapture ? [0, 0.01, 5, 30, 80, 700] : Self.rests
    // What is captured later than the close.
    let after = rest.randomElement(using: &generator) ?? 0
    script = lines.map(\.text).joined(separator: "\n") + "\n\(end + after) end"
  }

  /// Around what TIME-WAIT, the last ACK's proof and the repeat of a FIN take.
  private static let rests: [Double] = [
    900, 1001, 3000, 59_990, 60_010, 119_990, 120_010, 120_500, 200_000, 400_000,
  ]

  private static func gap(using generator: inout SeededGenerator) -> Double {
    [0, 0.001, 0.003, 0.4, 1.5, 20, 20.001, 21, 45, 310].randomElement(using: &generator) ?? 0
  }

  /// The lines, and which of them begins the close.
  private static func plainLines(
    using generator: inout SeededGenerator
  ) -> (lines: [Line], close: Int) {
    var lines: [Line] = []
    var time = 0.0
    // The next number of either side, relative.
    var next = (client: 0, server: 0)
    let isStamped = Bool.random(using: &generator)
    func add(_ isClients: Bool, _ flags: String, _ length: Int = 0, after gap: Double) {
      time += gap
      let (own, other) = isClients ? (next.client, next.server) : (next.server, next.client)
      lines.append(
        Line(
          time: time, isClients: isClients, flags: flags,
          numbers: (own, length, flags.contains(".") ? other : 0),
          extra: isStamped ? " ts=\(Int(time))/\(Int(time) / 2) id=\(lines.count)" : ""))
      let taken = length + (flags.contains("S") || flags.contains("F") ? 1 : 0)
      if isClients { next.client += taken } else { next.server += taken }
    }
    // The way to either side as the capture sees it: mostly the same all along.
    let ways = (client: gap(using: &generator), server: gap(using: &generator))
    add(true, "S", after: 0)
    add(false, "S.", after: ways.server)
    add(true, ".", after: ways.client)
    if Bool.random(using: &generator) {
      add(true, "P.", 80, after: gap(using: &generator))
      add(false, "P.", 200, after: ways.server + gap(using: &generator))
      add(true, ".", after: ways.client)
    }
    let idle = [0, 1, 4999, 5050, 60_100, 9_000].randomElement(using: &generator) ?? 0
    let close = lines.count
    let isClients = Bool.random(using: &generator)
    let (way, back) = isClients ? (ways.server, ways.client) : (ways.client, ways.server)
    add(isClients, "F.", Int.random(in: 0..<4, using: &generator) == 0 ? 5 : 0, after: Double(idle))
    let isLate = Bool.random(using: &generator)
    if Bool.random(using: &generator) {
      add(!isClients, ".", after: way + (isLate ? gap(using: &generator) : 0))
      let wait = [0, 0, 3, 400, 9990, 10_010, 30_000].randomElement(using: &generator) ?? 0
      add(!isClients, "F.", after: Double(wait))
    } else {
      add(!isClients, "F.", after: way + (isLate ? gap(using: &generator) : 0))
    }
    add(isClients, ".", after: back + (Bool.random(using: &generator) ? gap(using: &generator) : 0))
    return (lines, close)
  }

  private static func apply(
    _ change: Change, to lines: inout [Line], closeAt close: Int,
    using generator: inout SeededGenerator
  ) {
    let place = Int.random(in: close..<lines.count, using: &generator)
    let offset = [-2, -1, 1, 2, 70_000].randomElement(using: &generator) ?? 1
    switch change {
    case .none, .shortCapture: break
    case .times:
      // All but the order of the close: what comes out of order is not plain.
      for place in 1..<close where Bool.random(using: &generator) {
        lines[place].time = max(
          lines[place - 1].time, lines[place].time + gap(using: &generator))
      }
      for place in 1..<lines.count {
        lines[place].time = max(lines[place].time, lines[place - 1].time)
      }
    case .lost: lines.remove(at: place)
    case .repeated:
      var copy = lines[place]
      copy.time = (lines.last?.time ?? 0) + gap(using: &generator)
      copy.extra = ""
      lines.append(copy)
    case .swapped:
      let other = place == close ? close + 1 : place - 1
      if Bool.random(using: &generator) {
        lines.swapAt(place, other)
      } else {
        (lines[place].time, lines[other].time) = (lines[other].time, lines[place].time)
      }
    case .number:
      if Bool.random(using: &generator) {
        lines[place].numbers.sequence = max(0, lines[place].numbers.sequence + offset)
      } else {
        lines[place].numbers.acknowledgment = max(0, lines[place].numbers.acknowledgment + offset)
      }
    case .reset:
      var reset = lines[place]
      reset.flags = Bool.random(using: &generator) ? "R" : "R."
      reset.numbers.length = 0
      reset.time += gap(using: &generator)
      lines.insert(reset, at: Int.random(in: place...lines.count, using: &generator))
    case .payload: lines[max(place, close + 1)].numbers.length = 3
    case .icmp:
      lines.append(
        Line(
          time: (lines.last?.time ?? 0) + gap(using: &generator),
          isClients: Bool.random(using: &generator), flags: "icmp", numbers: (3, 3, 0)))
    case .report:
      let end = lines[close + 1].numbers.acknowledgment
      lines[close + 1].extra = " sack=\(max(0, end - 1)):\(end)"
    case .hints:
      // HTTP with its time-out, TLS, an alert of TLS.
      for place in lines.indices where lines[place].flags == "P." {
        lines[place].extra +=
          [" hint=17/5", " hint=32/0", " hint=96/0"]
          .randomElement(using: &generator) ?? ""
      }
    }
  }
}
