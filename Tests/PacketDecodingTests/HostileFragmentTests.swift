import Testing

@testable import PacketDecoding

@Suite("IP fragments that are lost, repeated or made up")
struct HostileFragmentTests {
  static let packet = ipv4(tcp(flags: .fin, payload: 60))
  static let pieces = fragments(of: packet, at: [24, 48])

  @Test("fragments whose datagram lacks one are counted as such, and its FIN is")
  func missing() {
    for lost in 0..<3 {
      var reassembly = Reassembly()
      for (place, piece) in Self.pieces.enumerated() where place != lost {
        #expect(reassembly.take(piece).fragment != nil)
      }
      #expect(reassembly.frames(.missingFragment) == 2 && reassembly.framesOfAll == 2)
      #expect(reassembly.lostMarks == (lost == 0 ? 0 : 1))
    }
    // Over IPv6, too; and what lacks a fragment is no loss where it holds no flags of that kind.
    for (flags, losses) in [(TCPFlags.rst, 1), (.ack, 0)] {
      var reassembly = Reassembly()
      _ = reassembly.take(fragments(of: ipv6(tcp(flags: flags, payload: 60)), at: [24])[0])
      #expect(reassembly.lostMarks == losses)
    }
  }

  @Test("a fragment that comes again is counted, and makes no second segment")
  func repeated() {
    var reassembly = Reassembly()
    let twice = Self.pieces.flatMap { [$0, $0] }.map { reassembly.take($0) }
    #expect(twice[4] == decode(Self.packet))
    for place in [1, 3, 5] { #expect(twice[place] == .undecoded(.repeatedFragment)) }
    #expect(reassembly.isEmpty && reassembly.framesOfAll == 0 && reassembly.overlaps == 0)
  }

  @Test("a datagram that comes again is a second segment")
  func again() {
    var reassembly = Reassembly()
    for _ in 0..<2 {
      #expect(reassembly.take(all: Self.pieces) == decode(Self.packet))
    }
    #expect(reassembly.isEmpty)
  }

  @Test("what a completed datagram leaves to be expected is forgotten by the next")
  func staleCopy() {
    var reassembly = Reassembly()
    _ = reassembly.take(Self.pieces[0])
    #expect(reassembly.take(Self.pieces[0]) == .undecoded(.repeatedFragment))
    _ = reassembly.take(Self.pieces[1])
    #expect(reassembly.take(Self.pieces[2]) == decode(Self.packet))
    #expect(reassembly.frames(.missingFragment) == 0)
    #expect(reassembly.take(all: Self.pieces) == decode(Self.packet))
  }

  @Test("of octets in two fragments the ones that came first count")
  func overlapping() throws {
    let (synFirst, finFirst) = (tcp(flags: .syn, payload: 28), tcp(flags: .fin, payload: 28))
    // The second reaches back over the flags.
    let early = ipv4(Array(synFirst.prefix(16)), fragment: 0x2000)
    let late = ipv4(Array(finFirst.dropFirst(8)), fragment: 0x0001)
    for (order, flags) in [([early, late], TCPFlags.syn), ([late, early], .fin)] {
      var reassembly = Reassembly()
      guard case .segment(let segment)? = reassembly.take(all: order) else {
        Issue.record("no segment")
        continue
      }
      #expect(segment.flags == flags && segment.payloadLength == 28)
      #expect(reassembly.overlaps == 1 && reassembly.framesOfAll == 0)
    }
  }

  /// Fragments by place, and whether another follows.
  static let contradictions: [[(place: Range<Int>, hasMore: Bool)]] = [
    // Teardrop: the last lies inside the first.
    [(0..<40, true), (24..<28, false)],
    // Two ends, the later one first and last; and one behind the end.
    [(24..<28, false), (24..<36, false)], [(24..<36, false), (24..<28, false)],
    [(24..<28, false), (32..<40, true)],
  ]

  @Test("a datagram cannot have two ends", arguments: contradictions)
  func contradictory(pieces: [(place: Range<Int>, hasMore: Bool)]) {
    var reassembly = Reassembly()
    let packets = pieces.map { piece in
      ipv4(
        [UInt8](repeating: 1, count: piece.place.count),
        fragment: UInt16(piece.place.lowerBound / 8) | (piece.hasMore ? 0x2000 : 0))
    }
    #expect(reassembly.take(all: packets) == .undecoded(.contradictoryFragment))
    #expect(reassembly.frames(.contradictoryFragment) == packets.count - 1)
    #expect(reassembly.isEmpty)
    // What comes then has nothing to do with it.
    #expect(reassembly.take(all: Self.pieces) == decode(Self.packet))
  }

  @Test("a last fragment that only tells the end is enough")
  func endInside() {
    let whole = tcp(payload: 28)
    var reassembly = Reassembly()
    _ = reassembly.take(ipv4(whole, fragment: 0x2000))
    let end = ipv4(Array(whole[40...]), fragment: 0x0005)
    #expect(reassembly.take(end) == decode(ipv4(whole)))
  }

  @Test("an identification that is used again soon begins another datagram")
  func reused() {
    let next = ipv4(tcp(flags: .ack, sequenceNumber: 0x2000, payload: 60))
    var reassembly = Reassembly()
    _ = reassembly.take(Self.pieces[0])
    _ = reassembly.take(Self.pieces[1])
    #expect(reassembly.take(all: fragments(of: next, at: [24, 48])) == decode(next))
    #expect(reassembly.frames(.missingFragment) == 2 && reassembly.lostMarks == 1)
  }

  @Test("fragments are put together within 30 s in IPv4, 60 s in IPv6", arguments: [30, 60])
  func lifetime(limit: Int64) {
    let packet = limit == 30 ? Self.packet : ipv6(tcp(flags: .fin, payload: 60))
    let pieces = fragments(of: packet, at: [24])
    for (seconds, isInTime) in [(limit, true), (limit + 1, false), (-limit - 1, false)] {
      var reassembly = Reassembly()
      _ = reassembly.take(pieces[1], seconds: 100)
      let decoded = reassembly.take(pieces[0], seconds: 100 + seconds)
      #expect((decoded == decode(packet)) == isInTime, "\(seconds) s")
      #expect(reassembly.frames(.missingFragment) == (isInTime ? 0 : 2))
    }
  }

  @Test("a flood of first fragments drops the oldest, and tells how many")
  func flood() {
    var reassembly = Reassembly(limits: Reassembly.Limits(datagrams: 100))
    for number in 0..<10_000 {
      let piece = fragments(of: Self.packet, at: [24], identification: UInt16(number))[0]
      #expect(reassembly.take(piece).fragment != nil)
      if number % 50 == 0 {
        // A datagram amid them that is not held up for long.
        #expect(reassembly.take(all: fragments(of: ipv6(tcp()), at: [8])) == decode(ipv6(tcp())))
      }
    }
    #expect(reassembly.frames(.droppedFragment) == 9_900)
    #expect(reassembly.frames(.missingFragment) == 100)
    #expect(reassembly.lostMarks == 10_000)
  }

  @Test("what was too old to be completed is missing a fragment, and not dropped")
  func outlived() {
    var reassembly = Reassembly(limits: Reassembly.Limits(datagrams: 10))
    for number in 0..<30 {
      let piece = fragments(of: Self.packet, at: [24], identification: UInt16(number))[0]
      _ = reassembly.take(piece, seconds: Int64(number) * 10)
    }
    #expect(reassembly.frames(.droppedFragment) == 0)
    #expect(reassembly.frames(.missingFragment) == 30)
  }

  @Test("octets held are bounded, however few datagrams they are of")
  func octets() {
    let limit = 100_000
    var reassembly = Reassembly(limits: Reassembly.Limits(octets: limit))
    for number in 0..<1000 {
      let packet = ipv4(tcp(payload: 8000))
      for piece in fragments(of: packet, at: [4000], identification: UInt16(number)).dropLast() {
        _ = reassembly.take(piece)
      }
      #expect(reassembly.cost <= limit)
    }
    #expect(reassembly.frames(.droppedFragment) > 900)
    #expect(reassembly.frames(.missingFragment) > 30)
  }

  @Test("a datagram of nothing but holes is dropped")
  func scattered() {
    var reassembly = Reassembly()
    var dropped = 0
    for number in 0..<1000 {
      let piece = ipv4(
        [UInt8](repeating: 1, count: 8), fragment: 0x2000 | UInt16(number * 2))
      if reassembly.take(piece) == .undecoded(.droppedFragment) { dropped += 1 }
    }
    #expect(dropped == 3 && reassembly.frames(.droppedFragment) == 3 * 256)
    #expect(reassembly.frames(.missingFragment) == 1000 - 3 * 257)
  }

  @Test("random fragments never trap, and each frame is counted once", arguments: 0..<20)
  func random(seed: Int) {
    var random = SeededGenerator(state: UInt64(seed))
    var reassembly = Reassembly(limits: Reassembly.Limits(datagrams: 8, octets: 8_000))
    var (frames, told, waiting) = (0, 0, 0)
    for round in 0..<3000 {
      let inner = round % 2 == 0 ? ipv4(tcp(payload: 40)) : ipv6(tcp(payload: 40))
      let packet = round % 5 == 0 ? ipv4(inner, protocol: inner[0] == 0x45 ? 4 : 41) : inner
      let cuts = [8, 24, 40, 56].filter { _ in Bool.random(using: &random) }
      let number = UInt16.random(in: 0..<4, using: &random)
      for var piece in fragments(of: packet, at: cuts, identification: number) {
        if Int.random(in: 0..<4, using: &random) == 0 {
          piece[Int.random(in: 0..<piece.count, using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        }
        if Int.random(in: 0..<8, using: &random) == 0 {
          piece.removeLast(Int.random(in: 0...piece.count, using: &random))
        }
        frames += 1
        switch reassembly.take(piece, seconds: Int64(round) / 10) {
        case .fragment: waiting += 1
        case .segment, .icmpError, .undecoded: told += 1
        }
      }
      #expect(reassembly.cost <= 8_000)
    }
    #expect(told + waiting == frames && told > 2000)
    // Those that waited came to something with others, or to a reason.
    #expect((1...waiting).contains(reassembly.framesOfAll))
  }
}

@Suite("Ranges of a datagram")
struct CoverageTests {
  @Test("ranges are what the octets in them are", arguments: 0..<200)
  func model(seed: Int) {
    var random = SeededGenerator(state: UInt64(seed))
    var (coverage, octets) = (Coverage(), Set<Int>())
    for _ in 0..<30 {
      let start = Int.random(in: 0..<64, using: &random)
      let range = start..<start + Int.random(in: 1...12, using: &random)
      #expect(coverage.contains(range) == octets.isSuperset(of: range))
      #expect(coverage.overlaps(range) == !octets.isDisjoint(with: range))
      if Bool.random(using: &random) {
        coverage.insert(range)
        octets.formUnion(range)
      }
      #expect(Set(coverage.ranges.joined()) == octets)
      #expect(coverage.end == (octets.max().map { $0 + 1 } ?? 0))
      #expect(coverage.prefix == (0...80).first { !octets.contains($0) })
      let gaps = zip(coverage.ranges, coverage.ranges.dropFirst()).map {
        $1.lowerBound - $0.upperBound
      }
      #expect(gaps.allSatisfy { $0 > 0 })
    }
  }
}
