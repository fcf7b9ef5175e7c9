import PacketDecoding
import Testing

@testable import TCPTeardown

@Suite("What flows hold beyond their rows")
struct PoolTests {
  static func observation(_ number: Int) -> Observation {
    let segment = Segment(
      sequenceNumber: SequenceNumber(UInt32(truncatingIfNeeded: number)),
      acknowledgmentNumber: SequenceNumber(0), flags: .ack, payloadLength: 0)
    let flow = Flow()
    return Observation(segment, flow.arrival(from: .client, at: Int64(number), frame: number))
  }

  private func numbers(_ pool: borrowing EvidencePool, _ list: EvidencePool.List) -> [Int64] {
    pool.observations(of: list).map(\.time)
  }

  @Test("lists keep their order and apart from each other, over the ends of blocks")
  func lists() {
    var pool = EvidencePool()
    var lists = [EvidencePool.List](repeating: EvidencePool.List(), count: 3)
    for number in 0..<96 {
      let place = pool.append(Self.observation(number), to: &lists[number % 3])
      #expect(pool[place].time == Int64(number))
      #expect(pool.place(number / 3, in: lists[number % 3]) == place)
    }
    for first in 0..<3 {
      #expect(numbers(pool, lists[first]) == stride(from: first, to: 96, by: 3).map(Int64.init))
    }
  }

  @Test("room that is given back is used again, in lists of any length", arguments: 1...9)
  func release(length: Int) {
    var pool = EvidencePool()
    var kept = EvidencePool.List()
    var list = EvidencePool.List()
    var places: Set<Int32> = []
    for round in 0..<50 {
      for number in 0..<length {
        places.insert(pool.append(Self.observation(round * 100 + number), to: &list))
      }
      #expect(numbers(pool, list) == (0..<length).map { Int64(round * 100 + $0) })
      pool.release(&list)
      #expect(numbers(pool, list).isEmpty)
      if round == 20 { pool.append(Self.observation(-7), to: &kept) }
    }
    #expect(numbers(pool, kept) == [-7])
    // Blocks of four, and one that the list which stays has taken meanwhile.
    #expect(places.count <= ((length + 3) / 4 + 1) * 4)
  }

  @Test("an annex that is given back comes out empty")
  func annexes() {
    var pool = AnnexPool()
    let first = pool.take()
    pool[first].crossedSYN = Mark(time: 1, frame: 2)
    let second = pool.take()
    #expect(first != second && pool.count == 2)
    pool.release(first)
    #expect(pool.count == 1)
    let third = pool.take()
    #expect(third == first && !pool[third].crossedSYN.isKnown)
  }

  @Test("a queue gives rows in order when they are due, over the ends of its chunks")
  func queue() {
    var queue = FlowQueue()
    var due: [Int32] = []
    for row in 0..<10_000 {
      queue.append(FlowQueue.Entry(row: row, stream: row, deadline: Int64(row / 2)))
      if row % 3 == 0 {
        while let entry = queue.next(due: Int64(row / 4)) { due.append(entry.row) }
      }
    }
    while let entry = queue.next(due: .max) { due.append(entry.row) }
    #expect(due == (0..<10_000).map { Int32($0) })
    #expect(queue.nextDeadline == .max)
    #expect(queue.next(due: .max)?.row == nil)
  }

  @Test("an entry knows its stream, and that its row was used again")
  func queueEntry() {
    let entry = FlowQueue.Entry(row: 1, stream: 1 << 40 + 5, deadline: 0)
    #expect(entry.isStill(1 << 40 + 5))
    #expect(!entry.isStill(1 << 40 + 6))
    #expect(!entry.isStill(-1))
  }

  @Test("chunks give back what was put in, wherever it is")
  func chunks() {
    var chunks = Chunks(of: -1)
    for value in 0..<5000 {
      let place = chunks.grow()
      #expect(place == value && chunks[place] == -1)
      chunks[place] = value
    }
    for place in stride(from: 0, to: 5000, by: 7) { chunks[place] += 1 }
    #expect((0..<5000).allSatisfy { chunks[$0] == $0 + ($0 % 7 == 0 ? 1 : 0) })
  }
}
