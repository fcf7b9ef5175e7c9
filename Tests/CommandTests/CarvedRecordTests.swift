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
      while try source.next() == .packets {
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

  @Test("each flow of every recorded case", arguments: captures)
  func recorded(path: String) throws {
    let whole = try Reading(path: path)
    let tuples = Dictionary(grouping: whole.records) { [$0.client, $0.server].sorted() }
    for record in whole.records.prefix(12) {
      let file = try TemporaryFile(name: "carved.pcap")
      try Self.carve([record.stream], of: whole, at: path, into: file.path)
      let carved = try Reading(path: file.path, until: whole.end)
      let frames = try Self.places(of: carved.packets, among: whole.packets)
      let again = try #require(carved.records.first)
      #expect(carved.records.count == 1)
      #expect(again.packets == record.packets && again.payloadOctets == record.payloadOctets)
      // Of a tuple that was used again, the others' segments are evidence too.
      guard tuples[[record.client, record.server].sorted()]?.count == 1 else { continue }
      #expect(
        try Self.json(again) { frames[$0 - 1] } == Self.json(record) { $0 },
        "stream \(record.stream)")
    }
  }

  /// Writes the packets of `streams`, as a second reading of the file does.
  private static func carve(
    _ streams: [Int], of whole: Reading, at path: String, into file: String
  ) throws {
    var chosen = StreamSet()
    for stream in streams { chosen.insert(stream) }
    let sink = try PacketSink(path: file, sparing: [path])
    let second = SecondReading(
      reading: CaptureReading(
        paths: [path], filter: nil, options: ReconstructionOptions(), maxFlows: 1_000),
      streams: chosen, displaced: whole.displaced, frames: whole.packets.count)
    #expect(second.run(into: sink))
    _ = try sink.finish()
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
