import Foundation
import PacketCapture
import PacketDecoding
import TCPTeardown
import Testing

@testable import tcpclose

/// `-w` where datagrams came in IP fragments: all fragments of a segment are in the file.
@Suite("Carved fragments")
struct CarvedFragmentsTests {
  private static let path = Fixtures.folder.appending(path: "burst/client.pcap").path()

  /// Flows at the same time, whose fragments stand among each other's, the last of each first.
  private static func mingled() throws -> CaptureBytes {
    var capture = try CaptureBytes(path: path).inFragments(of: 16)
    capture.putLastFragmentsFirst()
    // The stamps stay where they are, so that the order of frames is the order of time.
    let times = capture.frames.map(\.time)
    for place in stride(from: 0, to: capture.frames.count - 4, by: 3) {
      capture.frames.swapAt(place, place + 4)
    }
    for (place, time) in times.enumerated() { capture.frames[place].time = time }
    return capture
  }

  /// The frames of a capture that was written, of each the first `most` octets.
  private static func frames(of path: String, most: Int = .max) throws -> [[UInt8]] {
    var source = try CaptureFile(path: path)
    var frames: [[UInt8]] = []
    while try source.next() == .packets {
      source.withRun { records, octets in
        for place in records.indices {
          let data = octets.extracting(records[place].range).extracting(first: most)
          frames.append(data.indices.map { data[$0] })
        }
      }
    }
    return frames
  }

  private static func carve(
    _ path: String, _ arguments: [String], input: URL? = nil, most: Int = .max
  ) throws -> (frames: [[UInt8]], errors: String) {
    let file = try TemporaryFile(name: "new.pcap")
    let run = try Command.run([path, "--summary", "-w", file.path] + arguments, input: input)
    #expect(run.status == 0, "\(run.errors)")
    return (try frames(of: file.path, most: most), run.errors)
  }

  @Test("of all flows, in one pass, and from what can be read once only")
  func all() throws {
    let capture = try Self.mingled()
    let expected = capture.frames.filter { $0.ends != nil }.map(\.octets)
    let file = try TemporaryFile(capture.octets)
    for options in [[], ["--one-thread"], ["-f", "ip"], ["--by-vlan"]] {
      let carved = try Self.carve(file.path, options)
      #expect(carved.frames == expected, "\(options)")
      #expect(carved.errors.hasSuffix(" in one pass\n"), "\(carved.errors)")
      #expect(try Self.carve("-", options, input: file.url).frames == expected, "\(options)")
    }
    let count = ["--follow", "-c", "\(capture.frames.count)"]
    #expect(try Self.carve(file.path, count).frames == expected)
  }

  @Test(
    "of some flows, by what packets tell, and by what only the end does", arguments: [0, 7, 30])
  func some(stream: Int) throws {
    let capture = try Self.mingled()
    let file = try TemporaryFile(capture.octets)
    let record = try Fixtures.records(of: file.path)[stream]
    let expected = capture.frames.filter { $0.ends == [record.client, record.server] }
      .map(\.octets)
    #expect(expected.count > 3 * (record.packets.client + record.packets.server) / 2)
    let byHost = try Self.carve(file.path, ["--host", "\(record.client)"])
    #expect(byHost.frames == expected)
    let byStream = try Self.carve(file.path, ["--stream", "\(stream)"])
    #expect(byStream.frames == expected)
    #expect(byStream.errors.hasSuffix(" in two passes, for --stream\n"), "\(byStream.errors)")
  }

  @Test("a datagram that lacks a fragment is no flow's, and keeps nothing of the others back")
  func missing() throws {
    var capture = try Self.mingled()
    let lost = try #require(capture.frames[100...].firstIndex { $0.isLaterFragment })
    let identification = capture.frames[lost].octets[18...19]
    capture.frames.remove(at: lost)
    let file = try TemporaryFile(capture.octets)
    let expected = capture.frames
      .filter { $0.ends != nil && $0.octets[18...19] != identification }.map(\.octets)
    #expect(expected.count < capture.frames.count)
    let carved = try Self.carve(file.path, [])
    #expect(carved.frames == expected)
    #expect(!carved.errors.contains("lacks"))
  }

  @Test("fragments with more between them than is held back are left out, and that is told")
  func tooFarApart() throws {
    var capture = try CaptureBytes(path: Self.path).inFragments(of: 16)
    let first = try #require(capture.frames.firstIndex { $0.hasMoreFragments })
    let rest = Array(capture.frames[(first + 1)...])
    // 40 MiB of the flows' own, without fragments: a segment of another connection.
    var bulk = try CaptureBytes(path: Self.path).frames[0]
    bulk.time = capture.frames[first].time
    bulk.octets[35] ^= 1
    bulk.octets += [UInt8](repeating: 0, count: 60_000)
    bulk.length = UInt32(bulk.octets.count)
    let wedge = Array(repeating: bulk, count: 700)
    capture.frames.replaceSubrange((first + 1)..., with: wedge + rest)
    let file = try TemporaryFile(capture.octets)
    let carved = try Self.carve(file.path, [], most: 80)
    var expected = capture.frames.filter { $0.ends != nil }.map { Array($0.octets.prefix(80)) }
    expected.remove(at: first)
    #expect(carved.frames == expected)
    #expect(
      carved.errors.hasSuffix(
        "new.pcap lacks 1 IP fragment: more than 32 MiB, or 60 s, lay between it and the last of "
          + "its datagram\n"), "\(carved.errors)")
  }

  @Test(
    "live, of a host's flows, in the order in which they came",
    .enabled(if: NetworkNamespace.isAvailable, "needs root and network namespaces"))
  func live() throws {
    let (near, far) = (try NetworkNamespace(), try NetworkNamespace())
    try NetworkNamespace.join(near, far)
    var frames = try Self.mingled().frames.filter { $0.ends != nil }
    let chosen = try #require(frames.first?.ends?.first { $0.port != 80 })
    // One that never becomes whole, before all others.
    var lost = try #require(frames.first { $0.hasMoreFragments })
    lost.octets[18] = 0xFF
    frames.insert(lost, at: 0)
    let lines = frames.map { Data($0.octets).base64EncodedString() }
    let input = try TemporaryFile(lines.joined(separator: "\n").utf8)
    let file = try TemporaryFile(name: "new.pcap")
    let live = try BackgroundProgram(
      near.running(Command.binary.path(), "live") + [
        "-i", "veth0", "--summary", "--host", "\(chosen)", "-w", file.path, "-s", "65535",
        "-f", "ip",
      ])
    _ = try #require(
      live.errorLine(within: 20) { $0.hasPrefix("tcpclose: listening on ") })
    let run = try near.run("/usr/bin/python3", "-c", Self.sending, input.path)
    try #require(run.status == 0, "\(run.errors)")
    usleep(500_000)
    live.interrupt()
    #expect(live.status(within: 20) == 0)
    let expected = frames.dropFirst().filter { $0.ends?.contains(chosen) == true }.map(\.octets)
    #expect(expected.count > 10)
    #expect(try Self.frames(of: file.path) == expected)
    #expect(live.errors.last?.text == "tcpclose: wrote \(expected.count) packets to \(file.path)")
  }

  private static let sending = """
    import base64, socket, sys
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    link.bind(("veth0", 0))
    for line in open(sys.argv[1]):
        link.send(base64.b64decode(line))
    """
}
