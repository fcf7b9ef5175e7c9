import FlowScripts
import PacketDecoding
import TCPTeardown
import Testing

@Suite("Segments in IP fragments")
struct FragmentTests {
  /// The findings of a flow whose answer of 1,000 octets was captured as far as its first 100.
  private func findings(isFragmented: Bool) -> [Finding.Code] {
    let client = Endpoint(address: .v4(0x0A00_0001), port: 40000)
    let server = Endpoint(address: .v4(0x0A00_0002), port: 80)
    let lines:
      [(fromClient: Bool, flags: TCPFlags, number: UInt32, asked: UInt32, octets: UInt32)] = [
        (true, .syn, 100, 0, 0), (false, TCPFlags.syn.union(.ack), 500, 101, 0),
        (true, .ack, 101, 501, 0), (false, .ack, 501, 101, 100), (true, .ack, 101, 1501, 0),
        (true, TCPFlags.fin.union(.ack), 101, 1501, 0),
        (false, TCPFlags.fin.union(.ack), 1501, 102, 0),
        (true, .ack, 102, 1502, 0),
      ]
    var table = FlowTable(options: ReconstructionOptions())
    for (index, line) in lines.enumerated() {
      var segment = AddressedSegment(
        source: line.fromClient ? client : server, destination: line.fromClient ? server : client,
        sequenceNumber: SequenceNumber(line.number),
        acknowledgmentNumber: SequenceNumber(line.asked), flags: line.flags,
        payloadLength: line.octets)
      if isFragmented, line.octets > 0 { segment.hint = PayloadHint(kinds: .fragmented) }
      table.advance(to: Int64(index) * 1_000_000)
      table.take(segment, at: Int64(index) * 1_000_000, frame: index + 1)
    }
    return FlowScript.finish(&table).flatMap { $0.teardown.findings.map(\.code) }
  }

  @Test("octets in fragments that are not looked at are no gap of the capture")
  func noGap() {
    #expect(findings(isFragmented: false) == [.gap])
    #expect(findings(isFragmented: true) == [])
  }
}
