import Foundation
import Testing

/// The same endpoints in several VLANs and tunnels: one flow, or one each where that is asked for.
@Suite("VLANs and tunnels")
struct EnclosureTests {
  /// Headers around frames, by a number.
  enum Around: String, CaseIterable {
    case vlan, vxlan, gre

    /// `frame`, an Ethernet frame, with the number around it.
    func frame(_ frame: [UInt8], _ number: UInt8) -> [UInt8] {
      switch self {
      case .vlan: frame[..<12] + [0x81, 0, 0, number] + frame[12...]
      case .vxlan:
        outer(17, [0xC3, 0x50, 0x12, 0xB5, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, number, 0] + frame)
      case .gre: outer(47, [0x20, 0, 0x65, 0x58, 0, 0, 0, number] + frame)
      }
    }

    private func outer(_ protocolNumber: UInt8, _ body: [UInt8]) -> [UInt8] {
      let length = [UInt8((20 + body.count) >> 8), UInt8(truncatingIfNeeded: 20 + body.count)]
      let addresses: [UInt8] = [192, 0, 2, 1, 192, 0, 2, 2]
      return [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0] + length
        + [0, 0, 0x40, 0, 64, protocolNumber, 0, 0] + addresses + body
    }

    var option: String { self == .vlan ? "--by-vlan" : "--by-tunnel" }
    var otherOption: String { self == .vlan ? "--by-tunnel" : "--by-vlan" }
  }

  /// A recorded flow with each frame twice, each time with another number around it.
  private static func capture(_ around: Around) throws -> TemporaryFile {
    var capture = try CaptureBytes(
      path: Fixtures.folder.appending(path: "client-first/client.pcap").path())
    capture.frames = capture.frames.flatMap { frame in
      [UInt8(5), 6].map { number in
        var copy = frame
        copy.octets = around.frame(frame.octets, number)
        copy.length = UInt32(copy.octets.count)
        return copy
      }
    }
    return try TemporaryFile(capture.octets, name: "both.pcap")
  }

  private struct Told: Decodable {
    struct Counts: Decodable, Equatable { let client, server: Int }
    let stream: Int
    let outcome: String
    let packets: Counts
    let payloadOctets: Counts
    let firstFrame: Int
    let lastFrame: Int
  }

  private static func flows(_ file: TemporaryFile, options: [String]) throws -> [Told] {
    let run = try Command.run([file.path, "--format", "jsonl"] + options)
    try #require(run.status == 0, "\(run.errors)")
    return try run.lines.dropLast().map {
      try JSONDecoder().decode(Told.self, from: Data($0.utf8))
    }.sorted { $0.stream < $1.stream }
  }

  @Test("by default they are one flow, as in Wireshark", arguments: Around.allCases)
  func together(around: Around) throws {
    let file = try Self.capture(around)
    for options in [[], [around.otherOption]] {
      let flows = try Self.flows(file, options: options)
      #expect(flows.map(\.packets) == [Told.Counts(client: 12, server: 10)])
    }
  }

  @Test("on request they are a flow each", arguments: Around.allCases)
  func apart(around: Around) throws {
    let file = try Self.capture(around)
    for options in [[around.option], ["--by-vlan", "--by-tunnel", "--one-thread"]] {
      let flows = try Self.flows(file, options: options)
      #expect(flows.map(\.stream) == [0, 1])
      #expect(flows.map(\.outcome) == ["orderly", "orderly"])
      for flow in flows {
        #expect(flow.packets == Told.Counts(client: 6, server: 5))
        #expect(flow.payloadOctets == Told.Counts(client: 8, server: 8))
      }
      #expect(flows.map(\.firstFrame) == [1, 2] && flows.map(\.lastFrame) == [21, 22])
    }
  }

  @Test("a filter goes with it")
  func filtered() throws {
    let file = try Self.capture(.vlan)
    let flows = try Self.flows(file, options: ["--by-vlan", "-f", "vlan 6"])
    #expect(flows.map(\.firstFrame) == [2])
  }

  @Test("what shows a flow in Wireshark is then no stream's number")
  func displayFilter() throws {
    let file = try Self.capture(.vlan)
    let plain = try Command.run(file.path)
    #expect(plain.output.contains("\nWireshark     tcp.stream==0\n"))
    let ends = "ip.addr==10.77.1.1 && ip.addr==10.77.1.2 && tcp.port==45638 &&\n"
    for arguments in [[file.path], ["explain", file.path, "--stream", "1"]] {
      let run = try Command.run(arguments + ["--by-vlan"])
      #expect(run.output.contains(ends), "\(run.output)")
      #expect(!run.output.contains("tcp.stream"))
    }
    let page = try Command.run(file.path, "--by-vlan", "--format", "html")
    #expect(page.output.contains(#""displayFilter":"ip.addr==10.77.1.1 \u0026\u0026 "#))
    #expect(
      try Command.run(file.path, "--format", "html").output
        .contains(#""displayFilter":"tcp.stream==0""#))
  }
}
