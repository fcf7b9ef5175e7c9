import Foundation
import Testing

/// Files as people have them: compressed, in folders, of several capture points, with losses.
@Suite("Files")
struct FilesTests {
  private static let capture = Fixtures.folder.appending(path: "half-close/client.pcap")
  private static let other = Fixtures.folder.appending(path: "reuse-refused/client.pcap")

  /// A folder for one test, with files by name.
  private final class Folder {
    let path: String

    init(_ files: [String: Data]) throws {
      path = FileManager.default.temporaryDirectory
        .appending(path: "tcpclose-\(UUID().uuidString)/ring").path()
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
      for (name, data) in files { try data.write(to: URL(filePath: path + "/" + name)) }
    }

    deinit {
      try? FileManager.default.removeItem(
        at: URL(filePath: path).deletingLastPathComponent())
    }
  }

  private static func gzip(_ url: URL) throws -> Data {
    let file = try TemporaryFile()
    let run = try Command.shell("gzip -c \"\(url.path())\" >\"\(file.path)\"")
    try #require(run.status == 0)
    return try Data(contentsOf: file.url)
  }

  @Test("a compressed capture is read by name and from standard input, whatever its name")
  func compressed() throws {
    let plain = try Command.run(Self.capture.path(), "--label", "x")
    let file = try TemporaryFile(try Self.gzip(Self.capture), name: "capture")
    #expect(try Command.run(file.path, "--label", "x").output == plain.output)
    #expect(try Command.run("-", "--label", "x", input: file.url).output == plain.output)
    #expect(plain.output.contains("in 1 file\n"))
  }

