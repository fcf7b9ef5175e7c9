/// The observations of all live flows, in one array.
///
/// A flow takes room for a plain close at a time, in one piece, and gives it back: no allocation
/// per flow once the array has grown to what is live at a time, and what is read together lies
/// together.
struct EvidencePool: Sendable {
  /// One flow's observations: the first of its blocks, -1 for none, and how many they are.
  struct List: Sendable {
    fileprivate(set) var firstBlock: Int32 = -1
    fileprivate(set) var count: UInt8 = 0
  }

  /// Observations in a block.
  private static let blockSize = 4

  private var observations = Chunks<Observation>()
  /// For each block the next of its flow, or the next free one; -1 at the end.
  private var nextBlocks = Chunks<Int32>()
  private var firstFree: Int32 = -1

  /// Puts `observation` at the end of `list` and returns its place.
  @discardableResult
  mutating func append(_ observation: Observation, to list: inout List) -> Int32 {
    let index = Int(list.count)
    list.count += 1
    if index % Self.blockSize == 0 {
      let block = takeBlock(filledWith: observation)
      if index == 0 {
        list.firstBlock = block
      } else {
        nextBlocks[Int(self.block(of: index - 1, in: list))] = block
      }
    }
    let place = self.place(index, in: list)
    self[place] = observation
    return place
  }

  subscript(place: Int32) -> Observation {
    get { observations[Int(place)] }
    _modify { yield &observations[Int(place)] }
  }

  /// Where the observation with that number, counted from 0, of `list` is.
  @inline(__always)
  func place(_ index: Int, in list: List) -> Int32 {
    block(of: index, in: list) &* Int32(Self.blockSize) &+ Int32(index % Self.blockSize)
  }

  /// The observations of `list`, in the order in which they came.
  func observations(of list: List) -> [Observation] {
    var found: [Observation] = []
    found.reserveCapacity(Int(list.count))
    for index in 0..<Int(list.count) { found.append(self[place(index, in: list)]) }
    return found
  }

  /// Gives the room of `list` back.
  mutating func release(_ list: inout List) {
    guard list.count > 0 else { return }
    nextBlocks[Int(block(of: Int(list.count) - 1, in: list))] = firstFree
    firstFree = list.firstBlock
    list = List()
  }

  @inline(__always)
  private func block(of index: Int, in list: List) -> Int32 {
    var block = list.firstBlock
    for _ in 0..<index / Self.blockSize { block = nextBlocks[Int(block)] }
    return block
  }

  private mutating func takeBlock(filledWith observation: Observation) -> Int32 {
    let block: Int32
    if firstFree >= 0 {
      block = firstFree
      firstFree = nextBlocks[Int(block)]
      nextBlocks[Int(block)] = -1
    } else {
      block = Int32(nextBlocks.count)
      nextBlocks.append(-1)
      for _ in 0..<Self.blockSize { observations.append(observation) }
    }
    return block
  }
}
