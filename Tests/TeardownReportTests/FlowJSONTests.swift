import FlowScripts
import Foundation
import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("Flow records as JSON")
struct FlowJSONTests {
  static func lines(_ records: [FlowRecord], label: String = "web-1") -> [String] {
    var options = ReportOptions(label: label)
    options.format = .jsonl
    var report = Report(options)
    var octets: [UInt8] = []
    report.begin(into: &octets)
    for record in records { report.take(record, into: &octets) }
    report.end(CaptureSummary(), into: &octets)
    return String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("a record is one line with the contract's fields in the contract's order")
  func contract() throws {
    let record = try #require(ContractRecord.make())
    let expected = """
      {"schema":"tcpclose.flow/1","capture":"web-1","stream":3,"final":true,
      "written":"capture-end","client":{"address":"10.77.0.1","port":51324},
      "server":{"address":"10.77.0.2","port":80},"roles":"observed",
      "start":"2026-11-22T05:11:00.123456789Z","duration":0.413,"firstFrame":12,"lastFrame":20,
      "packets":{"client":5,"server":4},"payloadOctets":{"client":78,"server":1042},
      "seen":["SYN","SYN-ACK","ACK","DATA","FIN"],"outcome":"orderly",
      "closedBy":{"side":"client","grade":"observed","frames":[17,18]},
      "states":{"client":[
      {"state":"SYN-SENT","enteredAt":0,"leftAt":0.0002,"grade":"observed","rule":"R0",
      "frames":[12]},
      {"state":"ESTABLISHED","enteredAt":0.0002,"leftAt":0.2,"grade":"observed","rule":"R0",
      "frames":[14]},
      {"state":"FIN-WAIT-1","enteredAt":0.2,"leftAt":0.2101,"grade":"observed","rule":"R1",
      "frames":[17]},
      {"state":"FIN-WAIT-2","enteredAt":0.2101,"leftAt":0.4129,"grade":"inferred","rule":"R4",
      "frames":[18],"earliest":0.2101,"latest":0.2102},
      {"state":"TIME-WAIT","enteredAt":0.4129,"leftAt":null,"grade":"observed","rule":"R6",
      "frames":[19,20]}],"server":[
      {"state":"SYN-RECEIVED","enteredAt":0.0001,"leftAt":0.0003,"grade":"observed","rule":"R0",
      "frames":[13]},
      {"state":"ESTABLISHED","enteredAt":0.0003,"leftAt":0.2101,"grade":"inferred","rule":"R0",
      "frames":[14]},
      {"state":"CLOSE-WAIT","enteredAt":0.2101,"leftAt":0.4129,"grade":"observed","rule":"R3",
      "frames":[18]},
      {"state":"LAST-ACK","enteredAt":0.4129,"leftAt":0.413,"grade":"observed","rule":"R8",
      "frames":[19]},
      {"state":"CLOSED","enteredAt":0.413,"leftAt":null,"grade":"inferred","rule":"R8",
      "frames":[20]}]},
      "timeWait":[{"side":"client","enteredAt":0.4129,"grade":"observed","profile":"linux",
      "duration":60,"endedBy":"capture-end","endGrade":"assumed","observedFor":12.7,
      "restarts":0}],"reset":null,"findings":[],
      "zeek":{"connState":"SF","history":"ShADdFaf"}}
      """
    #expect(Self.lines([record]) == [expected.replacing("\n", with: "")])
  }

  @Test("the label is escaped, and nothing else of a capture is text")
  func label() throws {
    let records = FlowScript().records(FlowScript.midstream)
    let line = try #require(Self.lines(records, label: "a\"\u{1B}[2J").first)
    #expect(line.hasPrefix(#"{"schema":"tcpclose.flow/1","capture":"a\"\u001b[2J","stream":0"#))
  }

  @Test("numbers at their longest fit the room that is reserved")
  func extremes() throws {
    var record = try #require(FlowScript().records(FlowScript.orderly).first)
    let last = 1 << 40 - 1
    let frames = Frames(last, last - 1, last - 2, last - 3)
    let interval = StateInterval(
      state: .synReceived, enteredAt: .max, leftAt: .max, grade: .inferred, rule: Rule(255),
      frames: frames, earliest: .max, latest: .max)
    let ends = try #require(IPAddress("1111:2222:3333:4444:5555:6666:7777:8888"))
    record.client = Endpoint(address: ends, port: 65535)
    record.server = Endpoint(address: ends, port: 65535)
    record.stream = .max
    record.firstFrame = .max
    record.lastFrame = .max
    record.start = .min
    record.end = .max
    record.packets = PerSide(both: .max)
    record.payloadOctets = PerSide(both: .max)
    record.seen = [.syn, .synAck, .ack, .data, .fin, .rst]
    record.written = .captureEnd
    record.teardown.outcome = .simultaneous
    record.teardown.closedBy = Closer(sides: .unknown, grade: .inferred, frames: frames)
    record.teardown.states = PerSide(both: [interval, interval])
    record.teardown.timeWait = [
      TimeWait(
        side: .client, enteredAt: .max, grade: .inferred,
        profile: String(repeating: "long \"profile\" ", count: 99), duration: .min,
        endedBy: .captureEnd, endGrade: .observed, observedFor: .min, restarts: .min)
    ]
    record.teardown.reset = ResetVerdict(
      by: .client, cause: .timeWaitAssassination, grade: .observed, frames: frames,
      values: [NamedValue("value", .duration(.min)), NamedValue("flag", .flag(false))])
    for code in Finding.Code.allCases {
      record.teardown.findings.append(
        Finding(
          code, side: .client, frames: frames, count: .min,
          values: [NamedValue("word", .word("\u{0}")), NamedValue("count", .count(.min))]))
    }
    let line = try #require(Self.lines([record]).first)
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    #expect(object?.count == 22)
    #expect(line.contains("\"enteredAt\":9223372036.854775807,\"leftAt\":9223372036.854775807"))
  }
}
