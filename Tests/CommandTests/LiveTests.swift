import Foundation
import Glibc
import Testing

/// `tcpclose live` on real connections, between hosts of the test's own.
@Suite(
  "Live", .serialized,
  .enabled(if: NetworkNamespace.isAvailable, "needs root and network namespaces"))
struct LiveTests {
  /// Waits for seconds at most; a loaded machine may need them.
  private static let patience = 20.0

  /// A web server of Python's library: it speaks HTTP/1.0, and the end of its answer is its FIN.
  private static let server = """
    import http.server, sys
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello\\n")
        def log_message(self, *arguments): pass
    server = http.server.HTTPServer((sys.argv[1], 80), Handler)
    print("ready", flush=True)
    server.serve_forever()
    """

  private static let client = """
    import sys, urllib.request
    for url in sys.argv[1:]:
        with urllib.request.urlopen(url, timeout=10) as response:
            assert response.read() == b"hello\\n"
    """

  private static func serve(in namespace: NetworkNamespace, at address: String) throws
    -> BackgroundProgram
  {
    let server = try BackgroundProgram(
      namespace.running("/usr/bin/python3", "-c", server, address))
    _ = try #require(server.line(within: patience) { $0 == "ready" })
    return server
  }

  private static func fetch(_ url: String, times: Int = 1, in namespace: NetworkNamespace) throws {
    let urls = Array(repeating: url, count: times)
    let run = try Command.run(
      URL(filePath: "/usr/bin/env"),
      namespace.running("/usr/bin/python3", "-c", client) + urls)
    try #require(run.status == 0, "\(run.errors)")
  }

