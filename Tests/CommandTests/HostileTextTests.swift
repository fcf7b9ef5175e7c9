import Foundation
import Testing

/// Text that others chose reaches no terminal as they wrote it.
///
/// Who sends a capture names the file, and writes names and comments into it.
@Suite("Hostile text")
struct HostileTextTests {
  /// Clears the screen, begins a line, turns the writing direction, ends a title, hides (a tag).
  private static let payload = "\u{1B}[2J\nFORGED\r\u{202E}\u{61C}\u{9B}1m\u{7}\u{E0041}\u{2028}"
  private static let shown =
    "\\u{1B}[2J\\u{A}FORGED\\u{D}\\u{202E}\\u{61C}\\u{9B}1m\\u{7}\\u{E0041}\\u{2028}"
  private static let name = payload + ".pcapng"

  /// A pcapng file with `payload` wherever the format takes text; `cut` breaks its last block off.
  private static func capture(cut: Bool = false) throws -> [UInt8] {
    let source = Fixtures.folder.appending(path: "half-close/client.pcap").path()
    let text = Array(payload.utf8)
    var octets = block(0x0A0D_0D0A, words: [0x1A2B_3C4D, 1, .max, .max], text: [2, 3, 4, 1], text)
    // if_name, if_description, if_filter, if_os, if_hardware, and a comment.
    octets += block(1, words: [1, 0], text: [2, 3, 11, 12, 15, 1], text)
    // A name for an address, that no report may take for one.
    octets += block(4, words: [1 | UInt32(text.count + 5) << 16, 0x0A4D_0501], body: text + [0])
    for frame in try CaptureBytes(path: source).frames {
      let ticks = UInt64(frame.time / 1000)
      octets += block(
        6,
        words: [
          0, UInt32(ticks >> 32), UInt32(truncatingIfNeeded: ticks), UInt32(frame.octets.count),
          frame.length,
        ], body: frame.octets, text: [1], text)
    }
    return cut ? Array(octets.dropLast(3)) : octets
  }

  private static func block(
    _ type: UInt32, words: [UInt32], body: [UInt8] = [], text codes: [UInt16] = [],
    _ text: [UInt8] = []
  ) -> [UInt8] {
    var inner = words.flatMap(octets) + padded(body)
    for code in codes { inner += octets(UInt32(code) | UInt32(text.count) << 16) + padded(text) }
    if !codes.isEmpty { inner += octets(0) }
    let length = octets(UInt32(inner.count + 12))
    return octets(type) + length + inner + length
  }

  private static func octets(_ word: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
  }

  private static func padded(_ body: [UInt8]) -> [UInt8] {
    body + Array(repeating: 0, count: (4 - body.count % 4) % 4)
  }

  /// What `run` printed holds nothing that a terminal obeys, and no line of the file's own.
  private func expectHarmless(_ run: Command.Run, naming: Bool = true) {
    let printed = run.output + run.errors
    for scalar in printed.unicodeScalars where scalar != "\n" {
      let category = scalar.properties.generalCategory
      let isObeyed =
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(category)
      #expect(!isObeyed, "U+\(String(scalar.value, radix: 16)) in \(printed.debugDescription)")
      if isObeyed { return }
    }
    #expect(!printed.split(separator: "\n").contains { $0.hasPrefix("FORGED") })
    #expect(printed.contains(Self.shown) == naming)
  }

  static let reports: [[String]] = [
    ["--format", "text"], ["--format", "text", "--color", "never", "--all"], ["--summary"],
    ["--format", "brief"],
  ]

  @Test("reports show the name of a file spelt out", arguments: reports)
  func report(options: [String]) throws {
    let file = try TemporaryFile(try Self.capture(), name: Self.name)
    let folder = file.folder
    try Data(try Self.capture(cut: true)).write(to: folder.appending(path: "b" + Self.name))
    let run = try Command.run(
      [Self.name, "b" + Self.name, "--separate"] + options, folder: folder)
    #expect(run.status == 2)
    expectHarmless(run)
    #expect(run.errors.contains("is cut short at octet"))
  }

  @Test("explain shows the names of files spelt out")
  func explain() throws {
    let file = try TemporaryFile(try Self.capture(), name: Self.name)
    let folder = file.folder
    try Data(try Self.capture()).write(to: folder.appending(path: "b" + Self.name))
    let run = try Command.run(
      "explain", Self.name, "b" + Self.name, "--stream", "0", folder: folder)
    #expect(run.status == 0)
    expectHarmless(run)
  }

  @Test("what stands in a file is in no report", arguments: ["text", "brief", "jsonl", "json"])
  func contents(format: String) throws {
    let file = try TemporaryFile(try Self.capture(), name: "plain.pcapng")
    let run = try Command.run("plain.pcapng", "--format", format, folder: file.folder)
    #expect(run.status == 0)
    expectHarmless(run, naming: false)
    #expect(!run.output.contains("FORGED"))
  }

  @Test("JSON escapes a name, and means it as it is", arguments: ["json", "jsonl"])
  func json(format: String) throws {
    let file = try TemporaryFile(try Self.capture(), name: Self.name)
    let run = try Command.run(Self.name, "--format", format, folder: file.folder)
    #expect(run.status == 0)
    expectHarmless(run, naming: false)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let flows = object["flows"] as? [[String: Any]]
    #expect((flows?.first ?? object)["capture"] as? String == Self.name)
  }

  /// Command lines on which nothing is read.
  static let errors: [([String], Int32)] = [
    (["missing" + name], 2), (["missing", "--label", payload, "-f", payload], 64),
    (["--x" + payload], 64), (["a.pcap", "--format", payload], 64),
    (["a.pcap", "--profile", payload], 64), (["a.pcap", "--host", payload], 64),
    (["live", "-i", "x" + payload], 2), (["live", payload], 64), (["explain", name], 64),
    (["explain", "missing" + name, "--stream", "0"], 2),
  ]

  @Test("error messages show what they quote spelt out", arguments: errors)
  func error(words: [String], status: Int32) throws {
    let run = try Command.run(words)
    #expect(run.status == status)
    #expect(run.output == "")
    #expect(!run.errors.isEmpty)
    expectHarmless(run, naming: run.errors.contains("FORGED"))
  }

  @Test("a report that cannot be written names its file spelt out")
  func unwritable() throws {
    let file = try TemporaryFile(try Self.capture(), name: "a.pcapng")
    let run = try Command.run(
      "a.pcapng", "-o", "no-folder/" + Self.name, folder: file.folder)
    #expect(run.status == 74)
    expectHarmless(run)
  }
}

extension TemporaryFile {
  fileprivate var folder: URL { url.deletingLastPathComponent() }
}
