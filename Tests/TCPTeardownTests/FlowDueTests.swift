import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown

@Suite("The short way of a segment that was due")
struct FlowDueTests {
  /// A row, what it holds beyond itself, and which way it takes segments in.
  private struct Follower: ~Copyable {
    var flow = Flow()
    var pools = FlowPools()
    let isLong: Bool
    private(set) var short = 0

    init(isLong: Bool) { self.isLong = isLong }

    mutating func begin(_ entry: SegmentBatch.Entry) {
      flow = Flow()
      flow.begin(entry.tuple, entry.segment.flags, stream: 0, at: entry.time, frame: 1)
      pools = FlowPools()
    }

    mutating func take(_ entry: SegmentBatch.Entry, frame: Int) {
      var entry = entry
      if !isLong, takeShort(&entry, frame: frame) {
        short += 1
        return
      }
      let side = flow.marks.side(whoIsLow: entry.tuple.sourceIsLow)
      _ = flow.take(&entry.segment, from: side, at: entry.time, frame: frame, pools: &pools)
    }

    private mutating func takeShort(_ entry: inout SegmentBatch.Entry, frame: Int) -> Bool {
      let side = flow.marks.side(whoIsLow: entry.tuple.sourceIsLow)
      if case .isOther = flow.takeIfDue(&entry, frame: frame, pools: &pools) {
        return flow.takeIfOpening(&entry.segment, from: side, at: entry.time, frame: frame)
      }
      return true
    }

    /// All that is known of the flow, in words.
    var knowledge: [String] {
      var flow = flow
      // Only which of Zeek's words need not be asked for again.
      for side in Side.allCases {
        flow.marks.remove(.ackIsOld(side))
        flow.marks.remove(.dataIsOld(side))
      }
      var words = Mirror(reflecting: flow).children.map { "\($0.label ?? ""): \($0.value)" }
      words += pools.evidence.observations(of: flow.evidence).map { "\($0)" }
      if flow.annex >= 0 { words.append("\(pools.annexes[flow.annex])") }
      return words
    }
  }

  @Test("comes to just what the long way comes to, segment by segment")
  func sameAsTheLongWay() {
    var short = Follower(isLong: false)
    var long = Follower(isLong: true)
    for seed in 0..<200 as Range<UInt64> {
      var course = Course(seed: seed)
      for frame in 1...40 {
        let entry = course.next()
        if frame == 1 {
          short.begin(entry)
          long.begin(entry)
        }
        short.take(entry, frame: frame)
        long.take(entry, frame: frame)
        let (known, expected) = (short.knowledge, long.knowledge)
        guard known == expected else {
          let (more, less) = (Set(known).subtracting(expected), Set(expected).subtracting(known))
          Issue.record("seed \(seed), frame \(frame): \(more) instead of \(less)")
          return
        }
      }
    }
    let taken = short.short
    #expect(taken > 2_000, "so that the short way is what is tested")
  }

  /// Segments of one connection, mostly such as hosts send them one after the other.
  private struct Course {
    private var generator: SeededGenerator
    private var time = FlowScript.start
    private var frame = 0
    private var numbers = PerSide(client: SequenceNumber(0xFFFF_FFF0), server: SequenceNumber(5000))
    private let script = FlowScript()

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private mutating func isHit(_ share: Int) -> Bool {
      Int.random(in: 0..<share, using: &generator) == 0
    }

    mutating func next() -> SegmentBatch.Entry {
      frame += 1
      time += isHit(12) ? -1_000_000 : Int64.random(in: 0...20_000_000, using: &generator)
      var (side, flags) = plan()
      if isHit(20) { flags = [.ack, .fin, .psh].randomElement(using: &generator) ?? .ack }
      if isHit(40) {
        flags = [.rst, .syn, [.syn, .ack], [.fin, .ack]].randomElement(using: &generator) ?? .rst
      }
      if frame > 3, isHit(30) { side = side.peer }
      let length: UInt32 =
        flags.contains(.syn) || !isHit(3) ? 0 : UInt32.random(in: 1...9, using: &generator)
      let sequence = numbers[side] + (isHit(25) ? UInt32.random(in: 0...4, using: &generator) : 0)
      let acknowledged =
        numbers[side.peer] - (isHit(10) ? UInt32.random(in: 0...4, using: &generator) : 0)
      var segment = AddressedSegment(
        source: side == .client ? script.client : script.server,
        destination: side == .client ? script.server : script.client,
        sequenceNumber: sequence,
        acknowledgmentNumber: flags.contains(.ack) ? acknowledged : SequenceNumber(0), flags: flags,
        payloadLength: length, window: 100, timeToLive: 64,
        identification: isHit(4) ? 0 : UInt16.random(in: 1...60, using: &generator))
      if length > 0, isHit(6) {
        segment.hint.kinds =
          [.http, .tls, .connectionClose].randomElement(using: &generator) ?? .http
      }
      numbers[side] = segment.end
      return SegmentBatch.Entry(segment, at: time)
    }

    private mutating func plan() -> (Side, TCPFlags) {
      switch frame {
      case 1: return (.client, .syn)
      case 2: return (.server, [.syn, .ack])
      case 3: return (.client, .ack)
      default: break
      }
      let side: Side = Bool.random(using: &generator) ? .client : .server
      return (side, frame > 20 && isHit(6) ? [.fin, .ack] : .ack)
    }
  }
}
