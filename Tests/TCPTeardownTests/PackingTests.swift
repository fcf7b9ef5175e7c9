import FlowScripts
import PacketDecoding
import Testing

@testable import TCPTeardown

@Suite("Packed as small as it is")
struct PackingTests {
  @Test("an observation takes 72 octets, a row 320 at most, a state 56, a packet of a batch 96")
  func sizes() {
    #expect(MemoryLayout<SegmentBatch.Entry>.stride == 96)
    #expect(MemoryLayout<Observation>.stride == 72)
    #expect(MemoryLayout<Flow>.stride <= 320)
    #expect(MemoryLayout<StateInterval>.stride == 56)
  }

  @Test("a claim's frames stand in order, each once, and no more than four")
  func framesInOrder() {
    let last = 1 << 40 - 1
    #expect(Frames(7, 0, 3, 7).array == [3, 7])
    #expect(Frames(last, 1 << 32, 1, 1 << 33).array == [1, 1 << 32, 1 << 33, last])
    #expect(Frames(.max).array == [last])
    var frames = Frames(4, 3, 2, 1)
    frames.add(5)
    #expect(frames.array == [1, 2, 3, 4])
    #expect(frames.contains(4) && !frames.contains(5))
  }

  @Test("a state's times come back as they were, and so does that one is not known")
  func stateTimes() {
    var state = StateInterval(
      state: .finWait1, enteredAt: .max, grade: .inferred, rule: Rule(1), frames: Frames(1))
    #expect(state.leftAt == nil && state.earliest == nil && state.latest == nil)
    (state.leftAt, state.earliest, state.latest) = (0, -1, .max)
    #expect(state.leftAt == 0 && state.earliest == -1 && state.latest == .max)
  }

  @Test(
    "frame numbers beyond 32 bits come back as they were",
    arguments: [0, 1, 1 << 32 - 1, 1 << 32, 1 << 32 + 1, 1 << 40 - 1])
  func frames(frame: Int) {
    var observation = PoolTests.observation(1)
    observation.frame = frame
    observation.lastFrame = frame
    #expect(observation.frame == frame && observation.lastFrame == frame)
  }

  @Test("frame numbers beyond 40 bits stay at the last that fits")
  func framesSaturate() {
    var observation = PoolTests.observation(1)
    observation.frame = 1 << 40
    observation.lastFrame = .max
    #expect(observation.frame == 1 << 40 - 1 && observation.lastFrame == 1 << 40 - 1)
  }

  @Test("a flow of frames beyond 32 bits has the same verdict, and these frames")
  func farFrames() throws {
    let near = FlowScript().records(FlowScript.orderly)
    let far = FlowScript().records(FlowScript.orderly, frame: 1 << 33)
    #expect(far.count == 1 && near.count == 1)
    #expect(far[0].firstFrame == 1 << 33 && far[0].lastFrame == 1 << 33 + 8)
    #expect(far[0].evidence.map(\.frame) == near[0].evidence.map { $0.frame - 1 + 1 << 33 })
    #expect(far[0].handshake.synAck.frame == 1 << 33 + 1)
    #expect(
      far[0].teardown.states.client.map(\.state) == near[0].teardown.states.client.map(\.state))
    #expect(
      far[0].teardown.closedBy?.frames.array
        == near[0].teardown.closedBy?.frames.array.map { $0 - 1 + 1 << 33 })
  }

  @Test("an observation's stamps come back as they were", arguments: [Int64.min, -1, 0, .max])
  func stamps(time: Int64) {
    var observation = PoolTests.observation(1)
    observation.time = time
    observation.lastTime = ~time
    #expect(observation.time == time && observation.lastTime == ~time)
  }

  /// The first and the last stamp that the reader lets through.
  static let extremes: [Int64] = [0, 4_294_967_295_999_999_999]

  @Test("stamps at the bounds of what a capture can hold trap nowhere", arguments: extremes)
  func bounds(first: Int64) {
    for second in [0, 1, Self.extremes[1] - 1, Self.extremes[1]] {
      var table = FlowTable(options: ReconstructionOptions())
      for (place, time) in [first, second, first, second, first, second].enumerated() {
        var segment = Self.segment(flags: [.syn, .ack, .fin.union(.ack), .rst, .ack, .syn][place])
        segment.sequenceNumber = SequenceNumber(UInt32(place))
        table.advance(to: time)
        table.take(segment, at: time, frame: place + 1)
      }
      let records = FlowScript.finish(&table)
      #expect(!records.isEmpty)
      #expect(records.allSatisfy { $0.start <= $0.end })
    }
  }

  @Test("counters of what is wrong stay at their greatest value")
  func counters() {
    #expect(UInt32.max.incremented == .max)
    #expect(UInt32(7).incremented == 8)
  }

  @Test("sides change places in every mark that belongs to one, and back again")
  func swappedMarks() {
    for bit in 0..<40 as Range<UInt64> {
      let marks = Flow.Marks(rawValue: 1 << bit)
      #expect(marks.swapped.swapped == marks)
    }
    let marks: Flow.Marks = [.clientSentFIN, .serverNumbered, .opening, .clientDataIsOld]
    #expect(
      marks.swapped
        == [.serverSentFIN, .clientNumbered, .opening, .serverDataIsOld, .clientIsLow])
  }

  @Test("each side's value is found by its side, by its name, and after a change of places")
  func perSide() {
    var values = PerSide(client: [1], server: [2])
    values[.server].append(3)
    values.client = [4]
    #expect(values[.client] == [4] && values[.server] == [2, 3])
    #expect(values.swapped == PerSide(client: [2, 3], server: [4]))
    #expect(PerSide(.server, 1, peer: 2) == PerSide(client: 2, server: 1))
    #expect(PerSide(both: 1) != PerSide(client: 1, server: 2))
  }

  static func segment(flags: TCPFlags) -> AddressedSegment {
    let script = FlowScript()
    return AddressedSegment(
      source: script.client, destination: script.server, sequenceNumber: SequenceNumber(1),
      acknowledgmentNumber: SequenceNumber(1), flags: flags, payloadLength: 0)
  }
}
