internal import BasicContainers
internal import PacketDecoding

/// The observations of all live flows, in one array.
///
/// A flow takes room for a plain close at a time, in one piece, and gives it back: no allocation
/// per flow once the array has grown to what is live at a time, and what is read together lies
/// together.
struct EvidencePool: ~Copyable, Sendable {
  /// One flow's observations: the first of its blocks, -1 for none, and how many they are.
  struct List: Sendable {
    fileprivate(set) var firstBlock: Int32 = -1
    fileprivate(set) var count: UInt8 = 0
  }

  /// Room for the observations of a plain close.
  private static let blockSize = 4

  private var observations = Chunks(of: Observation.none)
  /// Of each block the next of its flow, or the next free one; -1 at the end.
  private var nextBlocks = UniqueArray<Int32>()
  private var firstFree: Int32 = -1

  /// Takes room that was made elsewhere, if none is at hand.
  mutating func takeSpare(_ chunk: inout Chunks<Observation>.Chunk?) {
    observations.takeSpare(&chunk)
  }

  /// Takes room for one more at the end of `list`, and returns its place.
  @inline(__always)
  mutating func grow(_ list: inout List) -> Int32 {
    let index = Int(list.count)
    list.count &+= 1
    return index % Self.blockSize == 0 ? growByBlock(&list, at: index) : place(index, in: list)
  }

  @inline(never)
  private mutating func growByBlock(_ list: inout List, at index: Int) -> Int32 {
    let block = takeBlock()
    if index == 0 {
      list.firstBlock = block
    } else {
      nextBlocks[Int(self.block(of: index - 1, in: list))] = block
    }
    return block &* Int32(Self.blockSize)
  }

  /// Puts `observation` at the end of `list` and returns its place.
  @discardableResult
  mutating func append(_ observation: Observation, to list: inout List) -> Int32 {
    let place = grow(&list)
    self[place] = observation
    return place
  }

  /// Looks at a whole block, only to have it at hand.
  @inline(__always)
  func touch(_ block: Int32) -> Int {
    let first = Int(block) &* Self.blockSize
    return Int(
      truncatingIfNeeded: observations[first].time &+ observations[first &+ 1].time
        &+ observations[first &+ 2].time &+ observations[first &+ 3].time)
      &+ Int(observations[first &+ 3].identification)
  }

  subscript(place: Int32) -> Observation {
    @inline(__always) get { observations[Int(place)] }
    @inline(__always) _modify { yield &observations[Int(place)] }
  }

  /// Where the observation with that number, counted from 0, of `list` is.
  @inline(__always)
  func place(_ index: Int, in list: List) -> Int32 {
    block(of: index, in: list) &* Int32(Self.blockSize) &+ Int32(index % Self.blockSize)
  }

  /// The place of the first observation of `list`, from its `first` on, with a sequence number.
  @inline(__always)
  func place(
    of number: SequenceNumber, in list: List, from first: Int
  ) -> (index: Int, place: Int32)? {
    var index = first
    while index < Int(list.count) {
      let place = self.place(index, in: list)
      if observations[Int(place)].sequenceNumber == number { return (index, place) }
      index += 1
    }
    return nil
  }

  /// The observations of `list`, in the order in which they came.
  func observations(of list: List) -> [Observation] {
    var found: [Observation] = []
    add(list, to: &found)
    return found
  }

  /// Adds those of `list` to `observations`.
  func add(_ list: List, to observations: inout [Observation]) {
    for index in 0..<Int(list.count) { observations.append(self[place(index, in: list)]) }
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

  private mutating func takeBlock() -> Int32 {
    guard firstFree >= 0 else {
      let place = observations.grow(by: Self.blockSize)
      nextBlocks.append(-1)
      return Int32(place / Self.blockSize)
    }
    let block = firstFree
    firstFree = nextBlocks[Int(block)]
    nextBlocks[Int(block)] = -1
    return block
  }
}
