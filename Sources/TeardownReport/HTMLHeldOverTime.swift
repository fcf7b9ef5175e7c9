internal import TCPTeardown

/// How many of something were held in the course of time: the mean of each of at most 256 steps.
///
/// Steps get longer as the capture does, so that what is kept does not grow. A mean is exact
/// however long the steps have become; how many there were at most is not to be had this way.
struct HTMLHeldOverTime: Sendable {
  static let stepsAtMost = 256
  /// The shortest step: twice this nine times over is a second (nanoseconds).
  private static let shortestStep: Int64 = 1_953_125

  /// The length of a step in nanoseconds; steps begin at its multiples since 1970.
  private(set) var step = shortestStep
  /// The first step's number.
  private var first: Int64 = 0
  /// Nanoseconds held in each step, of what does not span it.
  private var partial: [Double] = []
  /// By how many the number of those changes that span a step, from the step before.
  private var changes: [Int] = []

  /// Steps told apart.
  var count: Int { partial.count }

  /// When the first step begins, in nanoseconds since the Unix epoch.
  var start: Int64 { first * step }

  /// The mean number held in each step, as far as the steps lie in `span` (nanoseconds since 1970):
  /// a capture begins and ends within one.
  func means(within span: ClosedRange<Int64>) -> [Double] {
    held.enumerated().map { place, held in
      let begin = start + Int64(place) * step
      let covered =
        min(span.upperBound, begin.saturatingAdding(step)).saturatingSubtracting(
          max(span.lowerBound, begin))
      return covered > 0 ? held / Double(covered) : held / Double(step)
    }
  }

  /// Nanoseconds held in each step.
  private var held: [Double] {
    var spanning = 0
    return partial.indices.map { place in
      spanning += changes[place]
      return Double(spanning) * Double(step) + partial[place]
    }
  }

  /// Adds one that was held from `entry` until `end`, in nanoseconds since the Unix epoch.
  mutating func add(from entry: Int64, until end: Int64) {
    // Steps reach beyond the times in them, which must not take them out of their type's range.
    let entry = max(entry, -Int64.max / 2)
    let end = min(end, Int64.max / 2)
    guard entry < end else { return }
    makeRoom(from: entry, until: end)
    let from = Int(number(of: entry) - first)
    let last = Int(number(of: end - 1) - first)
    let edge = (first + Int64(from) + 1) * step
    guard from < last else {
      partial[from] += Double(end - entry)
      return
    }
    partial[from] += Double(edge - entry)
    partial[last] += Double(end - (first + Int64(last)) * step)
    changes[from + 1] += 1
    changes[last] -= 1
  }

  /// The number of the step that `time` lies in.
  private func number(of time: Int64) -> Int64 {
    let (quotient, remainder) = time.quotientAndRemainder(dividingBy: step)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Makes the steps reach from `entry` to `end`, and longer where there would be too many.
  private mutating func makeRoom(from entry: Int64, until end: Int64) {
    if partial.isEmpty { first = number(of: entry) }
    while true {
      let lowest = partial.isEmpty ? number(of: entry) : min(first, number(of: entry))
      let highest = max(first + Int64(partial.count) - 1, number(of: end - 1))
      if highest - lowest < Self.stepsAtMost {
        extend(from: lowest, through: highest)
        return
      }
      joinSteps()
    }
  }

  private mutating func extend(from lowest: Int64, through highest: Int64) {
    let before = partial.isEmpty ? 0 : Int(first - lowest)
    let after = Int(highest - lowest) + 1 - before - partial.count
    guard before + after > 0 else { return }
    partial = Array(repeating: 0, count: before) + partial + Array(repeating: 0, count: after)
    changes = Array(repeating: 0, count: before) + changes + Array(repeating: 0, count: after)
    first = lowest
  }

  /// Makes one step of every two.
  private mutating func joinSteps() {
    let held = held
    let joined = first >> 1
    var sums: [Double] = []
    for place in held.indices {
      let target = Int((first + Int64(place)) >> 1 - joined)
      if target == sums.count { sums.append(0) }
      sums[target] += held[place]
    }
    partial = sums
    changes = Array(repeating: 0, count: sums.count)
    first = joined
    step *= 2
  }
}

/// TIME-WAIT and CLOSE-WAIT over the time of a capture.
struct HTMLOccupancy: Sendable {
  private(set) var timeWait = HTMLHeldOverTime()
  private(set) var closeWait = HTMLHeldOverTime()

  /// Takes in what the capture shows of the record's states.
  mutating func add(_ record: borrowing FlowRecord, captureEnd: Int64?) {
    for wait in record.teardown.timeWait {
      timeWait.add(
        from: wait.enteredAt, until: wait.enteredAt.saturatingAdding(max(0, wait.observedFor)))
    }
    for side in Side.allCases {
      for interval in record.teardown.states[side] where interval.state == .closeWait {
        closeWait.add(
          from: interval.enteredAt,
          until: interval.leftAt ?? record.lastMoment(captureEnd: captureEnd))
      }
    }
  }
}
