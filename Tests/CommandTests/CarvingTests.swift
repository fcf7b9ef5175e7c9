import Foundation
import PacketCapture
import TCPTeardown
import Testing

@testable import tcpclose

/// `-w`: the packets of selected flows, as a capture of their own.
@Suite("Carving")
struct CarvingTests {
  private static let cases = ["half-close", "linger-0", "refused", "host-unreachable", "ipv6"]
  private static let paths = cases.map {
    Fixtures.folder.appending(path: "\($0)/client.pcap").path()
  }

  /// A folder of one test, gone with the value.
  private final class Folder {
    let url: URL

    init() throws {
      url = FileManager.default.temporaryDirectory
        .appending(path: "tcpclose-tests-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path() }
  }

  /// A packet, with all that a file tells of it.
  private struct Packet: Equatable {
    var time: Int64
    var length: UInt32
    var linkType: UInt16
    var octets: [UInt8]
  }

  private static func packets(of path: String) throws -> [Packet] {
    var source = CaptureMerge(paths: [path])
    var packets: [Packet] = []
    while case .packets = source.next() {
      source.withRun { records, octets in
        for place in records.indices {
          let record = records[place]
          let data = octets.extracting(record.range)
          packets.append(
            Packet(
              time: record.time, length: record.originalLength, linkType: record.linkType,
              octets: data.indices.map { data[$0] }))
        }
      }
    }
    #expect(source.failures.isEmpty)
    return packets
  }

  /// What a run with `-w` wrote, and what it said.
  private static func carve(
    _ arguments: [String], name: String = "new.pcap", input: URL? = nil
  ) throws -> (packets: [Packet], errors: String) {
    let folder = try Folder()
    let run = try Command.run(
      arguments + ["--summary", "-w", folder.path(name)], input: input)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("summary of "))
    return (try packets(of: folder.path(name)), run.errors)
  }

  @Test("all flows in one pass: their segments, and the ICMP errors that quote them")
  func all() throws {
    let whole = try Self.paths.flatMap { try Self.packets(of: $0) }
    let (packets, errors) = try Self.carve(Self.paths)
    let isOther = { (packet: Packet) in packet.octets[12...13].elementsEqual([0x08, 0x06]) }
    #expect(packets == whole.filter { !isOther($0) }.sorted { $0.time < $1.time })
    #expect(packets.contains { $0.octets[23] == 1 }, "an ICMP error is among them")
    #expect(errors.hasSuffix("to \(errors.split(separator: " ")[8]) in one pass\n"))
    #expect(errors.hasPrefix("tcpclose: wrote \(packets.count) packets of 5 flows to "))
  }

  @Test("a host in one pass, whichever way its input comes")
  func host() throws {
    let path = Self.paths[0]
    let expected = try Self.packets(of: path).filter {
      $0.octets[26..<30].elementsEqual([10, 77, 5, 1])
        || $0.octets[30..<34].elementsEqual([10, 77, 5, 1])
    }
    #expect(!expected.isEmpty)
    for options in [[], ["--one-thread"], ["-f", "tcp"]] {
      let host = ["--host", "10.77.5.1"] + options
      #expect(try Self.carve(Self.paths + host).packets == expected)
      #expect(try Self.carve(["-"] + host, input: URL(filePath: path)).packets == expected)
    }
    #expect(try Self.carve(Self.paths + ["--host", "10.77.5.1:1"]).packets == [])
  }

  @Test("a filter leaves its packets out of the file too")
  func filter() throws {
    let packets = try Self.carve(Self.paths + ["-f", "tcp[tcpflags] & tcp-fin != 0"]).packets
    #expect(!packets.isEmpty)
    for packet in packets where packet.octets[12...13].elementsEqual([8, 0]) {
      #expect(packet.octets[47] & 1 == 1)
    }
  }

  @Test(
    "verdicts in two passes: the same flows as the report's",
    arguments: [
      ["--stream", "1,3"], ["--outcome", "reset,refused"], ["--closed-by", "client"],
      ["--time-wait", "client"], ["--finding", "half-close"], ["--reset", "abort"],
    ])
  func verdicts(selection: [String]) throws {
    let folder = try Folder()
    let path = folder.path("new.pcap")
    let run = try Command.run(Self.paths + selection + ["--format", "brief", "-w", path])
    let option = selection[0]
    #expect(run.errors.hasSuffix(" to \(path), in two passes, for \(option)\n"), "\(run.errors)")
    let again = try Command.run(path, "--format", "brief")
    let lines = { (run: Command.Run) in run.lines.map { $0.dropFirst(6) }.sorted() }
    #expect(run.lines.count > 2)
    #expect(lines(again) == lines(run))
  }

