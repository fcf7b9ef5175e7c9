import Foundation
import PacketCapture
import TCPTeardown
import TeardownReport
import Testing

@testable import tcpclose

/// A flow carved out of its capture says of itself what it said there.
@Suite("Carved flows")
struct CarvedRecordTests {
  /// What one capture holds: its records, and its packets in their order.
  private struct Reading {
    var records: [FlowRecord] = []
    var packets: [Packet] = []
    var displaced = DisplacedFrames()
    var end: Int64 = 0

    /// Reads a capture; its clock goes on to `end`, if that is later than the last packet.
    init(path: String, until end: Int64? = nil) throws {
      var analysis = Analysis(table: FlowTable(options: ReconstructionOptions()), filter: nil)
      var source = try CaptureFile(path: path)
      // What a broken file holds before it breaks is carved too.
      while (try? source.next()) == .packets {
        source.withRun { records, octets in
          for place in records.indices {
            packets.append(Packet(records[place], octets.extracting(records[place].range)))
          }
        }
        analysis.take(source)
        analysis.drain { records.append(copy $0) }
      }
      if let end { analysis.idle(at: end) }
      while analysis.finishSome() { analysis.drain { records.append(copy $0) } }
      records.sort { $0.stream < $1.stream }
      displaced = analysis.table.displaced
      self.end = analysis.table.clock.end
    }
  }

  private struct Packet: Equatable {
    var time: Int64
    var length: UInt32
    var linkType: UInt16
    var octets: [UInt8]

    init(_ record: PacketRecord, _ data: Span<UInt8>) {
      (time, length, linkType) = (record.time, record.originalLength, record.linkType)
      octets = data.indices.map { data[$0] }
    }
  }

  private static let captures: [String] = Fixtures.cases.flatMap { name in
    Side.allCases.compactMap { Fixtures.capture(name, $0) }
  }

  /// Public captures: `TCPCLOSE_CAPTURES`, else the folder beside the repository.
  private static let publicCaptures: [String] = {
    let folder =
      ProcessInfo.processInfo.environment["TCPCLOSE_CAPTURES"].map { URL(filePath: $0) }
      ?? Fixtures.folder.appending(path: "../../shared/captures").standardized
    let names = FileManager.default.enumerator(atPath: folder.path())?.compactMap { $0 as? String }
    return (names ?? []).filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.sorted()
      .map { folder.appending(path: $0).path() }
  }()

  @Test("each flow of every recorded case", arguments: captures)
  func recorded(path: String) throws { try Self.check(path) }

  @Test(
    "flows of public captures, in tunnels and out of order",
    .enabled(if: !publicCaptures.isEmpty, "set TCPCLOSE_CAPTURES to a folder of captures"),
    arguments: publicCaptures)
  func publicCapture(path: String) throws { try Self.check(path) }

  /// Captures whose clock leaps by years, so that their end is not the time of the last packet: what
  /// rests on the end of the capture comes out otherwise once other packets are missing.
  private static let leaping = ["GrePackets.pcap", "babel_update_oobr.pcap"]

  private static func check(_ path: String) throws {
    let whole = try Reading(path: path)
    let tuples = Dictionary(grouping: whole.records) { [$0.client, $0.server].sorted() }
    for record in whole.records.prefix(12) {
      let carved = try carve([record.stream], of: whole, at: path)
      let again = try #require(carved.records.first)
      #expect(carved.records.count == 1)
      #expect(again.packets == record.packets && again.payloadOctets == record.payloadOctets)
      // Of a tuple that was used again, the others' segments are evidence too.
      guard tuples[[record.client, record.server].sorted()]?.count == 1 else { continue }
      try expectSame(carved, [record], of: whole, path)
    }
    for records in tuples.values.filter({ $0.count > 1 }).prefix(4) {
      let carved = try carve(records.map(\.stream), of: whole, at: path)
      try expectSame(carved, records, of: whole, path)
    }
  }

  /// What is told of flows that were carved is what was told of them as `records`.
  private static func expectSame(
    _ carved: Reading, _ records: [FlowRecord], of whole: Reading, _ path: String
  ) throws {
    let frames = try places(of: carved.packets, among: whole.packets)
    #expect(carved.records.count == records.count)
    guard !leaping.contains(where: { path.hasSuffix($0) }) else { return }
    for (again, record) in zip(carved.records, records) {
      #expect(
        try json(again) { frames[$0 - 1] } == json(record) { $0 }, "stream \(record.stream)")
    }
  }

  /// Carves `streams` as a second reading of the file does, and reads what was written.
  private static func carve(
    _ streams: [Int], of whole: Reading, at path: String
  ) throws -> Reading {
    let file = try TemporaryFile(name: "carved.pcap")
    var chosen = StreamSet()
    for stream in streams { chosen.insert(stream) }
    let sink = try PacketSink(path: file.path, sparing: [path])
    let second = SecondReading(
      reading: CaptureReading(
        paths: [path], filter: nil, kinds: [], options: ReconstructionOptions(), maxFlows: 1_000),
      streams: chosen, displaced: whole.displaced, frames: whole.packets.count)
    #expect(second.run(into: sink))
    _ = try sink.finish()
    return try Reading(path: file.path, until: whole.end)
  }

  /// The frames of `whole` that `part` consists of, in its order.
  private static func places(of part: [Packet], among whole: [Packet]) throws -> [Int] {
    var next = 0
    return try part.map { packet in
      let place = try #require(whole[next...].firstIndex(of: packet))
      next = place + 1
      return next
    }
  }

  /// A record without its stream, its frames put through `renumber`.
  private static func json(
    _ record: FlowRecord, _ renumber: @escaping (Int) -> Int
  ) throws -> String {
    var options = ReportOptions(label: "carved")
    options.format = .jsonl
    var report = Report(options)
    var octets: [UInt8] = []
    report.take(record, into: &octets)
    let text = String(decoding: octets, as: UTF8.self)
    try #require(text.hasPrefix(#"{"schema":"#))
    let frame = #/"(?<name>firstFrame|lastFrame)":(?<frame>\d+)/#
    let frames = #/"frames":\[(?<list>[\d,]*)\]/#
    return text.replacing(#/"stream":\d+,/#, with: "")
      .replacing(frame) { "\"\($0.name)\":\(renumber(Int($0.frame) ?? 0))" }
      .replacing(frames) { match in
        let numbers = match.list.split(separator: ",").map { String(renumber(Int($0) ?? 0)) }
        return "\"frames\":[\(numbers.joined(separator: ","))]"
      }
  }
}
