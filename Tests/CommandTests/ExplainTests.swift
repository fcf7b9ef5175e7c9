import Foundation
import PacketCapture
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport
@testable import tcpclose

/// The reasons that `explain` gives, over all captures there are.
@Suite("Explanations")
struct ExplainTests {
  /// Every recorded and crafted capture, by its path under `Fixtures`.
  static let captures: [String] = {
    let found = FileManager.default.enumerator(atPath: Fixtures.folder.path())
    return (found?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".pcap") }.sorted()
  }()

  @Test("every claim has its reason, and every doubt what would settle it", arguments: captures)
  func reasons(capture: String) throws {
    var source = try CaptureFile(path: Fixtures.folder.appending(path: capture).path())
    for told in try Self.told(&source) {
      for fault in Self.faults(of: told) { Issue.record("stream \(told.record.stream): \(fault)") }
    }
  }

  /// Whatever a capture lacks, what is left is explained.
  @Test(
    "a capture that begins late, ends early or lacks a frame is explained as well",
    arguments: [
      "client-first", "simultaneous", "late-data-in-time-wait", "reuse-refused", "refused",
      "fin-gave-up-then-fin", "keep-alive-race", "host-unreachable", "linger-0-fin-wait-2",
    ])
  func cuts(name: String) throws {
    let path = Fixtures.folder.appending(path: "\(name)/client.pcap").path()
    let whole = try CaptureBytes(path: path)
    for place in whole.frames.indices.dropFirst() {
      let parts = [
        Array(whole.frames[place...]), Array(whole.frames[..<place]),
        Array(whole.frames[..<place]) + whole.frames[(place + 1)...],
      ]
      for part in parts {
        var capture = whole
        capture.frames = part
        let file = try TemporaryFile(capture.octets, name: "cut.pcap")
        var source = try CaptureFile(path: file.path)
        for told in try Self.told(&source) {
          for fault in Self.faults(of: told) {
            Issue.record(
              "frame \(place), \(part.count) left, stream \(told.record.stream): \(fault)")
          }
        }
      }
    }
  }

  @Test("the captures show every rule that moves a state, and each has its place in the switch")
  func rules() throws {
    let sources = Fixtures.folder.appending(path: "../Sources/TCPTeardown/Rule.swift").standardized
    let declared = try String(contentsOf: sources, encoding: .utf8)
      .matches(of: /static let \w+ = Rule\((\d+)\)/).compactMap { UInt8($0.output.1) }
    #expect(Set(declared) == Set(ExplainedRule.allCases.map(\.rawValue)))

    var shown: Set<UInt8> = []
    for capture in Self.captures {
      var source = try CaptureFile(path: Fixtures.folder.appending(path: capture).path())
      for told in try Self.told(&source) {
        for side in Side.allCases {
          shown.formUnion(told.record.teardown.states[side].map(\.rule.number))
        }
      }
    }
    #expect(shown == Set(declared))
  }

  @Test("a rule without sentences is named")
  func unknownRule() throws {
    var source = try CaptureFile(
      path: Fixtures.folder.appending(path: "linger-0/client.pcap").path())
    let told = try #require(try Self.told(&source).first)
    var state = try #require(told.record.teardown.states.client.last)
    state.rule = Rule(99)
    let explanation = Explanation(told.record, profile: .linux, until: told.until)
    let move = Explanation.Move(side: .client, from: nil, to: state)
    #expect(explanation.reason(for: move).why == "Rule R99 of docs/inference.md says so.")
  }

  static let printed = [
    "client-first/client", "orphan-expired-60/client", "late-data-in-time-wait/client",
    "reuse-blocked/server",
  ]

  @Test("the text reads as it was reviewed", arguments: printed)
  func golden(name: String) throws {
    let capture = Fixtures.folder.appending(path: "\(name).pcap").path()
    let run = try Command.run("explain", capture, "--stream", "0")
    #expect(run.errors == "")
    #expect(run.status == 0)
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Explained/\(name.replacing("/", with: "-")).txt").standardized
    try Snapshot.check(run.output, is: file, recordedBy: "ExplainTests")
  }
}

/// A flow's record, and where the capture ended.
struct Told {
  let record: FlowRecord
  let until: Int64
}

