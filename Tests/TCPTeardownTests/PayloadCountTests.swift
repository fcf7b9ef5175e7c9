import FlowScripts
import PacketDecoding
import TCPTeardown
import Testing

@Suite("Payload counted")
struct PayloadCountTests {
  static let client = Endpoint(address: .v4(0x0A4D_0001), port: 51324)
  static let server = Endpoint(address: .v4(0x0A4D_0002), port: 80)

  /// What a flow of this one segment of the client, 7 octets long, and of `earlier` ones showed.
  static func record(
    _ flags: TCPFlags, acknowledging: UInt32 = 0, after earlier: [AddressedSegment] = []
  ) -> FlowRecord? {
    var table = FlowTable(options: ReconstructionOptions())
    let last = AddressedSegment(
      source: client, destination: server, sequenceNumber: SequenceNumber(1000),
      acknowledgmentNumber: SequenceNumber(acknowledging), flags: flags, payloadLength: 7)
    for (index, segment) in (earlier + [last]).enumerated() {
      table.take(segment, at: Int64(index), frame: index + 1)
    }
    return FlowScript.finish(&table).last
  }

  @Test("payload counts whatever the flags", arguments: UInt8.min...0b11_1111)
  func anyFlags(octet: UInt8) throws {
    let record = try #require(Self.record(TCPFlags(rawValue: octet)))
    #expect(record.seen.contains(.data))
    #expect(record.payloadOctets.client + record.payloadOctets.server == 7)
  }

  @Test("payload counts where a RST, or an answer with a former flow's numbers, carries it")
  func afterSYN() throws {
    let syn = AddressedSegment(
      source: Self.server, destination: Self.client, sequenceNumber: SequenceNumber(500),
      acknowledgmentNumber: SequenceNumber(0), flags: .syn, payloadLength: 0)
    for (flags, number) in [(.rst, 0), ([.rst, .ack], 501), (.ack, 90_000)] as [(TCPFlags, UInt32)]
    {
      let record = try #require(Self.record(flags, acknowledging: number, after: [syn]))
      #expect(record.seen.contains(.data))
      #expect(record.payloadOctets == PerSide(client: 0, server: 7))
    }
  }
}
