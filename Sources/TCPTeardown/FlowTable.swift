package import PacketDecoding

/// All live flows of one capture, found by their tuple and updated in place.
///
/// Feed it every packet in order: `advance(to:)` with its time, then `take` with what was decoded
/// of it. Flows come out of `takeDue()`, for a `Recorder`, once they are final; `finishSome()` ends
/// the capture.
package struct FlowTable: ~Copyable, Sendable {
  /// What the flow table counts, whatever becomes of the flows.
  package struct Counts: Equatable, Sendable {
    package var segments = 0
    /// Flows opened by a segment of a tuple whose flow was final already.
    package var late = 0
    /// ICMP errors that quote no flow of the capture.
    package var strayICMPErrors = 0
    /// Segments with flags that no endpoint sends.
    package var impossibleFlags = 0
    /// Observations that found no room in their flow.
    package var evidenceOverflow = 0
    /// Frames that show a segment another frame has shown.
    package var duplicates = 0
  }

  package internal(set) var counts = Counts()
  package internal(set) var clock = CaptureClock()
  package let options: ReconstructionOptions

  var flows = Chunks(of: Flow())
  var freeRows: [Int32] = []
  var index = FlowIndex()
  var pools = FlowPools()
  /// What was closed as by the book has no row any more.
  var closed = ClosedFlows()
  /// With so many live flows or more, settled ones are packed where they can be.
  ///
  /// It gives room, and takes time of the thread that is waited for: with fewer the room is not needed.
  /// A live view has them wait in their rows, for it has not shown them yet.
  package var packsFrom: Int
  /// Rows of settled flows, or what stands for closed ones, which wait until they are final.
  var settled = FlowQueue()
  var announcements = FlowQueue()
  var recent = RecentTuples()
  var due = DueFlows()
  var nextStream = 0
  /// What is left to do at the end of the capture, the last stream first; nil before the end.
  var unfinished: [(stream: Int, row: Int)]?
  /// ICMP errors that quote no flow as yet.
  var strays: [Stray] = []
  /// Frames whose flow was not the one that their tuple had when they came.
  package internal(set) var displaced = DisplacedFrames()
  /// How long after its last segment a settled flow is final, in nanoseconds.
  let hold: Int64
  /// How long after its last segment a settled flow is announced; nil for never.
  let announceAfter: Int64?
  /// In which rows the next few segments of a batch seem to be, -1 for none.
  var rows = InlineArray<32, Int32>(repeating: -1)
  /// Live flows that the table holds at most.
  let limit: Int
  /// The row and the place among the closed that were last considered for eviction.
  var hand = -1
  var closedHand = -1
  /// What was read of rows only to have them at hand, so that it is not left out.
  var touched = 0

  /// Live flows at a time, where nobody asks for another number.
  package static let usualLimit = 1_000_000

  /// `announceAfter` (nanoseconds) is the live view's: settled flows are then due, too, before they
  /// are final.
  ///
  /// With more than `limit` live flows, at least 1, some are told early (evicted).
  package init(
    options: ReconstructionOptions, announceAfter: Int64? = nil, limit: Int = usualLimit
  ) {
    precondition(limit > 0)
    self.limit = limit
    self.options = options
    self.announceAfter = announceAfter
    packsFrom = announceAfter == nil ? 1 << 18 : .max
    hold = max(options.profile.timeWait, 120 * .nanosecondsPerSecond)
    pools.keepsDuplicates = options.keepsDuplicates
  }

  /// Whether settled flows are announced before they are final.
  package var isLive: Bool { announceAfter != nil }

  /// Live flows.
  package var count: Int { flows.count - freeRows.count + closed.count }

  /// Moves the clock on and makes final what is due.
  ///
  /// Call it for every packet of the capture.
  @inline(__always)
  package mutating func advance(to time: Int64) {
    clock.advance(to: time)
    expire()
  }

  /// Moves the clock on where no packets come, and makes final what is due.
  package mutating func idle(until time: Int64) {
    clock.idle(until: time)
    expire()
  }

  /// Takes in a segment captured at `time` (nanoseconds since the Unix epoch) as `frame`.
  package mutating func take(_ segment: AddressedSegment, at time: Int64, frame: Int) {
    var entry = SegmentBatch.Entry(segment, at: time)
    take(&entry, frame: frame, in: -1)
  }

  /// Takes in a segment, whose flow may well be in the row `presumed` (-1 for none).
  ///
  /// Nothing of it changes: handed over by its place, it is not copied.
  @inline(__always)
  mutating func take(_ entry: inout SegmentBatch.Entry, frame: Int, in presumed: Int32) {
    counts.segments &+= 1
    if presumed >= 0 {
      switch flows[Int(presumed)].takeIfDue(&entry, frame: frame, pools: &pools) {
      case .isTaken: return
      case .isSettled: return settle(Int(presumed))
      case .isOther: break
      }
    }
    takeOther(&entry, frame: frame)
  }

  @inline(never)
  private mutating func takeOther(_ entry: inout SegmentBatch.Entry, frame: Int) {
    let time = entry.time
    var row = anyRow(of: entry.tuple)
    var superseded = -1
    var isOpened = false
    if row < 0 {
      makeRoom()
      row = open(entry.tuple, entry.segment, at: time, frame: frame)
      isOpened = true
    } else if entry.segment.flags.isOpening, beginsAnew(entry, row: row) {
      makeRoom(sparing: row)
      superseded = row
      row = supersede(row, entry.tuple, entry.segment, at: time, frame: frame)
    } else if flows[row].marks.contains(.hasPredecessor), time < flows[row].startTime {
      row = Int(pools.annexes[flows[row].annex].predecessor)
    }
    let side = flows[row].marks.side(whoIsLow: entry.tuple.sourceIsLow)
    if flows[row].takeIfOpening(&entry.segment, from: side, at: time, frame: frame) {
      if isOpened, !strays.isEmpty { takeStrays(at: time, of: entry.tuple) }
      return
    }
    let aftermath = flows[row].take(
      &entry.segment, from: side, at: time, frame: frame, pools: &pools)
    if let arrival = aftermath.arrival { follow(entry.segment, arrival, row: row) }
    if aftermath.isSettled { settle(row) }
    if superseded >= 0 { moveLater(than: time, from: superseded, to: row) }
    if isOpened, !strays.isEmpty { takeStrays(at: time, of: entry.tuple) }
  }

  /// Takes in an ICMP error: evidence for the flow that it quotes, no packet of it (R23).
  package mutating func take(_ error: ICMPError, at time: Int64, frame: Int) {
    let tuple = Tuple(error.source, error.destination, scope: error.scope)
    let row = anyRow(of: tuple)
    guard row >= 0 else {
      keepStray(error, at: time, frame: frame)
      return
    }
    let side = flows[row].marks.side(whoIsLow: tuple.sourceIsLow)
    let arrival = flows[row].arrival(from: side, at: time, frame: frame)
    let observation = Observation(error, quoting: arrival)
    flows[row].hold(observation, pools: &pools)
  }
}