extension ExplainTests {
  /// The flows of a capture.
  static func told(_ source: inout CaptureFile) throws -> [Told] {
    var analysis = Analysis(table: FlowTable(options: ReconstructionOptions()), filter: nil)
    var records: [FlowRecord] = []
    while try source.next() == .packets {
      analysis.take(source)
      analysis.drain { records.append(copy $0) }
    }
    while analysis.finishSome() { analysis.drain { records.append(copy $0) } }
    let until = analysis.table.clock.end
    return records.map { Told(record: $0, until: until) }
  }

  /// What is wrong with the explanation of a flow.
  static func faults(of told: Told) -> [String] {
    let explanation = Explanation(told.record, profile: .linux, until: told.until)
    var faults: [String] = []
    for side in Side.allCases {
      var previous = ""
      for move in explanation.moves(of: side) {
        let name = "\(side.name) \(move.to.state.rawValue), \(move.to.rule)"
        let reason = explanation.reason(for: move)
        faults += self.faults(of: reason).map { "\(name): \($0)" }
        if ExplainedRule(move.to.rule) == nil { faults.append("\(name): no such rule") }
        if reason.why == previous { faults.append("\(name): the same twice: \(previous)") }
        if !move.isObserved, reason.settledBy == nil {
          faults.append("\(name): nothing settles what is \(move.to.grade.name)")
        }
        previous = reason.why
      }
    }
    let teardown = told.record.teardown
    let claims: [(String, Grade, Explanation.Reason)] =
      [("closer", teardown.closedBy?.grade ?? .observed, explanation.reasonForCloser)]
      + (teardown.reset.map { [("reset", $0.grade, explanation.reason(for: $0))] } ?? [])
      + teardown.findings.map { ($0.code.rawValue, $0.grade, explanation.reason(for: $0)) }
    for (name, grade, reason) in claims {
      faults += self.faults(of: reason).map { "\(name): \($0)" }
      if grade != .observed, reason.settledBy == nil {
        faults.append("\(name): nothing settles what is \(grade.name)")
      }
    }
    for reason in teardown.timeWait.flatMap(explanation.reasons) + explanation.lacks {
      faults += self.faults(of: reason)
    }
    return faults + faultsOfText(told)
  }

  /// What is wrong with the wording of one reason.
  private static func faults(of reason: Explanation.Reason) -> [String] {
    var faults: [String] = []
    if !reason.why.hasSuffix(".") || reason.why.contains("..") || reason.why.contains("  ") {
      faults.append("no sentence: '\(reason.why)'")
    }
    // A sentence begins with a capital letter, unless it is the first: the writer sees to that.
    if reason.why.contains(/[.] [a-z]/) { faults.append("a small letter begins: '\(reason.why)'") }
    if let settledBy = reason.settledBy, settledBy.isEmpty || settledBy.hasSuffix(".") {
      faults.append("no phrase: '\(settledBy)'")
    }
    return faults
  }

  /// What is wrong with the text: width, colour, and the frames that it names.
  private static func faultsOfText(_ told: Told) -> [String] {
    let plain = text(of: told)
    let known = ExplainReport.frames(of: told.record)
    var faults: [String] = []
    for line in plain.split(separator: "\n") where line.count > 80 {
      faults.append("wide: \(line)")
    }
    // Without the heads of the tables, where a number behind "frames" is a time.
    let words = plain.split(separator: "\n").filter { !$0.contains("seconds") }
      .flatMap { $0.split(separator: " ") }.joined(separator: " ")
    for match in words.matches(of: /[Ff]rames? (\d+)/) {
      guard let frame = Int(match.output.1), known.contains(frame) else {
        faults.append("'\(match.output.0)' is no frame of the flow")
        continue
      }
    }
    let coloured = text(of: told) { $0.isColoured = true }
    if coloured.replacing(#/\u{1B}\[[0-9]*m/#, with: "") != plain {
      faults.append("colour differs")
    }
    let wide = text(of: told) { $0.width = 200 }
    for line in wide.split(separator: "\n") where line.count > 100 {
      faults.append("wide: \(line)")
    }
    return faults
  }

  static func text(of told: Told, _ change: (inout ReportOptions) -> Void = { _ in }) -> String {
    var options = ReportOptions(label: "web.pcap")
    change(&options)
    var octets: [UInt8] = []
    ExplainReport.write(
      told.record, options: options, profile: .linux, until: told.until, into: &octets)
    return String(decoding: octets, as: UTF8.self)
  }
}
