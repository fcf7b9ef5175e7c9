internal import PacketDecoding

/// How a tuple finds its row, and takes one.
extension FlowTable {
  /// The row of the tuple's present flow, or what stands for it among the closed; -1 if there is none.
  @inline(__always)
  func row(of tuple: Tuple) -> Int {
    index.row(tuple.indexed) { row in
      row >= 0
        ? flows[row].key == tuple.key : closed[ClosedFlows.reference(to: row)].key == tuple.key
    }
  }

  /// The row of the newest flow of a segment's tuple, which must have one.
  mutating func liveRow(of segment: AddressedSegment) -> Int {
    anyRow(of: Tuple(segment.source, segment.destination, scope: segment.scope))
  }

  /// Whether a SYN opens a new flow on a tuple that has one: its number is not its sender's base.
  @inline(never)
  func beginsAnew(_ entry: SegmentBatch.Entry, row: Int) -> Bool {
    let side = flows[row].marks.side(whoIsLow: entry.tuple.sourceIsLow)
    guard flows[row].marks.contains(.hasBase(side)),
      flows[row].sides[side].base != entry.segment.sequenceNumber
    else { return false }
    // A SYN that was captured before all there is of a flow without one is that flow's own: the
    // file is out of order.
    let isOwn = !flows[row].marks.contains(.hasSYN) && entry.time < flows[row].startTime
    return !isOwn
  }

  /// Opens a flow on a tuple that has none.
  mutating func open(_ tuple: Tuple, _ segment: Segment, at time: Int64, frame: Int) -> Int {
    let row = newRow(tuple, segment, at: time, frame: frame)
    index.insert(row, hash: tuple.indexed)
    if !segment.flags.contains(.syn), recent.contains(tuple.key.hash) {
      flows[row].marks.insert(.late)
      counts.late += 1
    }
    return row
  }

  /// Opens a new flow on a tuple; the old one stays until the new handshake tells of its end.
  mutating func supersede(
    _ old: Int, _ tuple: Tuple, _ segment: Segment, at time: Int64, frame: Int
  ) -> Int {
    finalizePredecessor(of: old)
    let row = newRow(tuple, segment, at: time, frame: frame)
    index.replace(old, by: row, hash: tuple.indexed)
    pools.annexes[flows[row].takeAnnex(&pools)].predecessor = Int32(old)
    flows[row].marks.insert(.hasPredecessor)
    pools.annexes[flows[old].takeAnnex(&pools)].successor = Int32(row)
    flows[old].marks.insert(.superseded)
    return row
  }

  /// A row that holds a flow which begins with `segment`.
  private mutating func newRow(
    _ tuple: Tuple, _ segment: Segment, at time: Int64, frame: Int
  ) -> Int {
    let row = takeRow()
    flows[row].begin(tuple, segment.flags, stream: nextStream, at: time, frame: frame)
    nextStream += 1
    return row
  }

  /// An empty row.
  mutating func takeRow() -> Int {
    guard let freed = freeRows.popLast() else { return flows.grow() }
    flows.clear(Int(freed))
    return Int(freed)
  }

  /// Frees a row, which nothing leads to any more.
  mutating func free(_ row: Int) {
    flows[row].stream = -1
    flows[row].marks = .superseded
    freeRows.append(Int32(row))
  }

  /// What a segment means for the flow that had the tuple before.
  @inline(never)
  mutating func follow(_ segment: Segment, _ arrival: Arrival, row: Int) {
    tellPredecessor(of: row, segment, arrival)
    if flows[row].tellsOfPredecessor { finalizePredecessor(of: row) }
  }

  /// A segment of a flow is evidence for the one that had its tuple before, too.
  private mutating func tellPredecessor(of row: Int, _ segment: Segment, _ arrival: Arrival) {
    guard segment.flags.kind != .impossible else { return }
    let predecessor = Int(pools.annexes[flows[row].annex].predecessor)
    var observation = Observation(segment, arrival)
    observation.marks.insert(.nextIncarnation)
    if flows[row].marks.contains(.clientIsLow) != flows[predecessor].marks.contains(.clientIsLow) {
      observation.side = observation.side.peer
    }
    observation.nextNumbers = PerSide(
      client: flows[predecessor].sides.client.next, server: flows[predecessor].sides.server.next)
    flows[predecessor].hold(observation, pools: &pools)
  }
}
