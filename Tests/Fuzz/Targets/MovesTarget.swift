internal import PacketDecoding
internal import TCPTeardown

/// Two octets of set-up, then moves of six octets: segments of a few flows, near to each other.
enum MovesTarget {
  static func run(_ octets: [UInt8]) {
    guard octets.count >= 2 else { return }
    // Few enough that a handful of tuples overflows it, or so many that nothing does.
    let limit = octets[0] < 0x80 ? 1 + Int(octets[0] % 6) : 100
    let options = ReconstructionOptions(
      profile: Profile.named[Int(octets[1]) % Profile.named.count],
      keepsDuplicates: octets[1] & 0x40 != 0)
    var table = FlowTable(
      options: options, announceAfter: octets[1] & 0x80 != 0 ? 500_000_000 : nil, limit: limit)
    var recorder = Recorder(options: options)
    var records: [FlowRecord] = []
    var clock = Move.start
    var latest = clock
    var frames = 0
    var payloadOctets: UInt64 = 0
    for place in stride(from: 2, to: octets.count - Move.length + 1, by: Move.length) {
      let move = Move(octets[place..<place + Move.length])
      clock += move.step
      latest = max(latest, clock)
      if move.isSilence {
        table.idle(until: clock)
      } else {
        frames += 1
        table.advance(to: clock)
        payloadOctets += UInt64(move.payloadLength)
        move.take(into: &table, at: clock, frame: frames)
      }
      // A new flow takes its tuple's old one along, which is told when the new one is settled.
      let count = table.count
      expect(count <= max(limit, 2), "\(count) flows, where \(limit) is the most")
      recorder.drain(&table) { records.append(copy $0) }
    }
    while table.finishSome() { recorder.drain(&table) { records.append(copy $0) } }
    var invariants = Invariants(frames: frames, latest: latest)
    var rendering = Rendering(
      profile: options.profile, rowsOnly: octets[0] & 0x70 != 0x70)
    for record in records {
      invariants.take(record)
      rendering.take(record, until: table.clock.end)
    }
    invariants.conclude(table, payloadOctets: payloadOctets)
    rendering.conclude(table.counts)
  }
}

/// One move: whose tuple and which side, flags, numbers, payload, time.
///
/// `make-corpus` writes the same.
private struct Move {
  static let length = 6
  static let start: Int64 = 1_795_324_260_123_456_789

  /// Sides, tuples, and what else fits.
  private let who: UInt8
  private let flags: TCPFlags
  private let sequence: UInt8
  private let acknowledgment: UInt8
  /// Payload below, time above.
  private let sizes: UInt8
  private let options: UInt8

  init(_ octets: ArraySlice<UInt8>) {
    let first = octets.startIndex
    who = octets[first]
    flags = TCPFlags(rawValue: octets[first + 1])
    sequence = octets[first + 2]
    acknowledgment = octets[first + 3]
    sizes = octets[first + 4]
    options = octets[first + 5]
  }

  /// Time goes on, and nothing is captured.
  var isSilence: Bool { who >> 5 == 7 }

  private var isError: Bool { who >> 5 == 6 }
  private var isFromClient: Bool { who & 1 == 0 }

  /// Nanoseconds since the move before.
  var step: Int64 {
    let steps: [Int64] = [
      0, 1, 10, 100, 1000, 10_000, 31_000, 61_000, 130_000, 3_600_000, 90_000_000, -1, -100,
      -5000, -70_000, 300,
    ]
    return steps[Int(sizes >> 4)] * .nanosecondsPerMillisecond
  }

  /// Octets of a segment; an ICMP error has none.
  var payloadLength: UInt32 {
    if isError { return 0 }
    let lengths: [UInt32] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 1460, 65535, 65537, 1 << 30, .max]
    return lengths[Int(sizes & 15)]
  }

  /// Close to where a side began, or far off.
  private static func number(_ octet: UInt8, of isClient: Bool) -> SequenceNumber {
    // The client's numbers wrap after 16.
    let base = SequenceNumber(isClient ? 0xFFFF_FFF0 : 5000)
    let far: [UInt32] = [1460, 65535, 65536, 65537, 1 << 30, 1 << 31, .max, .max - 10]
    return base + (octet < 0xF8 ? UInt32(octet) : far[Int(octet & 7)])
  }

  private var client: Endpoint {
    Endpoint(address: .v4(0x0A4D_0001), port: 50_000 + UInt16(who >> 1 & 7))
  }

  /// Above or below the client: which end is low must not matter.
  private var server: Endpoint {
    Endpoint(address: .v4(who & 2 == 0 ? 0x0A4D_0002 : 0x0A4D_0000), port: 80)
  }

  func take(into table: inout FlowTable, at time: Int64, frame: Int) {
    let (source, destination) = isFromClient ? (client, server) : (server, client)
    let sequenceNumber = Self.number(sequence, of: isFromClient)
    if isError {
      let kinds: [ICMPError.Kind] = [
        .portUnreachable, .unreachable, .fragmentationNeeded(mtu: 1400), .timeExceeded,
      ]
      table.take(
        ICMPError(
          kind: kinds[Int(options & 3)], type: 3, code: options >> 2,
          reporter: destination.address, source: source, destination: destination,
          sequenceNumber: sequenceNumber, quotesFlags: options & 128 != 0),
        at: time, frame: frame)
      return
    }
    table.take(
      AddressedSegment(
        source: source, destination: destination, sequenceNumber: sequenceNumber,
        acknowledgmentNumber: Self.number(acknowledgment, of: !isFromClient), flags: flags,
        payloadLength: payloadLength, window: options & 1 == 0 ? 64_000 : 0,
        timeToLive: options & 2 == 0 ? 64 : 63, identification: UInt16(options >> 2 & 3),
        options: tcpOptions),
      at: time, frame: frame)
  }

  private var tcpOptions: TCPOptions {
    var options = TCPOptions()
    if self.options & 16 != 0 {
      options.present.insert(.timestamps)
      options.timestampValue = UInt32(self.options >> 6)
      options.timestampEcho = UInt32(self.options >> 5 & 1)
    }
    if self.options & 32 != 0 {
      options.present.insert(.sack)
      options.sackLeft = Self.number(acknowledgment, of: !isFromClient)
      options.sackRight = options.sackLeft + payloadLength
    }
    return options
  }
}
