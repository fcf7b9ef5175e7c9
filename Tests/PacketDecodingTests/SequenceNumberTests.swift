import PacketDecoding
import Testing

@Suite("Sequence numbers")
struct SequenceNumberTests {
  static let orders: [(a: UInt32, b: UInt32, precedes: Bool)] = [
    (0, 1, true), (1, 0, false), (5, 5, false),
    (0xFFFF_FFFF, 0, true), (0, 0xFFFF_FFFF, false), (0xFFFF_FFF0, 0x10, true),
    (0, 0x7FFF_FFFF, true), (0x7FFF_FFFF, 0, false),
    (0x8000_0001, 0, true), (0, 0x8000_0001, false),
    (0, 0x8000_0000, false), (0x8000_0000, 0, false),
  ]

  @Test("order holds across the wrap, and ends half the circle away", arguments: orders)
  func precedes(a: UInt32, b: UInt32, precedes: Bool) {
    #expect(SequenceNumber(a).precedes(SequenceNumber(b)) == precedes)
  }

  static let distances: [(from: UInt32, to: UInt32, octets: Int32)] = [
    (0, 0, 0), (0, 1, 1), (1, 0, -1), (0xFFFF_FFFF, 0, 1), (0, 0xFFFF_FFFF, -1),
    (0xFFFF_FF00, 0x100, 512), (0, 0x8000_0000, .min),
  ]

  @Test("distances are signed and wrap", arguments: distances)
  func distance(from: UInt32, to: UInt32, octets: Int32) {
    #expect(SequenceNumber(to) - SequenceNumber(from) == octets)
  }

  @Test("steps wrap both ways")
  func steps() {
    #expect(SequenceNumber(0xFFFF_FFFE) + 3 == SequenceNumber(1))
    #expect(SequenceNumber(1) - UInt32(3) == SequenceNumber(0xFFFF_FFFE))
  }
}
