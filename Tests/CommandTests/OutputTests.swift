import Foundation
import Testing

/// Where reports go, and what happens where they cannot.
@Suite("Output")
struct OutputTests {
  private static let capture = Fixtures.folder.appending(path: "half-close/client.pcap").path()
  private static let burst = Fixtures.folder.appending(path: "burst/client.pcap").path()

  @Test("frames that show a segment again are one, unless they are kept")
  func duplicates() throws {
    let path = Fixtures.folder.appending(path: "crafted/duplicate-frames.pcap").path()
    let plain = try Command.run(path).output
    #expect(plain.contains("duplicate-frames: 9 frames"))
    #expect(plain.matches(of: /F\. +seq/).count == 2)
    let kept = try Command.run(path, "--keep-duplicates").output
    #expect(!kept.contains("duplicate-frames:"))
    #expect(kept.matches(of: /F\. +seq/).count == 4)
  }

  @Test("a flow that is final is written while standard input pauses")
  func pausingInput() throws {
    // The first connection of the ports is final once the second has begun.
    let path = Fixtures.folder.appending(path: "reuse-in-time-wait/server.pcap").path()
    let program = try BackgroundProgram([
      "sh", "-c", "(cat '\(path)'; sleep 20) | '\(Command.binary.path())' - --format jsonl",
    ])
    let line = program.line(within: 10) { $0.contains("\"stream\":0,") }
    #expect(line != nil)
    #expect(program.isRunning)
  }