  @Test("a compressed capture that is cut short is reported up to there, and where that is")
  func cutCompressed() throws {
    let octets = try Self.gzip(Self.capture)
    let file = try TemporaryFile(octets.dropLast(20), name: "cut.pcap.gz")
    let run = try Command.run("cut.pcap.gz", folder: file.url.deletingLastPathComponent())
    #expect(run.status == 2)
    #expect(run.output.hasPrefix("stream 0  10.77.5.1:40580 -> 10.77.5.2:80\n"))
    #expect(
      run.errors == "tcpclose: cut.pcap.gz is cut short: its gzip stream goes on where the file "
        + "ends, at octet \(octets.count - 20)\n")
  }

  /// A zstd frame (RFC 8878 §3.1.1) of a pcapng capture whose second block holds 3 GiB of zeros.
  private static let bomb: [UInt8] = {
    let blocks = 24_576
    let total = UInt32(blocks * 131_072 + 12)
    func raw(_ words: [UInt32], isLast: Bool) -> [UInt8] {
      let octets = words.flatMap(Self.octets)
      let header = UInt32(octets.count) << 3 | (isLast ? 1 : 0)
      return Array(Self.octets(header).prefix(3)) + octets
    }
    let section: [UInt32] = [0x0A0D_0D0A, 28, 0x1A2B_3C4D, 1, .max, .max, 28]
    let interface: [UInt32] = [1, 20, 1, 0, 20]
    let zeros: [UInt8] = Array(octets(131_072 << 3 | 1 << 1).prefix(3)) + [0]
    var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58]
    frame += raw(section + interface + [0x0BAD, total], isLast: false)
    for _ in 0..<blocks { frame += zeros }
    return frame + raw([total, 6, 36, 0, 0, 7, 4, 4, 0, 36], isLast: true)
  }()

  private static func octets(_ word: UInt32) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> $0) }
  }

  @Test(
    "what decompresses to gigabytes takes no more memory than any other file",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/time"), "needs time(1)"))
  func bomb() throws {
    let file = try TemporaryFile(Self.bomb, name: "bomb.zst")
    let run = try Command.run(
      URL(filePath: "/usr/bin/time"),
      ["-f", "%M", Command.binary.path(), file.path, "--summary"])
    #expect(run.status == 0)
    #expect(run.output.contains("\nread          1 packet, 4 octets in 1 file\n"))
    // KiB at the most, of which the program itself is the largest part.
    let peak = try #require(Int(run.errors.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(peak < 400 * 1_024)
  }

  @Test("a folder is the captures in it, by name; what is none is named once")
  func folder() throws {
    let folder = try Folder([
      "b.pcap": try Data(contentsOf: Self.capture), "a.gz": try Self.gzip(Self.other),
      ".c.pcap": try Data(contentsOf: Self.capture), "empty.pcap": Data(),
      "notes.txt": Data("of no use\n".utf8), "short": Data([1]), "z.csv": Data("1,2\n".utf8),
    ])
    try FileManager.default.createDirectory(
      atPath: folder.path + "/sub.pcap", withIntermediateDirectories: true)
    let one = try Command.run(folder.path)
    #expect(one.status == 0)
    #expect(one.output.contains("\nsummary of ring\n"))
    #expect(one.output.contains(" in 2 files\n"))
    #expect(one.output.contains("\nflows         3\n"))
    #expect(
      one.errors == "tcpclose: left out of \(folder.path), as no captures: empty.pcap, notes.txt, "
        + "short and 1 more\n")
    let separate = try Command.run(folder.path + "/", "--separate", "--format", "brief")
    let heads = separate.lines.filter { $0.hasPrefix("capture ") }
    #expect(heads == ["capture a.gz", "capture b.pcap"])
    let explained = try Command.run("explain", folder.path, "--stream", "0")
    #expect(explained.status == 0)
    #expect(explained.output.hasPrefix("stream 0 of a.gz, b.pcap  "))
    // Together with a file.
    let both = try Command.run(folder.path, Self.other.path(), "--summary", "--label", "x")
    #expect(both.output.contains(" in 3 files\n"))
  }

  @Test("records of separate files bear the file's name, and flows do not go across")
  func separate() throws {
    let data = try Data(contentsOf: Self.capture)
    let folder = try Folder(["1.pcap": data, "2.pcap": data])
    let run = try Command.run(folder.path, "--separate", "--format", "jsonl")
    let names = run.output.matches(of: /"capture":"([^"]*)","stream":0,/).map { String($0.1) }
    #expect(names == ["1.pcap", "2.pcap"])
    #expect(
      try Command.run(folder.path, "--separate", "--label", "x").errors
        .contains("--label names one capture"))
  }

  @Test("a folder without captures, and one that cannot be read")
  func noFolder() throws {
    let folder = try Folder(["notes.txt": Data("of no use\n".utf8)])
    let run = try Command.run(folder.path)
    #expect(run.status == 2 && run.output == "")
    #expect(run.errors == "tcpclose: there is no capture in the folder \(folder.path)\n")
  }

  @Test("a flow goes on across the files of a ring, in whatever order they are given")
  func ring() throws {
    var bytes = try CaptureBytes(path: Self.capture.path())
    let frames = bytes.frames
    let whole = try Command.run(Self.capture.path(), "--format", "jsonl", "--label", "x")
    var files: [String: Data] = [:]
    for (index, start) in stride(from: 0, to: frames.count, by: 4).enumerated() {
      bytes.frames = Array(frames[start..<min(start + 4, frames.count)])
      // Names against the order of time.
      files["\(9 - index).pcap"] = Data(bytes.octets)
    }
    let folder = try Folder(files)
    let run = try Command.run(folder.path, "--format", "jsonl", "--label", "x")
    #expect(files.count > 3 && run.errors == "")
    #expect(run.output == whole.output)
  }

  @Test("two capture points read as one are told by what they show twice; a ring is not")
  func twoPoints() throws {
    var bytes = try CaptureBytes(path: Self.capture.path())
    let near = bytes.octets
    for place in bytes.frames.indices { bytes.frames[place].time += 1_000_000 }
    let far = bytes.octets
    let folder = try Folder(["far.pcap": Data(far), "near.pcap": Data(near)])
    let advice = "--separate reads each by itself"
    let merged = try Command.run(folder.path, "--summary")
    #expect(merged.output.split(separator: "\n").joined().contains("were shown before"))
    #expect(merged.output.replacing(/\s+/, with: " ").contains(advice))
    #expect(try Command.run(folder.path, "--format", "brief").errors.contains(advice))
    #expect(try !Command.run(folder.path, "--summary", "--separate").output.contains("separate"))
    // One file that shows everything twice, as `-i any` does, and another after it.
    var twice = try CaptureBytes(path: Self.capture.path())
    twice.frames = twice.frames.flatMap { [$0, $0] }
    let half = twice.frames.count / 2
    let frames = twice.frames
    twice.frames = Array(frames[..<half])
    let first = twice.octets
    twice.frames = Array(frames[half...])
    let ring = try Folder(["1.pcap": Data(first), "2.pcap": Data(twice.octets)])
    let run = try Command.run(ring.path, "--summary")
    #expect(run.output.contains("showing a segment another showed"))
    #expect(!run.output.contains("--separate"))
  }

  @Test("what pcapng tells of losses and of the capture's end stands in the summary")
  func losses() throws {
    let frames = try CaptureBytes(path: Self.capture.path()).frames
    var words: [UInt32] = [0x0A0D_0D0A, 28, 0x1A2B_3C4D, 1, .max, .max, 28]
    // Nanoseconds (if_tsresol 9).
    words += [1, 32, 1, 0, 0x0001_0009, 9, 0, 32]
    var octets = words.flatMap(Self.octets)
    for frame in frames {
      let padded = frame.octets + [UInt8](repeating: 0, count: (4 - frame.octets.count % 4) % 4)
      let total = UInt32(32 + padded.count)
      let time = UInt64(frame.time)
      let head = [
        6, total, 0, UInt32(time >> 32), UInt32(truncatingIfNeeded: time),
        UInt32(frame.octets.count), frame.length,
      ]
      octets += head.flatMap(Self.octets) + padded + Self.octets(total)
    }
    let end = UInt64(try #require(frames.last).time + 2_500_000_000)
    let statistics: [UInt32] = [
      5, 64, 0, 0, 0, 0x0008_0003, UInt32(end >> 32), UInt32(truncatingIfNeeded: end),
      0x0008_0005, 1_234, 0, 0x0008_0007, 7, 0, 0, 64,
    ]
    octets += statistics.flatMap(Self.octets)
    let file = try TemporaryFile(octets, name: "lossy.pcapng")
    let run = try Command.run(file.path, "--summary")
    #expect(run.status == 0)
    #expect(
      run.output.contains(
        "\nlost          7 packets by the kernel while capturing, 1,234 by the interface\n"))
    #expect(run.output.contains(/\ncapture end   .* UTC, 2\.5 s later\n/))
    let json = try Command.run(file.path, "--summary", "--format", "json").output
    #expect(json.contains(#""drops":{"kernel":7,"interface":1234}"#))
    #expect(json.contains(/"lastTime":"[^"]+","endTime":"2026-[^"]+Z",/))
    let plain = try Command.run(Self.capture.path(), "--summary", "--format", "json").output
    #expect(plain.contains(#""endTime":null,"#) && plain.contains(#""drops":null,"#))
  }
}
