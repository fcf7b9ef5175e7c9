import Foundation
import Testing

/// What becomes of inputs, whole and broken: what is printed, and the exit status.
@Suite("Input")
struct InputTests {
  private static let capture = Fixtures.folder.appending(path: "half-close/client.pcap")
  private static let other = Fixtures.folder.appending(path: "reuse-refused/client.pcap")

  private static func octets() throws -> Data { try Data(contentsOf: capture) }

  private func refused(_ path: String) throws -> String {
    let run = try Command.run(path)
    #expect(run.status == 2)
    #expect(run.output == "")
    #expect(run.errors.hasPrefix("tcpclose: "))
    #expect(run.errors.split(separator: "\n").count == 1)
    return run.errors
  }

  @Test("a file that is not there")
  func missing() throws {
    #expect(
      try refused("/nonexistent/a.pcap")
        == "tcpclose: cannot open /nonexistent/a.pcap: no such file: check the path\n")
  }

  @Test("an empty file")
  func empty() throws {
    let file = try TemporaryFile(name: "empty.pcap")
    #expect(try refused(file.path).contains("empty.pcap is empty"))
  }

  @Test("what is no capture")
  func noCapture() throws {
    let file = try TemporaryFile("21:07:00 IP a > b: Flags [F.]\n".utf8, name: "dump.txt")
    #expect(try refused(file.path).contains("dump.txt is no pcap or pcapng capture: it is text"))
  }

  @Test("a capture that is cut short: what was read comes first, then where it breaks off")
  func cut() throws {
    let file = try TemporaryFile(try Self.octets().prefix(700), name: "cut.pcap")
    let folder = file.url.deletingLastPathComponent()
    let run = try Command.run("cut.pcap", folder: folder)
    #expect(run.status == 2)
    #expect(run.output.hasPrefix("stream 0  10.77.5.1:40580 -> 10.77.5.2:80\n"))
    #expect(run.output.contains("\nread          7 packets, 486 octets in 1 file\n"))
    #expect(run.output.contains("\nwarning       cut.pcap is cut short at octet 622: "))
    #expect(run.errors.hasPrefix("tcpclose: cut.pcap is cut short at octet 622: "))
    #expect(run.errors.split(separator: "\n").count == 1)
    // Both into one pipe: the order in which a person sees them.
    let both = try Command.shell("\"$tcpclose\" \(file.path) --summary 2>&1")
    #expect(both.lines.dropLast().last?.hasPrefix("tcpclose: ") == true)
  }

  @Test(
    "one bad file among good ones spoils the status, not the report",
    arguments: [[], ["--separate"]])
  func oneBad(options: [String]) throws {
    let run = try Command.run(
      options + ["/nonexistent/a.pcap", Self.capture.path(), "--format", "brief"])
    #expect(run.status == 2)
    #expect(run.output.contains("\n     0 1.54s c  c  "))
    #expect(run.errors.contains("/nonexistent/a.pcap"))
  }

  @Test("standard input")
  func standardInput() throws {
    let named = try Command.run(Self.capture.path(), "--label", "web")
    let piped = try Command.run("-", "--label", "web", input: Self.capture)
    #expect(piped.status == 0)
    #expect(piped.output == named.output)
    let unnamed = try Command.run("-", "--summary", input: Self.capture)
    #expect(unnamed.output.hasPrefix("summary of standard input\n"))
    let none = try Command.run("-")
    #expect(none.status == 2)
    #expect(none.errors.hasPrefix("tcpclose: standard input is empty"))
  }

  @Test("several files are read as one, in time order, whatever the order they are named in")
  func merged() throws {
    let run = try Command.run(Self.other.path(), Self.capture.path(), "--label", "x")
    let reversed = try Command.run(Self.capture.path(), Self.other.path(), "--label", "x")
    #expect(run.status == 0)
    #expect(run.output == reversed.output)
    #expect(run.output.contains("\nread          38 packets, 3,326 octets in 2 files\n"))
    #expect(run.output.contains("\nflows         3\n"))
    #expect(run.output.hasPrefix("stream 0  10.77.5.1:40580"))
  }

  @Test("what tcpdump's people type")
  func tcpdumpWays() throws {
    let plain = try Command.run(Self.capture.path())
    #expect(try Command.run("-r", Self.capture.path(), "-n").output == plain.output)
    #expect(try Command.run("read", Self.capture.path()).output == plain.output)
    let both = try Command.run("-r", Self.capture.path(), Self.other.path(), "--format", "jsonl")
    #expect(both.output.split(separator: "\n").count == 3)
  }

  @Test("a filter takes packets, and the summary says how many it left out")
  func filter() throws {
    let run = try Command.run(Self.capture.path(), "-f", "src port 80")
    #expect(run.status == 0)
    #expect(run.output.contains("\nfilter        left out 10 packets\n"))
    #expect(run.output.contains("traffic       client 0 packets"))
  }

  @Test("a filter that is none is told in libpcap's words, before an output is touched")
  func badFilter() throws {
    let report = try TemporaryFile("kept".utf8)
    let run = try Command.run(Self.capture.path(), "-f", "tcp prot 80", "-o", report.path)
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errors.hasPrefix("tcpclose: the filter 'tcp prot 80' is no filter: "))
    #expect(run.errors.contains("syntax error"))
    #expect(try String(contentsOf: report.url, encoding: .utf8) == "kept")
  }

  @Test("a filter for other link types", arguments: [[], ["--separate"]])
  func filterForOthers(options: [String]) throws {
    let run = try Command.run(
      [Self.capture.path(), Self.other.path(), "-f", "wlan type mgt"] + options)
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errors.contains("no packet is of a link type that takes the filter: 802.11"))
  }

  @Test("each file its own capture, with its own numbers, name and summary")
  func separate() throws {
    let file = try TemporaryFile(try Self.octets(), name: "web.pcap")
    let run = try Command.run("--separate", file.path, Self.other.path())
    #expect(run.status == 0)
    let own = try Command.run(file.path).output
      .replacing("stream 0  ", with: "stream 0 of web.pcap  ")
    let others = try Command.run(Self.other.path()).output
      .replacing(#/(?m)^stream (\d) {2}/#) { "stream \($0.output.1) of client.pcap  " }
    #expect(run.output == own + "\n" + others)

    let records = try Command.run("--separate", "--format", "jsonl", file.path, Self.other.path())
    let keys = records.lines.dropLast().map { line in
      line.firstMatch(of: /"capture":"([^"]*)","stream":(\d+)/).map { "\($0.1) \($0.2)" }
    }
    #expect(keys == ["web.pcap 0", "client.pcap 0", "client.pcap 1"])
  }

  @Test("files of one name in several folders are told apart by their paths")
  func sameNames() throws {
    let run = try Command.run(
      "--separate", "--format", "brief", Self.capture.path(), Self.other.path())
    let names = run.lines.filter { $0.hasPrefix("capture ") }
    #expect(names == ["capture \(Self.capture.path())", "capture \(Self.other.path())"])
  }
}
