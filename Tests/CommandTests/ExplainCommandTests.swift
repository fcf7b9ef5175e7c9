import Foundation
import Testing

@testable import tcpclose

/// The subcommand `explain`: what it asks for, and what it says where there is nothing to explain.
@Suite("The command explain")
struct ExplainCommandTests {
  private static func path(_ name: String) -> String {
    Fixtures.folder.appending(path: "\(name).pcap").path()
  }

  static let mistakes: [(arguments: [String], message: String)] = [
    (
      ["explain", "x"], "Name one connection with --stream N: 'tcpclose FILE --format brief' lists"
    ),
    (["explain", "--stream", "0"], "Name a capture file, or - for standard input."),
    (["explain", "x", "--stream", "-1"], "--stream takes a number, counted from 0."),
    (["explain", "x", "--stream", "1-3"], "The value '1-3' is invalid for '--stream <n>'"),
    (["explain", "x", "--stream", "0", "--utc", "--local"], "Choose --utc or --local."),
    (["explain", "x", "y", "--stream", "0", "--separate"], "Unknown option '--separate'"),
  ]

  @Test("a mistake is told with what to do next", arguments: mistakes)
  func mistake(arguments: [String], message: String) throws {
    let run = try Command.run(arguments)
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  static let absences: [(arguments: [String], message: String)] = [
    ([path("client-first/client"), "--stream", "7"], "no stream 7: there is one flow, stream 0\n"),
    (
      [path("burst/client"), "--stream", "200"],
      "no stream 200: there are 200 flows, streams 0 to 199 "
        + "('tcpclose FILE --format brief' lists them)\n"
    ),
    (
      [path("client-first/client"), "--stream", "0", "-f", "port 81"],
      "no stream 0: the filter leaves no TCP flow\n"
    ),
  ]

  @Test("a stream that is not there is told with those that are", arguments: absences)
  func absence(arguments: [String], message: String) throws {
    let run = try Command.run(["explain"] + arguments)
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errors == "tcpclose: " + message)
  }

  @Test("a file that cannot be read is the only thing said")
  func unreadable() throws {
    let run = try Command.run("explain", "/none.pcap", "--stream", "0")
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("tcpclose: cannot open /none.pcap"))
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test("what a cut file still holds is explained before the cut is told")
  func cut() throws {
    let octets = try Data(contentsOf: URL(filePath: Self.path("client-first/client")))
    let file = try TemporaryFile(octets.dropLast(10), name: "cut.pcap")
    let run = try Command.run("explain", file.path, "--stream", "0")
    #expect(run.status == 2)
    #expect(run.output.hasPrefix("stream 0 of cut.pcap  "))
    #expect(run.errors.contains("cut short"))
  }

  @Test("a flow that is final is told without the rest of the capture")
  func final() throws {
    // The first connection of the ports is final when the second has begun; the file is cut later.
    let octets = try Data(contentsOf: URL(filePath: Self.path("reuse-in-time-wait/server")))
    let file = try TemporaryFile(octets.dropLast(10), name: "cut.pcap")
    let first = try Command.run("explain", file.path, "--stream", "0")
    #expect(first.status == 0)
    #expect(first.output.contains("R17   observed"))
    #expect(try Command.run("explain", file.path, "--stream", "1").status == 2)
  }

  @Test("frames of several files are told by file, too; also from standard input")
  func severalFiles() throws {
    let whole = try CaptureBytes(path: Self.path("client-first/client"))
    var parts = [whole, whole]
    parts[0].frames = Array(whole.frames[..<8])
    parts[1].frames = Array(whole.frames[8...])
    let first = try TemporaryFile(parts[0].octets, name: "ring-1.pcap")
    let second = try TemporaryFile(parts[1].octets, name: "ring-2.pcap")
    let run = try Command.run("explain", first.path, second.path, "--stream", "0")
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("stream 0 of ring-1.pcap, ring-2.pcap"))
    #expect(
      run.output.contains(
        """
        closed first  the client (observed, frames 8, 9)
                      frame 8 is frame 8 of ring-1.pcap; frame 9 is frame 1 of
                      ring-2.pcap

        """))
    #expect(run.output.contains("F.   seq 9 ack 10 (ring-2.pcap: 2)\n"))
    let piped = try Command.run("explain", first.path, "-", "--stream", "0", input: second.url)
    #expect(piped.output.contains("F.   seq 9 ack 10 (standard input: 2)\n"))
    let one = try Command.run("explain", Self.path("client-first/client"), "--stream", "0")
    #expect(!one.output.contains("client.pcap:"))
  }

  @Test("the profile is what is assumed, and a label names the capture")
  func options() throws {
    let run = try Command.run(
      "explain", Self.path("client-first/client"), "--stream", "0", "--profile", "macos",
      "--label", "edge\u{1B}[2J", "--color", "always")
    let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("macos: TIME-WAIT lasts 30 s"))
    #expect(words.contains("taken to last 2MSL, 30 s (macos)"))
    #expect(run.output.contains("edge\\u{1B}[2J"))
    #expect(run.output.contains("\u{1B}[36mTIME-WAIT"))
  }

  @Test("an explanation can go to a file, but not over its own capture")
  func file() throws {
    let capture = Self.path("client-first/client")
    let file = try TemporaryFile(name: "told.txt")
    #expect(try Command.run("explain", capture, "--stream", "0", "-o", file.path).output == "")
    let told = try String(contentsOf: file.url, encoding: .utf8)
    #expect(told == (try Command.run("explain", capture, "--stream", "0")).output)
    let copy = try TemporaryFile(try Data(contentsOf: URL(filePath: capture)), name: "c.pcap")
    let run = try Command.run("explain", copy.path, "--stream", "0", "-o", copy.path)
    #expect(run.status == 64)
    #expect(try Data(contentsOf: copy.url) == Data(contentsOf: URL(filePath: capture)))
  }
}

@Suite("Origins of frames")
struct OriginLogTests {
  @Test("each frame is found by its file, however long the runs")
  func origins() {
    var log = OriginLog()
    let runs = [(0, 1), (2, 300), (1, 1), (2, 20_000), (0, 130), (300, 2)]
    for (file, length) in runs { for _ in 0..<length { log.note(file: file) } }
    let found = log.origins(of: [0, 1, 2, 301, 302, 303, 20_302, 20_303, 20_432, 20_434, 20_435])
    let expected: [Int: OriginLog.Place] = [
      1: .init(file: 0, frame: 1), 2: .init(file: 2, frame: 1), 301: .init(file: 2, frame: 300),
      302: .init(file: 1, frame: 1), 303: .init(file: 2, frame: 301),
      20_302: .init(file: 2, frame: 20_300), 20_303: .init(file: 0, frame: 2),
      20_432: .init(file: 0, frame: 131), 20_434: .init(file: 300, frame: 2),
    ]
    #expect(found == expected)
  }

  @Test("nothing is found where nothing was read")
  func empty() {
    var log = OriginLog()
    #expect(log.origins(of: [1, 2]).isEmpty)
  }
}