  @Test("a report goes to a file as it goes to a pipe, and takes the place of what was there")
  func file() throws {
    let report = try TemporaryFile(Array(repeating: 0x78, count: 100_000))
    let link = report.url.deletingLastPathComponent().appending(path: "link")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: report.url)
    let run = try Command.run(Self.capture, "-o", link.path())
    #expect(run.status == 0 && run.output == "" && run.errors == "")
    let printed = try Command.run(Self.capture).output
    #expect(try String(contentsOf: report.url, encoding: .utf8) == printed)
    let type = try FileManager.default.attributesOfItem(atPath: link.path())[.type]
    #expect(type as? FileAttributeType == .typeSymbolicLink)
    #expect(try Command.run(Self.capture, "-o", "-").output == printed)
  }

  @Test("a capture is never overwritten by its report")
  func ownInput() throws {
    let octets = try Data(contentsOf: URL(filePath: Self.capture))
    let file = try TemporaryFile(octets, name: "web.pcap")
    let link = file.url.deletingLastPathComponent().appending(path: "link")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file.url)
    for output in [file.path, link.path()] {
      let run = try Command.run(file.path, "-o", output)
      #expect(run.status == 64)
      #expect(run.errors.contains("is the capture \(file.path) itself"))
      #expect(try Data(contentsOf: file.url) == octets)
    }
  }

  @Test(
    "a place that cannot be written",
    arguments: [
      ("/nonexistent/report", "No such file or directory"), ("/tmp", "Is a directory"),
      ("/dev/full", "No space left on device"),
    ])
  func unwritable(path: String, reason: String) throws {
    let run = try Command.run(Self.capture, "-o", path)
    #expect(run.status == 74)
    #expect(run.output == "")
    #expect(run.errors == "tcpclose: cannot write \(path): \(reason)\n")
  }

  @Test("a full disk behind standard output")
  func fullDisk() throws {
    let run = try Command.shell("\"$tcpclose\" \(Self.burst) --all >/dev/full")
    #expect(run.status == 74)
    #expect(run.errors == "tcpclose: cannot write standard output: No space left on device\n")
  }

  @Test(
    "a reader that goes away ends it quietly, even where the caller ignores SIGPIPE",
    arguments: ["", "trap '' PIPE; "])
  func head(before: String) throws {
    // The status of the first in a pipe is not the shell's: it goes to the third descriptor.
    let run = try Command.shell(
      "\(before)exec 3>&1; { \"$tcpclose\" \(Self.burst) --all; echo $? >&3; } | head -n 1")
    #expect(run.output.hasPrefix("stream 0  10.77.91.1:55808"))
    #expect(run.output.hasSuffix("\n141\n"))
    #expect(run.errors == "")
  }

  @Test("beyond the limit the most harmful flows are told, the rest counted, the summary last")
  func limit() throws {
    let run = try Command.run(Self.burst)
    #expect(run.lines.count { $0.hasPrefix("stream ") } == 100)
    let more = "100 more flows: --all, --format brief, --stream N"
    #expect(run.output.contains("\n\n\(more)\n\nsummary of client.pcap\n"))
    let all = try Command.run(Self.burst, "--all")
    #expect(all.lines.count { $0.hasPrefix("stream ") } == 200)
    #expect(!all.output.contains("more flows"))
    let few = try Command.run(Self.burst, "--limit", "0")
    #expect(few.output.hasPrefix("200 more flows: "))
    let brief = try Command.run(Self.burst, "--format", "brief")
    #expect(brief.output.split(separator: "\n").count == 201)
  }

  @Test("the summary alone")
  func summary() throws {
    let whole = try Command.run(Self.burst)
    let summary = try Command.run(Self.burst, "--summary")
    #expect(summary.output.hasPrefix("summary of client.pcap\n"))
    #expect(whole.output.hasSuffix("\n" + summary.output))
  }

  @Test("times of day are UTC, or local where asked")
  func clock() throws {
    let zone = ["TZ": "Asia/Tokyo"]
    let utc = try Command.run(Self.capture, environment: zone)
    #expect(utc.output.contains("start         2026-11-23 09:22:39.332622477 UTC for 1.542 s\n"))
    #expect(try Command.run(Self.capture, "--utc", environment: zone).output == utc.output)
    let local = try Command.run(Self.capture, "--local", environment: zone)
    #expect(
      local.output.contains("start         2026-11-23 18:22:39.332622477+09:00 for 1.542 s\n"))
    let record = try Command.run(
      Self.capture, "--local", "--format", "jsonl", environment: zone)
    #expect(record.output.contains(#""start":"2026-11-23T09:22:39.332622477Z""#))
  }

  @Test("colour: none in a pipe, unless asked for; and it changes no word")
  func colour() throws {
    let plain = try Command.run(Self.burst)
    #expect(!plain.output.contains("\u{1B}"))
    #expect(try Command.run(Self.burst, "--color", "never").output == plain.output)
    let coloured = try Command.run(Self.burst, "--color", "always")
    #expect(coloured.output.contains("\u{1B}[1mstream 0\u{1B}[0m"))
    #expect(coloured.output.replacing(/\x1B\[\d+m/, with: "") == plain.output)
  }

  @Test("CSV: separate captures stand below one head, and nothing read leaves the head")
  func csv() throws {
    let run = try Command.run("--separate", "--format", "csv", Self.capture, Self.burst)
    let rows = run.output.split(separator: "\r\n")
    #expect(rows.count == 202)
    #expect(rows.count { $0.hasPrefix("capture,stream,") } == 1)
    let paths = [Self.capture, Self.burst]
    for path in paths { #expect(rows.contains { $0.hasPrefix("\(path),0,true,") }) }
    let none = try Command.run("--format", "csv", Self.burst, "--stream", "999")
    #expect(none.status == 0 && none.output + "x" == rows[0] + "\r\nx")
  }

  @Test("CSV tells of a state at the end how long it lasted until the capture ended")
  func csvUntilCaptureEnd() throws {
    let path = Fixtures.folder.appending(path: "crafted/long-silence.pcap").path()
    let csv = try Command.run("--format", "csv", path).output.split(separator: "\r\n")
    let names = csv[0].split(separator: ",", omittingEmptySubsequences: false)
    let records = try Command.run("--format", "jsonl", path).output.split(separator: "\n")
    #expect(csv.count == records.count + 1)
    for (row, record) in zip(csv.dropFirst(), records) {
      let cells = row.split(separator: ",", omittingEmptySubsequences: false)
      let outcome = try #require(names.firstIndex(of: "outcome"))
      #expect(record.contains("\"outcome\":\"\(cells[outcome])\""))
    }
  }

  @Test("a page of a capture whose name is hostile, and a report of what could not be read")
  func page() throws {
    let name = "=<img src=x onerror=alert(1)>\u{1B}[31m.pcap"
    let octets = try Data(contentsOf: URL(filePath: Self.burst))
    let file = try TemporaryFile(octets.prefix(5000), name: name)
    let path = file.url.path(percentEncoded: false)
    let run = try Command.run(path, "--format", "html")
    #expect(run.status == 2)
    #expect(run.output.hasPrefix("<!DOCTYPE html>") && run.output.hasSuffix("</html>\n"))
    #expect(run.output.contains("<h1>=&lt;img src=x onerror=alert(1)&gt;\\u{1B}[31m.pcap</h1>"))
    #expect(!run.output.contains("<img") && !run.output.contains("\u{1B}"))
    #expect(run.output.contains("class=\"warnings\""))
    let csv = try Command.run(path, "--format", "csv")
    #expect(csv.output.contains("\r\n'=<img src=x onerror=alert(1)>\\u{1B}[31m.pcap,0,"))
    let nothing = try Command.run("/nonexistent", "--format", "html")
    #expect(nothing.status == 2 && nothing.output.hasSuffix("</html>\n"))
  }

  @Test("a page holds 500 flows unless another number is asked for")
  func pageLimit() throws {
    func count(_ arguments: String...) throws -> Int {
      let run = try Command.run([Self.burst, "--format", "html"] + arguments)
      #expect(run.status == 0)
      return run.output.matches(of: #/\{"schema":"tcpclose.flow/#).count
    }
    #expect(try count() == 200)
    #expect(try count("--limit", "7") == 7)
    #expect(try count("--summary") == 0)
  }
}
