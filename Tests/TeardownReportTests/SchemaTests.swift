import FlowScripts
import Foundation
import PacketDecoding
import TCPTeardown
import Testing

@testable import TeardownReport

/// Real output against docs/schema, by another's validator: Debian's python3-jsonschema.
@Suite("Output against the published schema")
struct SchemaTests {
  static let python = "/usr/bin/python3"
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized
  private static let schema = root.appending(path: "docs/schema/flow.schema.json")
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
    var summary = CaptureSummary()
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
    summary.input.files = 2
    summary.input.firstTime = FlowScript.start
    summary.input.undecoded = [("not IP", 3), ("not TCP", 0)]
    summary.input.drops = CaptureSummary.Drops(kernel: 1, interface: 0)
    summary.input.warnings = ["cut \"short\""]
    report.end(summary, into: &octets)
    return String(decoding: octets, as: UTF8.self)
  }

  @Test("flow records", .enabled(if: hasValidator, "python3-jsonschema is not installed"))
  func flows() throws {
    let output = Self.capture(.jsonl)
    #expect(output.split(separator: "\n").count == 10)
    #expect(try Self.complaints(about: output, as: "flow") == "")
  }

  @Test("a report", .enabled(if: hasValidator, "python3-jsonschema is not installed"))
  func wholeReport() throws {
    #expect(try Self.complaints(about: Self.capture(.json), as: "report") == "")
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

  static let spoiltRecords: [(String, String)] = [
    ("\"outcome\":\"orderly\"", "\"outcome\":\"tidy\""),
    ("\"final\":true", "\"final\":true,\"colour\":1"),
    ("\"rule\":\"R0\"", "\"rule\":0"),
    ("\"reset\":null", "\"reset\":{\"by\":\"client\"}"),
    ("\"likely\":\"unread-data\"", "\"probably\":\"unread-data\""),
    ("\"stream\":0,", ""),
    ("\"stream\":1,", "\"stream\":0,"),
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

  @Test("every outcome, cause, code and state is in the schema")
  func words() throws {
    let schema = try String(contentsOf: Self.schema, encoding: .utf8)
    let words =
      Outcome.allCases.map(\.rawValue) + ResetVerdict.Cause.allCases.map(\.rawValue)
      + Finding.Code.allCases.map(\.rawValue) + State.allCases.map(\.rawValue)
      + FlowRecord.Written.allCases.map(\.rawValue) + TimeWait.End.allCases.map(\.rawValue)
      + Closer.Sides.allCases.map(\.rawValue) + Grade.allCases.map(\.name)
    for word in words { #expect(schema.contains("\"\(word)\""), "\(word)") }
  }
}

extension FlowScript {
  static let overIPv6 = FlowScript(
    client: Endpoint(address: .v6(0x2001_0db8 << 96 | 1), port: 40000),
    server: Endpoint(address: .v6(0x2001_0db8 << 96 | 2), port: 443))
}
