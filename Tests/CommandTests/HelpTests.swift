import Foundation
import Testing

/// The texts that teach the command, as a pipe gets them: 80 columns.
@Suite("Help")
struct HelpTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Help").standardized

  @Test(arguments: ["root", "read", "live", "explain", "ports", "interfaces"])
  func help(subject: String) throws {
    let run = try Command.run((subject == "root" ? [] : [subject]) + ["--help"])
    #expect(run.status == 0 && run.errors == "")
    for line in run.lines { #expect(line.count <= 80, "\(line)") }
    let file = Self.folder.appending(path: "\(subject).txt")
    try Snapshot.check(run.output, is: file, recordedBy: "HelpTests")
  }

  /// The examples of all help texts that need no capture of the reader's own and no root.
  private static let examples: [String] = {
    let texts = ["root", "read", "explain", "ports"].compactMap {
      try? String(contentsOf: folder.appending(path: "\($0).txt"), encoding: .utf8)
    }
    let lines = texts.joined(separator: "\n").split(separator: "\n")
    return lines.map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { $0.hasPrefix("tcpclose ") && $0.contains(".pcap") }
      .map { String($0.split(separator: #/ {2,}/#)[0]) }
  }()

  @Test("every example of the help is a command that works", arguments: examples)
  func example(line: String) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tcpclose-help-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // A ring's files are not the same: what is shown twice in them would be warned of.
    for (name, fixture) in [
      ("web.pcap", "burst"), ("a.pcap", "burst"), ("b.pcap", "burst"), ("ring1.pcap", "burst"),
      ("ring2.pcap", "half-close"),
    ] {
      let capture = Fixtures.folder.appending(path: "\(fixture)/client.pcap")
      try FileManager.default.copyItem(at: capture, to: folder.appending(path: name))
    }
    // What follows a pipe is another program's.
    let command = line.split(separator: " | ")[0].dropFirst("tcpclose ".count)
    let run = try Command.shell("\"$tcpclose\" \(command)", folder: folder)
    #expect(run.status == 0)
    // What was written or left out is no complaint.
    for line in run.errors.split(separator: "\n") {
      #expect(
        line.hasPrefix("tcpclose: wrote ") || line.hasSuffix(" more flows: --limit N tells more"),
        "\(line)")
    }
  }

  static let mistakes: [(arguments: [String], message: String)] = [
    ([], "Name a capture file, or - for standard input."),
    (["read"], "Name a capture file, or - for standard input."),
    (["--utc", "--local", "-"], "Choose --utc or --local."),
    (["-", "-"], "Standard input (-) can be read once only."),
    (["--frist", "-"], "Unknown option '--frist'"),
    (["--streem", "1", "-"], "Unknown option '--streem'. Did you mean '--stream'?"),
    (["-i", "lo"], "Unknown option '-i'\nHint:  to capture: tcpclose live"),
    (["-Y", "tcp", "-"], "Unknown option '-Y'\nHint:  -f takes a libpcap filter"),
    (["--limit", "-1", "-"], "--limit takes a number of flows, 0 or more."),
    (["--format", "xml", "-"], "provide one of the following:\n  - text\n  - brief\n"),
    (["--format", "jsonl", "--summary", "-"], "--format jsonl is flow records only"),
    (["--format", "csv", "--summary", "-"], "--format csv is flow records only"),
    (["--format", "html", "--separate", "a", "b"], "A page tells one capture"),
    (["--format", "html", "--all", "-"], "A page tells 2000 flows at most, by --limit"),
    (["--format", "html", "--limit", "2001", "-"], "A page tells 2000 flows at most"),
    (["--sort", "size", "-"], "provide one of the following:\n  - harm\n  - stream\n"),
    (["--sort", "end", "--all", "-"], "so it takes a number: --limit N, not --all"),
    (["--limit", "3", "--all", "-"], "Choose --all or --limit."),
    (["--sort", "end", "--summary", "-"], "The summary lists no flows"),
    (["--sort", "end", "--follow", "-"], "--follow tells each flow as it ends"),
    (["live", "--limit", "3"], "live tells each flow as it ends: --sort and --limit go with"),
    (["live", "--sort", "end", "--format", "csv"], "live tells each flow as it ends"),
    (["--fail-on", "reset,leak", "-"], "'leak' is none of:\n  port-budget=80%, time-wait-peak="),
    (["--fail-on", "port-budget=0.8", "-"], "'port-budget=0.8' is none of"),
    (["--fail-on", "port-budget=101%", "-"], "'port-budget=101%' is none of"),
    (["--fail-on", "time-wait-peak=0", "-"], "'time-wait-peak=0' is none of"),
    (["--fail-on", "", "-"], "'' is none of"),
    (["-w", "-", "-o", "-", "-"], "Standard output takes the packets (-w -) or the report (-o -)"),
    (["-w", "x", "--separate", "a", "b"], "-w writes one capture"),
    (["-w", "x", "--stream", "1", "-"], "standard input can be read once only: save it to a file"),
    (["--separate", "--label", "x", "a", "b"], "--label names one capture"),
    (["--close-wait", "soon", "-"], "write a duration as 500ms, 10s, 2m or 1h"),
    (["--profile", "beos", "-"], "linux, windows, macos, freebsd, rfc9293, nor a duration"),
    (["--ephemeral-ports", "1024", "-"], "write a range of ports as 32768-60999"),
    (["ports", "--limit", "-1", "-"], "--limit takes a number of clients, 0 or more."),
    (["ports", "--format", "csv", "-"], "provide one of 'text' and 'json'."),
    (["live", "-c", "-1"], "-c takes a number of packets, 1 or more."),
    (["live", "-s", "4"], "Headers need at least 64 octets (-s)."),
    (["live", "--duration", "x"], "write a duration as 500ms"),
  ]

  @Test("a mistake is told with what to do next", arguments: mistakes)
  func mistake(arguments: [String], message: String) throws {
    let run = try Command.run(arguments)
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errors.hasPrefix("tcpclose: "))
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.errors.contains("\nUsage: tcpclose "))
    #expect(run.errors.hasSuffix("--help' for more information.\n"))
  }

  @Test("the version is told")
  func version() throws {
    let run = try Command.run("--version")
    #expect(run.status == 0)
    #expect(run.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }

  @Test("the interfaces are listed, a line each, loopback with its address")
  func interfaces() throws {
    let run = try Command.run("interfaces")
    #expect(run.status == 0)
    for line in run.lines { #expect(line.count <= 80) }
    #expect(run.lines.contains { $0.wholeMatch(of: /lo +up +127\.0\.0\.1.*/) != nil })
  }
}
