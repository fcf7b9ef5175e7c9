import FlowScripts
import PacketDecoding
import TCPTeardown

/// SplitMix64: the same seed gives the same numbers everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// A capture made at random, but near to what closes look like: few flows, numbers next to each
/// other, flags as hosts send them and as they do not.
struct RandomCapture {
  enum Packet {
    case segment(AddressedSegment)
    case error(ICMPError)
  }

  private(set) var packets: [(time: Int64, packet: Packet)] = []

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let script = FlowScript()
    var time = FlowScript.start
    let length = Int.random(in: 1...60, using: &generator)
    for _ in 0..<length {
      // No two stamps are the same: what those do has a test of its own.
      time += Self.gap(using: &generator)
      let side: Side = Bool.random(using: &generator) ? .client : .server
      let port: UInt16 = Int.random(in: 0..<12, using: &generator) == 0 ? 79 : 51324
      let client = Endpoint(address: script.client.address, port: port)
      let source = side == .client ? client : script.server
      let destination = side == .client ? script.server : client
      let base = script.initialNumbers
      let sequence = base[side] + Self.number(using: &generator)
      if Int.random(in: 0..<40, using: &generator) == 0 {
        packets.append(
          (
            time,
            .error(
              ICMPError(
                kind: .unreachable, type: [3, 3, 1, 2, 11].randomElement(using: &generator) ?? 3,
                code: UInt8.random(in: 0...5, using: &generator), reporter: destination.address,
                source: source, destination: destination, sequenceNumber: sequence))
          ))
        continue
      }
      let flags = Self.flags.randomElement(using: &generator) ?? .ack
      packets.append(
        (
          time,
          .segment(
            AddressedSegment(
              source: source, destination: destination, sequenceNumber: sequence,
              acknowledgmentNumber: base[side.peer] + Self.number(using: &generator),
              flags: flags, payloadLength: [0, 0, 0, 1, 2].randomElement(using: &generator) ?? 0,
              window: UInt16.random(in: 0...1, using: &generator),
              timeToLive: UInt8.random(in: 63...64, using: &generator),
              identification: UInt16.random(in: 0...3, using: &generator),
              options: Self.options(base[side.peer], using: &generator)))
        ))
    }
  }

  /// Milliseconds mostly; now and then seconds, minutes, an hour, or a step back.
  private static func gap(using generator: inout SeededGenerator) -> Int64 {
    let millisecond = Int64.nanosecondsPerMillisecond
    switch Int.random(in: 0..<30, using: &generator) {
    case 0: return 130_000 * millisecond
    case 1: return 3_600_000 * millisecond
    case 2, 3: return Int64.random(in: 1000...70_000, using: &generator) * millisecond
    case 4, 5: return -Int64.random(in: 0...20, using: &generator) * millisecond
    case 6: return -5000 * millisecond
    case 7, 8: return 0
    default: return Int64.random(in: 0...300, using: &generator) * millisecond
    }
  }

  private static func number(using generator: inout SeededGenerator) -> UInt32 {
    switch Int.random(in: 0..<40, using: &generator) {
    case 0: 65537 + UInt32.random(in: 0...4, using: &generator)
    case 1: UInt32.random(in: 0 ... .max, using: &generator)
    case 2: 1 << 31
    default: UInt32.random(in: 0...4, using: &generator)
    }
  }

  private static func options(
    _ base: SequenceNumber, using generator: inout SeededGenerator
  ) -> TCPOptions {
    var options = TCPOptions()
    if Bool.random(using: &generator) {
      options.present.insert(.timestamps)
      options.timestampValue = UInt32.random(in: 0...3, using: &generator)
      options.timestampEcho = UInt32.random(in: 0...3, using: &generator)
    }
    if Int.random(in: 0..<8, using: &generator) == 0 {
      options.present.insert(.sack)
      options.sackLeft = base + UInt32.random(in: 0...3, using: &generator)
      options.sackRight = base + UInt32.random(in: 0...5, using: &generator)
    }
    return options
  }

  private static let flags: [TCPFlags] =
    [
      [.syn], [.syn], [.syn, .ack], [.syn, .ack], [.rst], [.rst, .ack], [.fin, .ack], [.fin, .ack],
    ]
    + [
      [.fin, .ack], [.fin, .ack, .psh], [.fin], [.syn, .fin], [.syn, .rst], [.fin, .rst, .ack], [],
    ]
    + Array(repeating: [.ack], count: 12)

  /// What came of a capture: its records, what the table counted and has left, and its end.
  struct Result {
    var records: [FlowRecord]
    let counts: FlowTable.Counts
    let left: Int
    let end: Int64
  }

  func run() -> Result {
    var table = FlowTable(options: ReconstructionOptions(), announceAfter: 500_000_000)
    var recorder = Recorder(options: table.options)
    var records: [FlowRecord] = []
    feed(to: &table) { table in
      recorder.drain(&table) { if $0.isFinal { records.append(copy $0) } }
    }
    records += FlowScript.finish(&table, &recorder)
    return Result(
      records: records, counts: table.counts, left: table.count, end: table.clock.end)
  }

  /// What is due in the end, of flows that are announced early too.
  func due() -> DueFlows {
    var table = FlowTable(options: ReconstructionOptions(), announceAfter: 500_000_000)
    feed(to: &table) { _ in }
    while table.finishSome(), table.count > 0 {}
    var due = DueFlows()
    table.takeDue(&due)
    return due
  }

  func feed(to table: inout FlowTable, _ afterEach: (inout FlowTable) -> Void) {
    for (index, (time, packet)) in packets.enumerated() {
      table.advance(to: time)
      switch packet {
      case .segment(let segment): table.take(segment, at: time, frame: index + 1)
      case .error(let error): table.take(error, at: time, frame: index + 1)
      }
      afterEach(&table)
    }
  }
}
