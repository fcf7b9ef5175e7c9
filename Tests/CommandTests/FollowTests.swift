import Foundation
import Glibc
import Testing

/// `--follow`: a file that grows while it is read.
@Suite("Following", .serialized)
struct FollowTests {
  /// Waits for seconds at most; a loaded machine may need them.
  private static let patience = 20.0
  private static let capture = Fixtures.folder.appending(path: "half-close/client.pcap")

  private let file: TemporaryFile
  private let octets: Data

  init() throws {
    file = try TemporaryFile(name: "growing.pcap")
    octets = try Data(contentsOf: Self.capture)
  }

  private func append(_ octets: Data) throws {
    let handle = try FileHandle(forWritingTo: file.url)
    try handle.seekToEnd()
    try handle.write(contentsOf: octets)
    try handle.close()
  }

  private func follow(_ options: String...) throws -> BackgroundProgram {
    let program = try BackgroundProgram(
      [Command.binary.path(), "--follow", file.path] + options)
    _ = try #require(
      program.errorLine(within: Self.patience) { $0.hasPrefix("tcpclose: following ") })
    return program
  }

  @Test(
    "a flow is told soon after it settled, though the file goes on; a signal ends with the rest",
    arguments: [SIGINT, SIGTERM])
  func told(signal: Int32) throws {
    let program = try follow()
    for start in stride(from: 0, to: octets.count, by: 700) {
      try append(octets[start..<min(start + 700, octets.count)])
      usleep(30_000)
    }
    // The head of a record, as a writer's buffer leaves it.
    try append(octets[24..<37])
    let head = program.line(within: Self.patience) {
      $0 == "stream 0  10.77.5.1:40580 -> 10.77.5.2:80"
    }
    #expect(head != nil && program.isRunning)
    kill(program.identifier, signal)
    #expect(program.status(within: Self.patience) == 0)
    #expect(program.text.contains("\nread          19 packets, "))
    #expect(program.text.contains("\noutcome       orderly: "))
    #expect(program.errors.count == 1, "\(program.errors.map(\.text))")
  }

  @Test("each record comes as it is known, and again when it is final")
  func records() throws {
    try append(octets)
    let program = try follow("--format", "jsonl", "--label", "x")
    _ = try #require(program.line(within: Self.patience) { $0.contains(#""final":false"#) })
    program.interrupt()
    #expect(program.status(within: Self.patience) == 0)
    let lines = program.output.map(\.text)
    #expect(lines.count == 2 && lines[1].contains(#""final":true,"written":"capture-end""#))
    // The same but for how long TIME-WAIT was watched, to which the silence at the end adds.
    let whole = try Command.run(Self.capture.path(), "--format", "jsonl", "--label", "x").output
    let watched = /"observedFor":[0-9.]+/
    #expect(lines[1].replacing(watched, with: "") + "\n" == whole.replacing(watched, with: ""))
  }

  @Test(
    "a file that is cut down or replaced ends with the report and says so",
    arguments: [
      "was cut down to 0 octets", "another file took its place", "was removed or renamed",
    ])
  func otherFile(reason: String) throws {
    try append(octets)
    let program = try follow()
    _ = try #require(program.line(within: Self.patience) { $0.hasPrefix("stream 0 ") })
    if reason.hasPrefix("another") {
      try octets.write(to: file.url, options: .atomic)
    } else if reason.hasPrefix("was removed") {
      try FileManager.default.moveItem(atPath: file.path, toPath: file.path + ".1")
    } else {
      let handle = try FileHandle(forWritingTo: file.url)
      try handle.truncate(atOffset: 0)
    }
    #expect(program.status(within: Self.patience) == 2)
    #expect(program.text.contains("\nflows         1\n"))
    #expect(program.text.contains("\nwarning       "))
    let error = program.errors.last?.text ?? ""
    #expect(error.contains(" was followed to octet \(octets.count) and no further: "))
    #expect(error.hasSuffix(reason))
  }

  @Test("a number of packets, and a time, end it")
  func bounds() throws {
    try append(octets)
    let counted = try Command.run(file.path, "--follow", "-c", "5", "--summary")
    #expect(counted.status == 0)
    #expect(counted.output.contains("\nread          5 packets, "))
    let timed = try Command.run(file.path, "--follow", "--duration", "1s", "--summary")
    #expect(timed.status == 0)
    #expect(timed.output.contains("\nread          19 packets, "))
  }

  @Test("a pipe ends with its writer, and pauses as it likes")
  func pipe() throws {
    let line = "(head -c 600 '\(Self.capture.path())'; sleep 0.5; "
    let run = try Command.shell(
      line + "tail -c +601 '\(Self.capture.path())') | \"$tcpclose\" - --follow --summary")
    #expect(run.status == 0)
    #expect(run.output.contains("\nread          19 packets, "))
  }

  static let mistakes: [([String], String)] = [
    (["--follow", "a", "b"], "--follow takes one file"),
    (["--follow", "/tmp"], "--follow takes one file"),
    (["-c", "1", "-"], "they go with --follow"),
    (["--duration", "1s", "-"], "they go with --follow"),
    (["--follow", "-c", "0", "-"], "-c takes a number of packets, 1 or more."),
  ]

  @Test("a mistake is told", arguments: mistakes)
  func mistake(arguments: [String], message: String) throws {
    let run = try Command.run(arguments)
    #expect(run.status == 64 && run.output == "")
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test("a file that is not there is told at once")
  func missing() throws {
    let run = try Command.run("--follow", "/nonexistent/a.pcap")
    #expect(run.status == 2)
    #expect(
      run.errors
        == "tcpclose: cannot open /nonexistent/a.pcap: no such file: check the path\n")
  }
}
