import Foundation

/// The built command, run as its user runs it.
enum Command {
  /// What one run came to.
  struct Run: Sendable {
    /// The exit status; a signal's number plus 128, as a shell tells it, where one ended the run.
    var status: Int32
    var output: String
    var errors: String

    var lines: [Substring] { output.split(separator: "\n", omittingEmptySubsequences: false) }
  }

  /// The binary, which the build puts beside the tests.
  static let binary: URL = {
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appending(path: "tcpclose")
  }()

  /// Runs `tcpclose` with standard output in a pipe, and waits for its end.
  static func run(
    _ arguments: [String], input: URL? = nil, environment: [String: String] = [:],
    folder: URL? = nil
  ) throws -> Run {
    try run(binary, arguments, input: input, environment: environment, folder: folder)
  }

  static func run(
    _ arguments: String..., input: URL? = nil, environment: [String: String] = [:],
    folder: URL? = nil
  ) throws -> Run {
    try run(arguments, input: input, environment: environment, folder: folder)
  }

  /// Runs a line of the shell, in which `$tcpclose` is the binary.
  static func shell(_ line: String, folder: URL? = nil) throws -> Run {
    try run(
      URL(filePath: "/bin/sh"), ["-c", line], environment: ["tcpclose": binary.path()],
      folder: folder)
  }

  /// Runs any program; its environment is ours without what a user sets for his terminal.
  static func run(
    _ program: URL, _ arguments: [String], input: URL? = nil,
    environment: [String: String] = [:], folder: URL? = nil
  ) throws -> Run {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = Self.environment.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = folder }
    // One of the two goes through a file: two pipes would have to be read at the same time.
    let errors = try TemporaryFile()
    let output = Pipe()
    process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? .nullDevice
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors.url)
    try process.run()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let isSignal = process.terminationReason == .uncaughtSignal
    return Run(
      status: process.terminationStatus + (isSignal ? 128 : 0),
      output: String(decoding: printed, as: UTF8.self),
      errors: try String(contentsOf: errors.url, encoding: .utf8))
  }

  static let environment: [String: String] = {
    let ofTerminals = ["COLUMNS", "LINES", "NO_COLOR", "TZ"]
    return ProcessInfo.processInfo.environment.filter { !ofTerminals.contains($0.key) }
  }()
}

/// A file for one test, gone with the value.
final class TemporaryFile: Sendable {
  let url: URL

  /// An empty file, or one with `contents`, whose name ends in `name`.
  init(_ contents: some Collection<UInt8> = [UInt8](), name: String = "file") throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tcpclose-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    url = folder.appending(path: name)
    try Data(contents).write(to: url)
  }

  deinit { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }

  var path: String { url.path() }
}
