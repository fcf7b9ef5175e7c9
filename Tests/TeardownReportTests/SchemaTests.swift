import FlowScripts
import Foundation
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

/// Real output against docs/schema, by another's validator: Debian's python3-jsonschema.
@Suite("Output against the published schema")
struct SchemaTests {
  static let python = "/usr/bin/python3"
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized
  private static func schema(_ kind: String) -> URL {
    root.appending(path: "docs/schema/\(kind).schema.json")
  }
  private static let checker = root.appending(path: "Scripts/check-json").path()

  static let hasValidator = (try? run(["-c", "import jsonschema"], input: "")) == ""

  /// What Python prints, its complaints included.
  static func run(_ arguments: [String], input: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tcpclose-schema-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "input")
    try Data(input.utf8).write(to: file)
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: python)
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: file)
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: printed, as: UTF8.self)
  }

  /// What `Scripts/check-json` says about `output`, whose kind is `flow` or `report`.
  static func complaints(about output: String, as kind: String) throws -> String {
    try run([checker, kind], input: output)
  }

  /// Flows of every kind that a script can make, in one capture.
  static func capture(_ format: Format) -> String {
    var options = ReportOptions(label: "web-1")
    options.format = format
    var report = Report(options)
    var summary = CaptureSummary(ephemeralPorts: 40000...40119)
    var octets: [UInt8] = []
    report.begin(into: &octets)
    let scripts = [
      FlowScript.orderly, FlowScript.aborted, FlowScript.leak, FlowScript.unanswered,
      FlowScript.midstream,
    ]
    for script in scripts {
      for record in FlowScript().records(script) + FlowScript.overIPv6.records(script) {
        var record = record
        record.stream = summary.flows
        report.take(record, into: &octets)
        summary.add(record)
      }
    }
    addCaptureFindings(to: &summary)
    summary.input.files = 2
    summary.input.firstTime = FlowScript.start
    summary.input.undecoded = [("not IP", 3), ("not TCP", 0)]
    summary.input.drops = CaptureSummary.Drops(kernel: 1, interface: 0)
    summary.input.warnings = ["cut \"short\""]
    report.end(summary, into: &octets)
    return String(decoding: octets, as: UTF8.self)
  }

  /// Flows that come to a finding of each kind, which are no part of the output themselves.
  static func addCaptureFindings(to summary: inout CaptureSummary) {
    summary.input.truncated = 2
    summary.input.clockSteps = 1
    for number in UInt16(0)..<120 {
      for script in [FlowScript.orderly, SYNFloodTests.answered] {
        guard var record = FlowScript.overIPv6.records(script).first else { continue }
        let isFlood = record.teardown.closedBy == nil
        let address = record.client.address.bits + (isFlood ? UInt128(number) : 0)
        record.client = Endpoint(address: .v6(address), port: 40000 + number)
        if !isFlood {
          let side: Side = number < 100 ? .server : .client
          record.teardown.idleClose = IdleClose(
            side: side, idle: side == .server ? 5_010_000_000 : 61_500_000_000)
        }
        summary.add(record)
      }
    }
  }

  @Test("flow records", .enabled(if: hasValidator, "python3-jsonschema is not installed"))
  func flows() throws {
    let output = Self.capture(.jsonl)
    #expect(output.split(separator: "\n").count == 10)
    #expect(try Self.complaints(about: output, as: "flow") == "")
  }

  @Test("a report", .enabled(if: hasValidator, "python3-jsonschema is not installed"))
  func wholeReport() throws {
    let output = Self.capture(.json)
    for code in Self.captureCodes {
      #expect(output.contains(#"{"code":"\#(code.rawValue)","side":"#))
    }
    #expect(try Self.complaints(about: output, as: "report") == "")
  }

  @Test("an empty report", .enabled(if: hasValidator, "python3-jsonschema is not installed"))
  func emptyReport() throws {
    var options = ReportOptions(label: "")
    options.format = .json
    var report = Report(options)
    var octets: [UInt8] = []
    report.begin(into: &octets)
    report.end(CaptureSummary(), into: &octets)
    let output = String(decoding: octets, as: UTF8.self)
    #expect(try Self.complaints(about: output, as: "report") == "")
  }

  /// A second TIME-WAIT of the same side.
  private static let anotherWait =
    #"{"side":"client","enteredAt":0,"grade":"observed","profile":"linux","duration":60,"#
    + #""endedBy":"capture-end","endGrade":"assumed","observedFor":0,"restarts":0}"#

  static let spoiltRecords: [(String, String)] = [
    ("\"outcome\":\"orderly\"", "\"outcome\":\"tidy\""),
    ("\"final\":true", "\"final\":true,\"colour\":1"),
    ("\"rule\":\"R0\"", "\"rule\":0"),
    ("\"reset\":null", "\"reset\":{\"by\":\"client\"}"),
    ("\"likely\":\"unread-data\"", "\"probably\":\"unread-data\""),
    ("\"stream\":0,", ""),
    ("\"stream\":1,", "\"stream\":0,"),
    ("\"rule\":\"R0\"", "\"rule\":\"R29\""),
    ("\"history\":\"S", "\"history\":\"^S"),
    ("\"seen\":[\"SYN\",\"SYN-ACK\"", "\"seen\":[\"SYN-ACK\",\"SYN\""),
    ("\"outcome\":\"orderly\"", "\"outcome\":\"open\""),
    ("\"outcome\":\"orderly\"", "\"outcome\":\"reset\""),
    ("\"outcome\":\"orderly\"", "\"outcome\":\"simultaneous\""),
    ("\"closedBy\":{\"side\":\"client\"", "\"closedBy\":{\"side\":\"unknown\""),
    ("\"endGrade\":\"assumed\"", "\"endGrade\":\"observed\""),
    ("\"endedBy\":\"capture-end\"", "\"endedBy\":\"2MSL\""),
    (
      "\"endedBy\":\"capture-end\",\"endGrade\":\"assumed\"",
      "\"endedBy\":\"reset\",\"endGrade\":\"inferred\""
    ),
    ("\"timeWait\":[", "\"timeWait\":[\(anotherWait),"),
    ("\"frames\":[6,7]", "\"frames\":[7,6]"),
    ("\"rule\":\"R0\",\"frames\":[1]", "\"rule\":\"R0\",\"frames\":[1],\"latest\":9"),
    ("\"enteredAt\":0,", "\"enteredAt\":0e0,"),
    ("\"enteredAt\":0,", "\"enteredAt\":0.0000000001,"),
  ]

  @Test(
    "the schema is strict", .enabled(if: hasValidator, "python3-jsonschema is not installed"),
    arguments: spoiltRecords)
  func strictness(good: String, bad: String) throws {
    let output = Self.capture(.jsonl)
    let spoilt = output.replacing(good, with: bad, maxReplacements: 1)
    try #require(spoilt != output)
    #expect(try Self.complaints(about: spoilt, as: "flow") != "")
  }

  /// Findings of a capture; `idle-timeout` is one of single flows too.
  static let captureCodes: Set<Finding.Code> = [
    .idleTimeout, .synFloodLike, .portExhaustionRisk, .truncated, .clockStep,
  ]

  static let findingsTable: [(Finding, Bool)] = [
    (Finding(.idleTimeout, side: .server, values: [idle, preset]), true),
    (Finding(.idleTimeout, values: [idle, preset, NamedValue("announced", .duration(5))]), true),
    (Finding(.idleTimeout, side: .server), false),
    (Finding(.keepAliveRace, side: .server, values: [idle, octets]), true),
    (Finding(.keepAliveRace, side: .server, values: [preset]), false),
    (Finding(.mtuBlackHole, values: [attempts, NamedValue("octets", .count(1448))]), true),
    (Finding(.mtuBlackHole, side: .client, values: [attempts]), false),
    (Finding(.connectTimeout, values: [timeout, attempts, schedule]), true),
    (Finding(.connectTimeout, values: [timeout, attempts]), false),
    (Finding(.resetSuspect, values: [NamedValue("reason", .word("another TTL"))]), true),
    (Finding(.truncated), false),
    (Finding(.synFloodLike), false),
  ]

  static let octets = NamedValue("responseOctets", .count(0))
  static let attempts = NamedValue("attempts", .count(4))
  static let timeout = NamedValue("timeout", .duration(2_000_000_000))
  static let schedule = NamedValue("schedule", .word("application"))
  static let idle = NamedValue("idle", .duration(5_010_000_000))
  static let preset = NamedValue("preset", .duration(5_000_000_000))

  @Test(
    "the values of a finding depend on its code",
    .enabled(if: hasValidator, "python3-jsonschema is not installed"), arguments: findingsTable)
  func findings(finding: Finding, isValid: Bool) throws {
    var record = try #require(ContractRecord.make())
    record.teardown.findings = [finding]
    let output = try #require(FlowJSONTests.lines([record]).first)
    #expect(try Self.complaints(about: output, as: "flow").isEmpty == isValid)
  }

  @Test("every outcome, cause, code and state is in the schema")
  func words() throws {
    let schema = try String(contentsOf: Self.schema("flow"), encoding: .utf8)
    let report = try ["report", "summary", "ports"].map {
      try String(contentsOf: Self.schema($0), encoding: .utf8)
    }.joined()
    for code in Finding.Code.allCases {
      let isOfFlow = !Self.captureCodes.contains(code) || code == .idleTimeout
      #expect(schema.contains("\"const\": \"\(code.rawValue)\"") == isOfFlow, "\(code)")
      let isOfCapture = Self.captureCodes.contains(code)
      #expect(report.contains("\"const\": \"\(code.rawValue)\"") == isOfCapture, "\(code)")
      #expect(report.contains("\"\(code.rawValue)\""), "\(code)")
    }
    let words =
      Outcome.allCases.map(\.rawValue) + ResetVerdict.Cause.allCases.map(\.rawValue)
      + PortForecast.Verdict.allCases.map(\.rawValue)
      + IdleLimits.Service.Verdict.allCases.map(\.rawValue) + State.allCases.map(\.rawValue)
      + FlowRecord.Written.allCases.map(\.rawValue) + TimeWait.End.allCases.map(\.rawValue)
      + Closer.Sides.allCases.map(\.rawValue) + Grade.allCases.map(\.name)
    for word in words { #expect((schema + report).contains("\"\(word)\""), "\(word)") }
  }
}

extension FlowScript {
  static let overIPv6 = FlowScript(
    client: Endpoint(address: .v6(0x2001_0db8 << 96 | 1), port: 40000),
    server: Endpoint(address: .v6(0x2001_0db8 << 96 | 2), port: 443))
}
