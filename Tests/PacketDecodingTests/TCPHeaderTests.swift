import PacketDecoding
import Testing

@Suite("TCP header")
struct TCPHeaderTests {
  @Test("16 octets are enough, less is truncated")
  func cut() throws {
    let packet = ipv4(tcp(flags: .syn, payload: 100))
    for captured in 0..<packet.count {
      let cut = Array(packet.prefix(captured))
      if captured < 36 {
        #expect(decode(cut, originalLength: 140) == .undecoded(.truncated))
      } else {
        #expect(try segment(cut, originalLength: 140) == segment(packet))
      }
    }
  }

  @Test("a segment and its tuple are small: another core has to fetch those of each packet")
  func size() {
    #expect(MemoryLayout<Segment>.size == 40)
    #expect(MemoryLayout<Tuple>.size <= 48)
  }

  @Test("padding behind a datagram is not read as TCP")
  func padding() {
    let frame = ethernet(ipv4(Array(tcp().prefix(12)))) + [UInt8](repeating: 0, count: 20)
    #expect(decode(frame, linkType: 1) == .undecoded(.invalidHeader))
  }

  @Test("every flag octet is kept", arguments: UInt8.min...UInt8.max)
  func flags(octet: UInt8) throws {
    #expect(try segment(ipv4(tcp(flags: TCPFlags(rawValue: octet)))).flags.rawValue == octet)
  }

  @Test("a data offset below five gives a segment without flags and payload", arguments: 0..<5)
  func dataOffsetTooSmall(words: UInt8) throws {
    let segment = try segment(ipv4(tcp(flags: .fin, dataOffset: words, payload: 30)))
    #expect(segment.flags == [])
    #expect(segment.payloadLength == 0)
    #expect(segment.sequenceNumber == SequenceNumber(0x1000))
  }

  @Test("a data offset past the segment gives a segment without payload", arguments: 6...15)
  func dataOffsetTooLarge(words: UInt8) throws {
    let segment = try segment(ipv4(tcp(flags: .fin, dataOffset: words, payload: 3)))
    #expect(segment.flags == .fin)
    #expect(segment.payloadLength == 0)
  }

  @Test("options end with the datagram, whatever the data offset says")
  func optionsEnd() throws {
    let timestamps: [UInt8] = [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2]
    let packet = ipv4(tcp(options: timestamps), length: 50)
    #expect(try segment(packet).options == TCPOptions())
  }

  static let ends: [(start: UInt32, flags: TCPFlags, payload: Int, end: UInt32)] = [
    (0, .ack, 0, 0), (0, .ack, 10, 10), (0, .syn, 0, 1), (0, [.fin, .ack], 10, 11),
    (0, [.syn, .fin], 0, 2), (5, .rst, 3, 8), (0xFFFF_FFFF, [.fin, .ack], 0, 0),
    (0xFFFF_FFFE, [.fin, .ack], 10, 9),
  ]

  @Test("SYN and FIN take a sequence number, across the wrap too", arguments: ends)
  func end(start: UInt32, flags: TCPFlags, payload: Int, end: UInt32) throws {
    let segment = try segment(ipv4(tcp(flags: flags, sequenceNumber: start, payload: payload)))
    #expect(segment.end == SequenceNumber(end))
  }
}