  @Test("compressed files and folders are carved like any other")
  func inputs() throws {
    let folder = try Folder()
    let expected = try Self.carve([Self.paths[0]] + ["--stream", "0"]).packets
    let data = try Data(contentsOf: URL(filePath: Self.paths[0]))
    try data.write(to: folder.url.appending(path: "a.pcap"))
    #expect(try Command.shell("gzip '\(folder.path("a.pcap"))'").status == 0)
    for input in [folder.path("a.pcap.gz"), folder.path("")] {
      #expect(try Self.carve([input, "--stream", "0"]).packets == expected)
    }
  }

  @Test("the frame order of a capture out of order stays as it is")
  func order() throws {
    var capture = try CaptureBytes(path: Self.paths[0])
    capture.frames.swapAt(1, 2)
    let file = try TemporaryFile(capture.octets)
    let packets = try Self.carve([file.path, "--stream", "0"]).packets
    #expect(packets.map(\.octets) == capture.frames.filter { $0.ends != nil }.map(\.octets))
  }

  @Test("a SYN that stands behind its connection's first segments gets them back")
  func lateSYN() throws {
    let path = Fixtures.folder.appending(path: "port-again-after-time-wait/client.pcap").path()
    var capture = try CaptureBytes(path: path)
    let syns = capture.frames.indices.filter { place in
      capture.frames[place].ends != nil && capture.frames[place].octets[47] & 0x12 == 0x02
    }
    let second = try #require(syns.dropFirst().first)
    let moved = capture.frames.remove(at: second)
    capture.frames.insert(moved, at: second + 2)
    let file = try TemporaryFile(capture.octets)
    let records = try Fixtures.records(of: file.path)
    #expect(records.count == 2)
    for record in records {
      let packets = try Self.carve([file.path, "--stream", "\(record.stream)"]).packets
      #expect(packets.count == record.packets.client + record.packets.server)
    }
  }

  @Test("packets take the place of the report on standard output")
  func standardOutput() throws {
    let command = "\"$tcpclose\" '\(Self.paths[0])' --stream 0 -w -"
    let run = try Command.shell("\(command) | \"$tcpclose\" - --format brief")
    #expect(run.status == 0)
    #expect(run.lines.count == 3 && run.lines[1].hasPrefix("     0 "))
    #expect(run.errors.hasSuffix("to standard output, in two passes, for --stream\n"))
    let file = try TemporaryFile(name: "report")
    let both = try Command.shell("\(command) -o '\(file.path)' | \"$tcpclose\" - --summary")
    #expect(both.output.hasPrefix("summary of standard input\n"))
    #expect(try String(contentsOf: file.url, encoding: .utf8).hasPrefix("stream 0 "))
  }

  @Test("what cannot be read twice is refused before anything is written")
  func pipes() throws {
    let folder = try Folder()
    let run = try Command.shell(
      "cat '\(Self.paths[0])' | \"$tcpclose\" /dev/stdin --outcome reset -w '\(folder.path("x"))'")
    #expect(run.status == 64 && run.output == "")
    #expect(run.errors.contains("reads the input twice, and /dev/stdin can be read once only"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("x")))
  }

  @Test("a file that is there is left alone, whatever it is")
  func existing() throws {
    let file = try TemporaryFile([UInt8](repeating: 7, count: 40), name: "old.pcap")
    let report = try TemporaryFile([9], name: "report")
    let run = try Command.run(Self.paths[0], "-w", file.path, "-o", report.path)
    #expect(run.status == 2 && run.output == "")
    #expect(
      run.errors == "tcpclose: cannot write \(file.path): it exists already: "
        + "remove it first, or write to another file\n")
    #expect(try Data(contentsOf: file.url).count == 40)
    #expect(try Data(contentsOf: report.url).count == 1)
    let own = try Command.run(Self.paths[0], "-w", Self.paths[0])
    #expect(own.status == 2 && own.errors.contains("it is to be read: write to another file"))
    let same = try TemporaryFile(name: "same")
    let both = try Command.run(Self.paths[0], "-w", same.path, "-o", same.path)
    #expect(both.status == 64 && both.errors.contains("write to another file"))
  }

