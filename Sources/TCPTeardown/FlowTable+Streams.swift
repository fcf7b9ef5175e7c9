package import PacketDecoding

/// Which flow each packet belongs to, for who wants the packets of some.
extension FlowTable {
  /// Flows opened so far.
  package var streams: Int { nextStream }

  /// Takes in all that `batch` holds, as `take(_:)` does, and puts the stream of each packet at its
  /// place in `streams`: -1 for one that belongs to no flow.
  ///
  /// To an ICMP error belongs the flow that it quotes. `displaced` knows better of a few frames, but
  /// only at the end: reading twice gives the same streams, so a second reading can ask the first.
  package mutating func take(_ batch: inout SegmentBatch, telling streams: inout [Int]) {
    streams.removeAll(keepingCapacity: true)
    var errors = 0
    for place in 0..<batch.count {
      let time = batch.room[place].time
      advance(to: time)
      let frame = batch.firstFrame &+ place
      switch batch.room[place].content {
      case .segment:
        let tuple = batch.room[place].tuple
        take(&batch.room[place], frame: frame, in: -1)
        streams.append(stream(of: tuple, at: time))
      case .icmpError:
        let error = batch.errors[errors]
        errors += 1
        take(error, at: time, frame: frame)
        let row = anyRow(of: Tuple(error.source, error.destination, scope: error.scope))
        streams.append(row < 0 ? -1 : flows[row].stream)
      case .timeOnly: streams.append(-1)
      }
    }
    batch.removeAll()
  }

  /// The stream that a segment of `time`, just taken in, went to.
  func stream(of tuple: Tuple, at time: Int64) -> Int {
    let row = row(of: tuple)
    guard row >= 0 else {
      return row == -1 ? -1 : closed[ClosedFlows.reference(to: row)].stream
    }
    // What was captured before the SYN that took the tuple over is the former flow's.
    guard flows[row].marks.contains(.hasPredecessor), time < flows[row].startTime else {
      return flows[row].stream
    }
    return flows[Int(pools.annexes[flows[row].annex].predecessor)].stream
  }
}

/// Frames that went to another flow than their tuple's when they came: a SYN that stands behind them
/// in the file has claimed them.
///
/// Files in order have none. What a hostile one has beyond the bound stays where it went first.
package struct DisplacedFrames: Equatable, Sendable {
  private var streams: [Int: Int] = [:]

  private static let framesAtMost = 1 << 16

  package init() {}

  mutating func note(_ frame: Int, stream: Int) {
    if streams.count < Self.framesAtMost || streams[frame] != nil { streams[frame] = stream }
  }

  /// The stream that `frame` belongs to, if it was displaced.
  @inline(__always)
  package func stream(of frame: Int) -> Int? { streams.isEmpty ? nil : streams[frame] }
}

extension SegmentBatch {
  /// Calls `body` with the place of each packet in the batch that is a segment, or an ICMP error that
  /// quotes one, and the ends of that segment.
  package func forEachPacket(_ body: (_ place: Int, Endpoint, Endpoint) -> Void) {
    var errors = 0
    for place in 0..<count {
      switch room[place].content {
      case .segment: body(place, room[place].tuple.source, room[place].tuple.destination)
      case .icmpError:
        body(place, self.errors[errors].source, self.errors[errors].destination)
        errors += 1
      case .timeOnly: break
      }
    }
  }
}