  /// Starts `tcpclose live` and waits until it captures.
  private static func listen(
    in namespace: NetworkNamespace, _ options: String...
  ) throws -> BackgroundProgram {
    let live = try BackgroundProgram(
      namespace.running(Command.binary.path(), "live") + options)
    _ = try #require(
      live.errorLine(within: patience) { $0.hasPrefix("tcpclose: listening on ") })
    return live
  }

  @Test("an HTTP exchange between two hosts is told within a second of its last segment")
  func webOverVeth() throws {
    let (near, far) = (try NetworkNamespace(), try NetworkNamespace())
    try NetworkNamespace.join(near, far)
    let server = try Self.serve(in: far, at: "10.99.0.2")
    let live = try Self.listen(in: near, "-i", "veth0", "-f", "tcp")
    try Self.fetch("http://10.99.0.2/", in: near)

    let name = try #require(live.line(within: Self.patience) { $0.hasPrefix("stream 0  ") })
    #expect(name.text.wholeMatch(of: /stream 0  10\.99\.0\.1:\d+ -> 10\.99\.0\.2:80/) != nil)
    _ = live.line(within: Self.patience) { $0.contains("LAST-ACK -> CLOSED") }
    let end = try #require(Self.end(of: live.text))
    let delay = name.time - end
    #expect((0.4...1).contains(delay), "\(delay) s after the last segment")
    #expect(live.text.contains("\noutcome       orderly: both sides closed"))
    #expect(live.text.contains("\nclosed first  the server (observed, "))
    let timeWait = #/\nTIME-WAIT {5}server from 0\.\d{6}, about 59\.\d s to go \(assumed: /#
    #expect(live.text.contains(timeWait))
    try Self.expectNoRoot(live.identifier)

    #expect(live.isRunning)
    live.interrupt()
    #expect(live.status(within: Self.patience) == 0)
    let report = live.text
    #expect(report.ranges(of: "stream 0  ").count == 1)
    #expect(report.contains(#/\nsummary of veth0@.*\nread +\d+ packets, /#))
    let lost = "\nlost          0 packets by the kernel's buffer, 0 by the interface\n"
    #expect(report.contains(lost))
    #expect(report.contains("\nflows         1\n"))
    #expect(live.errors.map(\.text) == ["tcpclose: listening on veth0 as user nobody; Ctrl-C ends"])
    withExtendedLifetime(server) {}
  }

  @Test("--duration ends it; a program gets a flow's record when it settled and when it is final")
  func records() throws {
    let host = try NetworkNamespace()
    let server = try Self.serve(in: host, at: "127.0.0.1")
    let live = try Self.listen(
      in: host, "-i", "lo", "--format", "jsonl", "--duration", "4s", "--label", "web")
    let begin = Date.now.timeIntervalSince1970
    try Self.fetch("http://127.0.0.1/", times: 3, in: host)
    #expect(live.status(within: Self.patience) == 0)
    let length = Date.now.timeIntervalSince1970 - begin
    #expect(length > 3, "\(length) s")

    struct Told: Decodable {
      var capture: String
      var stream: Int
      var final: Bool
      var outcome: String
      var written: String
    }
    let told = try live.output.map {
      try JSONDecoder().decode(Told.self, from: Data($0.text.utf8))
    }
    #expect(told.filter { !$0.final }.map(\.stream) == [0, 1, 2])
    #expect(told.filter(\.final).map(\.stream) == [0, 1, 2])
    #expect(told.allSatisfy { $0.capture == "web" && $0.outcome == "orderly" })
    #expect(told.filter(\.final).allSatisfy { $0.written == "capture-end" })
    withExtendedLifetime(server) {}
  }

  @Test("-c ends it after so many packets, with what they tell")
  func count() throws {
    let host = try NetworkNamespace()
    let server = try Self.serve(in: host, at: "127.0.0.1")
    let live = try Self.listen(in: host, "-i", "lo", "-f", "tcp port 80", "-c", "3")
    try Self.fetch("http://127.0.0.1/", in: host)
    #expect(live.status(within: Self.patience) == 0)
    let outcome = "\noutcome       open: nobody had closed it when the capture ended\n"
    #expect(live.text.contains(outcome))
    #expect(live.text.contains("\nread          3 packets, "))
    withExtendedLifetime(server) {}
  }

  @Test("one JSON document: each flow once, when the capture ended")
  func document() throws {
    let host = try NetworkNamespace()
    let server = try Self.serve(in: host, at: "127.0.0.1")
    let live = try Self.listen(in: host, "-i", "lo", "--format", "json")
    try Self.fetch("http://127.0.0.1/", times: 2, in: host)
    usleep(1_500_000)
    live.interrupt()
    #expect(live.status(within: Self.patience) == 0)
    struct Document: Decodable {
      struct Flow: Decodable {
        var stream: Int
        var final: Bool
      }
      struct Capture: Decodable { var drops: [String: Int]? }
      var flows: [Flow]
      var capture: Capture
    }
    let document = try JSONDecoder().decode(Document.self, from: Data(live.text.utf8))
    #expect(document.flows.map(\.stream) == [0, 1])
    #expect(!document.flows.contains { !$0.final })
    #expect(document.capture.drops == ["kernel": 0, "interface": 0])
    withExtendedLifetime(server) {}
  }

  @Test("-w records every packet: the file has the frame numbers that were told")
  func recording() throws {
    struct Told: Decodable, Equatable {
      var stream: Int
      var final: Bool
      var firstFrame: Int
      var lastFrame: Int
      var packets: [String: Int]
      var start: String
      var outcome: String
    }
    let host = try NetworkNamespace()
    let folder = try TemporaryFile().url.deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "seen.pcap").path()
    let server = try Self.serve(in: host, at: "127.0.0.1")
    let live = try Self.listen(
      in: host, "-i", "lo", "--format", "jsonl", "--fail-on", "orderly", "-w", path)
    try NetworkNamespace.ip("-n", host.name, "address", "add", "10.1.2.3/32", "dev", "lo")
    _ = try? host.run("/usr/bin/python3", "-c", Self.datagram)
    try Self.fetch("http://127.0.0.1/", times: 2, in: host)
    _ = live.line(within: Self.patience) { $0.contains(#""stream":1,"#) }
    live.interrupt()
    #expect(live.status(within: Self.patience) == 1)
    let told = try live.output.map {
      try JSONDecoder().decode(Told.self, from: Data($0.text.utf8))
    }
    .filter(\.final)
    let again = try Command.run(path, "--format", "jsonl")
    #expect(again.status == 0)
    #expect(
      try again.lines.filter { !$0.isEmpty }.map {
        try JSONDecoder().decode(Told.self, from: Data($0.utf8))
      } == told)
    #expect(told.count == 2 && told[0].firstFrame > 1, "a datagram was before")
    let wrote = live.errors.map(\.text).filter { $0.hasPrefix("tcpclose: wrote ") }
    #expect(wrote.count == 1 && wrote[0].hasSuffix(" packets to \(path)"))
    #expect(live.errors.contains { $0.text.hasPrefix("tcpclose: --fail-on orderly: 2 flows") })
    withExtendedLifetime(server) {}
  }

  private static let datagram =
    "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))"

  @Test("-w takes a host's packets alone, for packets tell that, and says what they do not tell")
  func recordingOfHost() throws {
    let host = try NetworkNamespace()
    let server = try Self.serve(in: host, at: "127.0.0.1")
    let live = try Self.listen(
      in: host, "-i", "lo", "--outcome", "reset", "--host", "127.0.0.1:80", "-w", "-")
    _ = try? host.run("/usr/bin/python3", "-c", Self.datagram)
    try Self.fetch("http://127.0.0.1/", in: host)
    usleep(300_000)
    live.interrupt()
    #expect(live.status(within: Self.patience) == 0)
    let lines = live.errors.map(\.text)
    #expect(
      lines.contains(
        "tcpclose: standard output gets the packets of other flows too: --outcome selects flows "
          + "that have been seen"))
    let line = #/wrote (\d+) packets to standard output$/#
    let wrote = try #require(lines.last?.firstMatch(of: line))
    // A connection is opened, asked, answered and closed; the datagram is not among them.
    #expect((8...14).contains(Int(wrote.output.1) ?? 0), "\(wrote.output.0)")
    withExtendedLifetime(server) {}
  }

  @Test("an interface that goes away ends it with the summary and status 2")
  func interfaceLost() throws {
    let (near, far) = (try NetworkNamespace(), try NetworkNamespace())
    try NetworkNamespace.join(near, far)
    let live = try Self.listen(in: near, "-i", "veth0", "--summary")
    try NetworkNamespace.ip("-n", near.name, "link", "delete", "veth0")
    #expect(live.status(within: Self.patience) == 2)
    #expect(live.text.hasPrefix("summary of veth0@"))
    #expect(live.errors.last?.text.hasPrefix("tcpclose: the capture on veth0 broke off: ") == true)
  }

  @Test("what cannot be captured is refused before anything is printed")
  func refusals() throws {
    let host = try NetworkNamespace()
    let noInterface = try host.run(Command.binary.path(), "live", "-i", "nosuch0")
    #expect(noInterface.status == 2)
    #expect(noInterface.output == "")
    #expect(noInterface.errors.hasPrefix("tcpclose: cannot capture on nosuch0: "))
    #expect(noInterface.errors.hasSuffix("see what there is: tcpclose interfaces\n"))
    let noFilter = try host.run(Command.binary.path(), "live", "-i", "lo", "-f", "tcp prot")
    #expect(noFilter.status == 64)
    #expect(noFilter.errors.contains("is no filter: "))
    let noUser = try host.run(Command.binary.path(), "live", "-i", "lo", "--user", "no such user")
    #expect(noUser.status == 2)
    #expect(noUser.errors.contains("there is no such user"))
  }

  /// When the flow's last segment was captured, in seconds since 1970, by what the text tells.
  private static func end(of text: String) -> Double? {
    let line = #/\nstart +(\d+-\d+-\d+) (\d+:\d+:\d+)(\.\d+) UTC for ([\d.]+) (ms|s)\n/#
    guard let found = text.firstMatch(of: line)?.output,
      let second = try? Date("\(found.1)T\(found.2)Z", strategy: .iso8601),
      let fraction = Double("0\(found.3)"), let length = Double(found.4)
    else { return nil }
    return second.timeIntervalSince1970 + fraction + (found.5 == "ms" ? length / 1000 : length)
  }

  /// No thread of the process has a right of root's.
  private static func expectNoRoot(_ process: pid_t) throws {
    let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
    #expect(!threads.isEmpty)
    for thread in threads {
      let status = try String(
        contentsOfFile: "/proc/\(process)/task/\(thread)/status", encoding: .utf8)
      #expect(status.contains("\nUid:\t65534\t65534\t65534\t65534\n"))
      #expect(status.contains("\nGid:\t65534\t65534\t65534\t65534\n"))
      #expect(status.contains("\nCapEff:\t0000000000000000\n"))
      #expect(status.contains("\nCapPrm:\t0000000000000000\n"))
    }
  }
}
