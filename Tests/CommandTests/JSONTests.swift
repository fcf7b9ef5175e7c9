import Foundation
import TCPTeardown
import Testing

/// What programs get of every recorded case, from both ends, against the published schema.
@Suite("JSON")
struct JSONTests {
  private static let python = URL(filePath: "/usr/bin/python3")
  private static let checker = Fixtures.folder.appending(path: "../Scripts/check-json")
    .standardized.path()

  static let hasValidator =
    (try? Command.run(python, ["-c", "import jsonschema"]))?.status == 0

  /// The recorded captures, of which no two have the same name.
  private static let captures: [String] = Fixtures.cases.flatMap { name in
    Side.allCases.compactMap { Fixtures.capture(name, $0) }
  }

  /// The documents of separate captures, which come one after the other.
  private static func documents(_ output: String, _ schema: String = "report") -> [String] {
    let head = #"{"schema":"tcpclose.\#(schema)/1""#
    return output.split(separator: head).map { head + $0 }
  }

  private static func complaints(_ kind: String, _ files: [TemporaryFile]) throws -> String {
    let run = try Command.run(python, [checker, kind] + files.map(\.path))
    return run.output + run.errors
  }

  @Test(
    "records and documents of all cases fit the schema, and tell the same",
    .enabled(if: hasValidator, "python3-jsonschema is not installed"))
  func schema() throws {
    let lines = try Command.run(["--separate", "--format", "jsonl"] + Self.captures).output
    #expect(lines.split(separator: "\n").count > 700)
    let output = try Command.run(["--separate", "--format", "json"] + Self.captures).output
    let documents = Self.documents(output)
    #expect(documents.count == Self.captures.count)

    // Each record stands in a line of its own in either.
    let inDocuments = output.split(separator: "\n")
      .filter { $0.hasPrefix(#"{"schema":"tcpclose.flow/1""#) }
    #expect(
      inDocuments.map { $0.hasSuffix(",") ? $0.dropLast() : $0 } == lines.split(separator: "\n"))

    let records = try TemporaryFile(lines.utf8, name: "records")
    #expect(try Self.complaints("flow", [records]) == "")
    let files = try documents.map { try TemporaryFile($0.utf8) }
    #expect(try Self.complaints("report", files) == "")
  }

  @Test(
    "what could not be read, and what was left out, stands in a document that fits the schema",
    .enabled(if: hasValidator, "python3-jsonschema is not installed"))
  func odd() throws {
    let capture = Fixtures.folder.appending(path: "burst/client.pcap")
    let cut = try TemporaryFile(try Data(contentsOf: capture).prefix(5000), name: "a \"b\"\n.pcap")
    let runs = [
      try Command.run(cut.path, "--format", "json"),
      try Command.run("/nonexistent", "--format", "json"),
      try Command.run(capture.path(), "--format", "json", "--stream", "999"),
      try Command.run(capture.path(), "--format", "json", "--summary"),
      try Command.run(capture.path(), "--format", "json", "-f", "udp"),
    ]
    #expect(runs.map(\.status) == [2, 2, 0, 0, 0])
    let documents = try runs.map { try TemporaryFile($0.output.utf8) }
    #expect(try Self.complaints("report", documents) == "")
  }

  @Test(
    "what becomes of ports in all cases fits the schema",
    .enabled(if: hasValidator, "python3-jsonschema is not installed"),
    arguments: [[], ["--ephemeral-ports", "1-65535"], ["--ephemeral-ports", "40000-40049"]])
  func ports(options: [String]) throws {
    let run = try Command.run(
      ["ports", "--separate", "--format", "json"] + options + Self.captures)
    #expect(run.errors == "" && run.status == 0)
    let documents = Self.documents(run.output, "ports")
    #expect(documents.count == Self.captures.count)
    let files = try documents.map { try TemporaryFile($0.utf8) }
    #expect(try Self.complaints("ports", files) == "")
  }

  @Test("separate captures are a document each, one after the other")
  func separate() throws {
    let paths = ["ipv6", "burst"].map {
      Fixtures.folder.appending(path: "\($0)/client.pcap").path()
    }
    let run = try Command.run(["--separate", "--format", "json"] + paths)
    let documents = Self.documents(run.output)
    #expect(documents.count == 2)
    for (document, path) in zip(documents, paths) {
      let own = try Command.run("--format", "json", "--label", path, path)
      #expect(document == own.output)
    }
  }
}
