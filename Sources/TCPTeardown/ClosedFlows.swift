internal import PacketDecoding

/// Flows that were closed as by the book and wait until they are final, packed.
///
/// Wherever rows are named, a negative number, from -2 down, names a place here: see `reference(to:)`.
struct ClosedFlows: ~Copyable, Sendable {
  private var flows = Chunks(of: PackedFlow())
  /// What each place holds, apart from the flows: to look through all of them takes no more.
  private var contents: [Content] = []
  private var freePlaces: [Int32] = []

  /// Flows in it.
  private(set) var count = 0

  /// What a place holds.
  private struct Content: Sendable {
    /// Low bits of the stream, see `FlowQueue.Entry`.
    var streamBits: UInt32 = 0
    /// The row that holds the flow again, since something came of it; or one of the values below.
    var row = Self.nothing

    static let nothing: Int32 = -2
    static let flow: Int32 = -1
  }

  /// Places that may hold a flow.
  var places: Int { contents.count }

  /// What stands for a place here where others name rows; and the place of what stands so for it.
  @inline(__always)
  static func reference(to place: Int) -> Int { -2 &- place }

  subscript(place: Int) -> PackedFlow {
    @inline(__always) get { flows[place] }
    @inline(__always) _modify { yield &flows[place] }
  }

  /// Takes in a flow, with its evidence in `pool`, and gives its place; -1 if it cannot be packed.
  @inline(__always)
  mutating func take(_ flow: inout Flow, in pool: inout EvidencePool) -> Int {
    let place = freePlaces.last.map { Int($0) } ?? grow()
    guard flows[place].pack(&flow, &pool) else { return -1 }
    freePlaces.removeLast()
    contents[place] = Content(
      streamBits: UInt32(truncatingIfNeeded: flow.stream), row: Content.flow)
    count += 1
    return place
  }

  @inline(never)
  private mutating func grow() -> Int {
    let place = flows.grow()
    contents.append(Content())
    freePlaces.append(Int32(place))
    return place
  }

  /// Whether a flow is at `place`.
  @inline(__always)
  func holds(_ place: Int) -> Bool { contents[place].row == Content.flow }

  /// The stream of the flow at `place`.
  @inline(__always)
  func stream(_ place: Int) -> Int { Int(contents[place].streamBits) }

  /// The row that the flow is in again which waited at `place`; nil if it is elsewhere.
  func row(ofFlowMovedFrom place: Int) -> Int? {
    contents[place].row >= 0 ? Int(contents[place].row) : nil
  }

  /// Takes the flow at `place` out, which is in `row` again; who waits for it learns so here.
  mutating func move(_ place: Int, to row: Int) {
    contents[place].row = Int32(row)
    count -= 1
  }

  /// Frees a place.
  mutating func free(_ place: Int) {
    if holds(place) { count -= 1 }
    contents[place].row = Content.nothing
    freePlaces.append(Int32(place))
  }

  /// Looks at the flow at `place`, only to have it at hand.
  @inline(__always)
  func touch(_ place: Int) -> Int { flows[place].touch }

  /// Takes room that was made elsewhere, if none is at hand.
  mutating func takeSpare(_ chunk: inout Chunks<PackedFlow>.Chunk?) { flows.takeSpare(&chunk) }
}

/// How the table packs a flow, and has it back.
extension FlowTable {
  /// Packs the settled flow of a row, if it can be, and frees the row: its place, or -1.
  @inline(__always)
  mutating func pack(_ row: Int) -> Int {
    let place = closed.take(&flows[row], in: &pools.evidence)
    guard place >= 0 else { return -1 }
    index.replace(
      row, by: ClosedFlows.reference(to: place), hash: Tuple.indexed(flows[row].key.hash))
    flows[row].release(&pools)
    free(row)
    return place
  }

  /// The row of a tuple's flow, which may have been packed; -1 if there is none.
  @inline(__always)
  mutating func anyRow(of tuple: Tuple) -> Int {
    let row = row(of: tuple)
    return row < -1 ? unpack(ClosedFlows.reference(to: row)) : row
  }

  /// Puts the flow at a place among the closed into a row again, which it gives.
  @inline(never)
  private mutating func unpack(_ place: Int) -> Int {
    let row = takeRow()
    closed[place].unpack(into: &flows[row])
    for index in 0..<Int(closed[place].count) {
      pools.evidence.append(closed[place].observation(at: index), to: &flows[row].evidence)
    }
    index.replace(
      ClosedFlows.reference(to: place), by: row, hash: Tuple.indexed(flows[row].key.hash))
    closed.move(place, to: row)
    return row
  }

  /// Makes the closed flow at a place final.
  mutating func finalizeClosed(_ place: Int, written: FlowRecord.Written) {
    due.append(&closed[place], written: written, until: clock.end)
    // Nothing comes after the capture's end.
    if unfinished == nil {
      let hash = closed[place].key.hash
      index.remove(ClosedFlows.reference(to: place), hash: Tuple.indexed(hash))
      recent.insert(hash)
    }
    closed.free(place)
  }
}