  @Test("a disk that is full: the report comes, what was written is whole, the status is 2")
  func full() throws {
    let folder = try Folder()
    // Enough for the file to be written in several portions.
    var capture = try CaptureBytes(path: Self.paths[0])
    let frame = try #require(capture.frames.first { $0.ends != nil })
    capture.frames += (0..<20_000).map { _ in frame }
    let file = try TemporaryFile(capture.octets)
    let path = folder.path("new.pcap")
    // 512-octet blocks; the signal that goes with the limit is left aside.
    let run = try Command.shell(
      "trap '' XFSZ; ulimit -f 1100; exec \"$tcpclose\" '\(file.path)' --summary -w '\(path)'")
    #expect(run.status == 2)
    #expect(run.output.hasPrefix("summary of "))
    let packets = try Self.packets(of: path)
    #expect(packets.count > 1_000 && packets.count < 20_000)
    #expect(
      run.errors == "tcpclose: cannot write \(path) any further: File too large; what there is of "
        + "it, \(packets.count) packets, is whole\n")
  }

  @Test("input that is cut short is carved as far as it goes, and the status is 2")
  func cut() throws {
    let data = try Data(contentsOf: URL(filePath: Self.paths[0]))
    let file = try TemporaryFile(data.prefix(data.count - 10))
    let folder = try Folder()
    let run = try Command.run(file.path, "--summary", "--stream", "0", "-w", folder.path("x"))
    #expect(run.status == 2)
    #expect(run.errors.contains("is cut short"))
    #expect(try !Self.packets(of: folder.path("x")).isEmpty)
  }

  @Test("input that cannot be read leaves no file behind, unless it was there")
  func unreadable() throws {
    let folder = try Folder()
    let run = try Command.run(folder.path("none.pcap"), "-w", folder.path("x"))
    #expect(run.status == 2 && run.output == "")
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path()) == [])
    let empty = try TemporaryFile()
    #expect(try Command.run(folder.path("none.pcap"), "-w", empty.path).status == 2)
    #expect(try Data(contentsOf: empty.url).isEmpty)
  }

  @Test("packets of several link types make pcapng, of one pcap")
  func linkTypes() throws {
    // The same segments behind no link header at all.
    var image = try CaptureBytes(path: Self.paths[1])
    for place in image.frames.indices {
      image.frames[place].octets.removeFirst(14)
      image.frames[place].length -= 14
    }
    var octets = image.octets
    octets.replaceSubrange(20..<24, with: [101, 0, 0, 0])
    let raw = try TemporaryFile(octets)
    let mixed = try Self.carve([Self.paths[0], raw.path, "--stream", "0,1"])
    #expect(Set(mixed.packets.map(\.linkType)) == [1, 101])
    let folder = try Folder()
    for (streams, name, magic) in [
      ("0", "a", [0x4D, 0x3C, 0xB2, 0xA1]), ("0,1", "b", [0x0A, 0x0D, 0x0D, 0x0A]),
      ("0", "c.pcapng", [0x0A, 0x0D, 0x0D, 0x0A]),
    ] as [(String, String, [UInt8])] {
      let path = folder.path(name)
      let run = try Command.run(
        Self.paths[0], raw.path, "--stream", streams, "--summary", "-w", path)
      #expect(run.status == 0)
      #expect(try Data(contentsOf: URL(filePath: path)).prefix(4) == Data(magic))
    }
  }

  @Test(
    "Wireshark's programs and tcpdump read what is written",
    arguments: [
      "tshark -n -r", "capinfos -c", "editcap -F pcap /dev/stdin /dev/null <", "tcpdump -nr",
    ])
  func otherPrograms(program: String) throws {
    let name = program.split(separator: " ")[0]
    guard try Command.shell("command -v \(name)").status == 0 else { return }
    let folder = try Folder()
    for file in ["a.pcap", "a.pcapng"] {
      let path = folder.path(file)
      let run = try Command.run(Self.paths + ["--host", "10.77.5.1", "--summary", "-w", path])
      #expect(run.status == 0)
      let reading = program.hasSuffix("<") ? program + " '\(path)'" : program + " '\(path)'"
      let read = try Command.shell(reading)
      #expect(read.status == 0, "\(read.errors)")
      let count = try Self.packets(of: path).count
      if program.hasPrefix("t") { #expect(read.lines.dropLast().count == count) }
    }
  }

  @Test("a file that grows is carved as it is read, or once it is known how its flows ended")
  func follow() throws {
    let expected = try Self.carve([Self.paths[0]]).packets
    let count = try Self.packets(of: Self.paths[0]).count
    for selection in [[], ["--outcome", "orderly"]] {
      let carved = try Self.carve(
        [Self.paths[0], "--follow", "-c", "\(count)"] + selection)
      #expect(carved.packets == expected)
      #expect(carved.errors.contains(selection.isEmpty ? "in one pass" : "in two passes"))
    }
  }
}
