import Foundation
import TCPTeardown
import TeardownReport
import Testing

@testable import tcpclose

/// What is written of all recorded cases, against docs/schema, by another's validator.
@Suite("Output of the recorded cases")
struct OutputSchemaTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardized

  static let validator = """
    import json, sys, warnings
    warnings.simplefilter("ignore")
    import jsonschema
    path = sys.argv[1]
    schema = json.load(open(path))
    resolver = jsonschema.RefResolver("file://" + path, schema)
    validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
    for file in sys.argv[2:]:
      for error in validator.iter_errors(json.load(open(file))):
        print(file, "/".join(map(str, error.absolute_path)), error.message[:300])
    """

  static let hasValidator = (try? python(["-c", "import jsonschema"])) == ""

  static func python(_ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: printed, as: UTF8.self)
  }

  static func report(of records: [FlowRecord], label: String) -> [UInt8] {
    var options = ReportOptions(label: label)
    options.format = .json
    var report = Report(options)
    var summary = CaptureSummary(ephemeralPorts: 40000...40049)
    var octets: [UInt8] = []
    report.begin(into: &octets)
    for record in records {
      report.take(record, into: &octets)
      summary.add(record)
    }
    report.end(summary, into: &octets)
    return octets
  }

  @Test(
    "keeps the contract, from both ends",
    .enabled(if: hasValidator, "python3-jsonschema is not installed"))
  func contract() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tcpclose-reports-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var files: [String] = []
    for name in Fixtures.cases {
      for vantage in Side.allCases {
        guard let path = Fixtures.capture(name, vantage) else { continue }
        let file = folder.appending(path: "\(name)-\(vantage.name).json")
        try Data(Self.report(of: try Fixtures.records(of: path), label: name)).write(to: file)
        files.append(file.path())
      }
    }
    try #require(files.count > 100)
    let schema = Self.root.appending(path: "docs/schema/report.schema.json").path()
    #expect(try Self.python(["-c", Self.validator, schema] + files) == "")
  }
}
