import PacketCapture
import Testing

@testable import tcpclose

/// Packets that wait for the fate of a fragment, and what bounds them.
@Suite("Held packets")
struct HeldPacketsTests {
  private static func record(_ seconds: Int64, linkType: UInt16 = 1) -> PacketRecord {
    PacketRecord(
      time: seconds * 1_000_000_000, originalLength: 1_500, capturedLength: 2, linkType: linkType,
      interface: 3, offset: 7)
  }

  /// Holds a packet of two octets, which tell its frame.
  private static func hold(
    _ frame: Int, isWanted: Bool, at seconds: Int64 = 0, in held: inout HeldPackets
  ) {
    let octets = [UInt8(frame >> 8), UInt8(frame & 255)]
    held.hold(frame, record(seconds), octets.span, isWanted: isWanted)
  }

  /// The frames that come out, in their order.
  private static func frames(_ held: inout HeldPackets, at seconds: Int64?) -> [Int] {
    var frames: [Int] = []
    while let packet = held.next(at: seconds.map { $0 * 1_000_000_000 }) {
      frames.append(Int(packet.octets[0]) << 8 | Int(packet.octets[1]))
    }
    return frames
  }

  @Test("what stands behind a fragment waits for it, and comes out in the order of frames")
  func order() {
    var held = HeldPackets()
    Self.hold(10, isWanted: false, in: &held)
    Self.hold(11, isWanted: true, in: &held)
    Self.hold(12, isWanted: false, in: &held)
    Self.hold(20, isWanted: true, in: &held)
    #expect(Self.frames(&held, at: 1) == [])
    held.decide([10], areWanted: true)
    #expect(Self.frames(&held, at: 1) == [10, 11])
    held.decide([12], areWanted: false)
    #expect(Self.frames(&held, at: 1) == [20])
    #expect(held.isEmpty && held.missing == 0)
  }

  @Test("a packet keeps what its record tells")
  func records() throws {
    var held = HeldPackets()
    held.hold(1, Self.record(5, linkType: 113), [1, 2].span, isWanted: true)
    let next = held.next(at: 0)
    let packet = try #require(next)
    #expect(packet.record == Self.record(5, linkType: 113) && packet.octets == [1, 2])
  }

  @Test("a fragment waits for a minute, whichever way the clock goes")
  func time() {
    for (waits, over) in [(160, 161), (40, 39)] as [(Int64, Int64)] {
      var held = HeldPackets()
      Self.hold(1, isWanted: false, at: 100, in: &held)
      Self.hold(2, isWanted: true, at: 100, in: &held)
      #expect(Self.frames(&held, at: waits) == [])
      #expect(Self.frames(&held, at: over) == [2])
      // It was wanted after all: that is counted, once it is known.
      #expect(held.missing == 0)
      held.decide([1], areWanted: true)
      #expect(held.missing == 1)
    }
  }

  @Test("what is held is bounded: the oldest fragment goes, and no packet that is wanted")
  func octets() {
    var held = HeldPackets(limit: 10_000)
    var frames: [Int] = []
    for frame in 1...1_000 {
      Self.hold(frame, isWanted: frame % 10 != 1, in: &held)
      frames += Self.frames(&held, at: 0)
      #expect(held.cost <= 10_000)
    }
    let last = frames.last ?? 0
    #expect((800..<1_000).contains(last))
    #expect(frames == (1...last).filter { $0 % 10 != 1 })
    held.decide(stride(from: 1, to: 1_000, by: 10), areWanted: true)
    #expect(held.missing == (last + 9) / 10)
    #expect(Self.frames(&held, at: nil) == Array(last + 1...1_000))
    #expect(held.isEmpty && held.cost == 0)
  }

  @Test("at the end all wanted packets come out, and no fragment that nobody wanted")
  func end() {
    var held = HeldPackets()
    for frame in 1...6 { Self.hold(frame, isWanted: frame % 2 == 0, in: &held) }
    held.decide([3], areWanted: true)
    #expect(Self.frames(&held, at: nil) == [2, 3, 4, 6])
  }
}
