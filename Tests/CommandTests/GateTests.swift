import Foundation
import TCPTeardown
import TeardownReport
import Testing

@testable import tcpclose

/// `--fail-on`: exit status 1, and a line that names what matched.
@Suite("Gates")
struct GateTests {
  private static let cases = ["half-close", "linger-0", "refused", "close-wait-leak", "burst"]
  private static let paths = cases.map {
    Fixtures.folder.appending(path: "\($0)/client.pcap").path()
  }

  private static func run(_ rules: String, _ options: String...) throws -> Command.Run {
    try Command.run(paths + ["--summary", "--fail-on", rules] + options)
  }

  @Test("nothing that matches: status 0, and not a word")
  func none() throws {
    let run = try Self.run("gave-up,keep-alive-race,unreachable,port-budget=80%,time-wait-peak=201")
    #expect(run.status == 0 && run.errors == "")
  }

  static let matches: [(rule: String, line: String)] = [
    ("refused", "1 flow, stream 1 (tcpclose explain FILE --stream 1)"),
    ("reset", "1 flow, stream 2 (tcpclose explain FILE --stream 2)"),
    ("abort", "1 flow, stream 2 (tcpclose explain FILE --stream 2)"),
    ("close-wait-leak", "1 flow, stream 3 (tcpclose explain FILE --stream 3)"),
    ("orderly", "202 flows, the first is stream 0 (tcpclose explain FILE --stream 0)"),
    (
      "time-wait-peak=200",
      "10.77.91.1 held 200 TIME-WAITs at once, first at 2026-11-23 09:38:08 UTC"
    ),
  ]

  @Test("what matches is named, with where to look", arguments: matches)
  func match(rule: String, line: String) throws {
    let run = try Self.run("gap,\(rule)")
    #expect(run.status == 1)
    #expect(run.errors == "tcpclose: --fail-on \(rule): \(line)\n")
    #expect(run.output.hasPrefix("summary of "))
  }

  @Test("each rule that matches has its line, in the order given, in every format")
  func formats() throws {
    for format in Format.allCases {
      let options = ["--format", format.rawValue, "--fail-on", "refused,close-wait-leak,refused"]
      let run = try Command.run(Self.paths + options)
      #expect(run.status == 1)
      #expect(
        run.errors == "tcpclose: --fail-on refused: \(Self.matches[0].line)\n"
          + "tcpclose: --fail-on close-wait-leak: \(Self.matches[3].line)\n")
      #expect(run.output == (try Command.run(Self.paths + options.prefix(2))).output)
    }
  }

  @Test("the flows that were asked for decide")
  func selected() throws {
    #expect(try Self.run("refused", "--stream", "0").status == 0)
    #expect(try Self.run("refused", "--host", "10.77.91.1").status == 0)
    #expect(try Self.run("refused", "--outcome", "refused").status == 1)
    #expect(try Self.run("time-wait-peak=2", "--stream", "0").status == 0)
  }

  @Test("shares of a client's ports")
  func ports() throws {
    let path = Fixtures.folder.appending(path: "port-exhaustion/client.pcap").path()
    for (rule, range, status) in [
      ("port-budget=100%", "40000-40049", 1), ("port-budget=80%", "40000-40049", 1),
      ("port-exhaustion-risk", "40000-40049", 1), ("port-budget=1%", "32768-60999", 0),
      ("port-budget=60%", "40000-40099", 0), ("port-budget=50%", "40000-40099", 1),
      ("port-exhaustion-risk", "40000-40099", 0),
    ] as [(String, String, Int32)] {
      let run = try Command.run(
        path, "--summary", "--ephemeral-ports", range, "--fail-on", rule)
      #expect(run.status == status, "\(rule) of \(range)")
      let line = #/tcpclose: --fail-on [^ ]+: 10\.77\.92\.1 held 50 of \d+ ports \(\d+ %\) .*\n/#
      #expect((run.errors.wholeMatch(of: line) != nil) == (status == 1), "\(run.errors)")
    }
  }

  @Test("what is odd about the capture as a whole is a rule too")
  func capture() throws {
    var capture = try CaptureBytes(path: Self.paths[0])
    for place in capture.frames.indices where capture.frames[place].ends != nil {
      capture.frames[place].octets.removeLast(capture.frames[place].octets.count - 40)
    }
    let cut = try TemporaryFile(capture.octets)
    let run = try Command.run(cut.path, "--summary", "--fail-on", "truncated")
    #expect(run.status == 1)
    let line = #/tcpclose: --fail-on truncated: \d+ times in the capture \(.*\)\n/#
    #expect(run.errors.wholeMatch(of: line) != nil, "\(run.errors)")
  }

  @Test("input that could not be read wins over a match, and both are told")
  func incomplete() throws {
    let data = try Data(contentsOf: URL(filePath: Self.paths[4]))
    let cut = try TemporaryFile(data.prefix(data.count / 2))
    let run = try Command.run(cut.path, "--summary", "--fail-on", "orderly")
    #expect(run.status == 2)
    #expect(run.errors.contains("tcpclose: --fail-on orderly: "))
    #expect(run.errors.contains("is cut short"))
  }

  @Test("with --separate the capture is named")
  func separate() throws {
    let run = try Command.run([
      Self.paths[2], "--separate", "--summary", "--fail-on", "refused", Self.paths[0],
    ])
    #expect(run.status == 1)
    #expect(
      run.errors == "tcpclose: \(Self.paths[2]): --fail-on refused: 1 flow, stream 0 "
        + "(tcpclose explain FILE --stream 0)\n")
  }

  @Test("every word that a flow can bear is a rule")
  func words() {
    for word in Outcome.allCases.map(\.rawValue) + Finding.Code.allCases.map(\.rawValue)
      + ResetVerdict.Cause.allCases.map(\.rawValue)
    {
      #expect(Gate.Rule(word) != nil && Gate.Rule.words.contains(word))
    }
  }
}
