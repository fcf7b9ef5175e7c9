/// How many were held from each moment on at which the number changed.
struct HeldCurve: Equatable, Sendable {
  struct Point: Equatable, Sendable {
    /// Nanoseconds since the Unix epoch.
    var time: Int64
    var held: Int
  }

  /// In the order of time; the last one is of none.
  private(set) var points: [Point] = []

  /// Of stretches that hold one each; one that ends as another begins makes room for it.
  init(_ stretches: [(start: Int64, end: Int64)]) {
    let starts = stretches.lazy.filter { $0.start < $0.end }.map(\.start).sorted()
    let ends = stretches.lazy.filter { $0.start < $0.end }.map(\.end).sorted()
    var ended = 0
    points.reserveCapacity(starts.count + ends.count)
    for (started, start) in starts.enumerated() {
      while ended < ends.count, ends[ended] <= start {
        append(ends[ended], started - ended - 1)
        ended += 1
      }
      append(start, started + 1 - ended)
    }
    while ended < ends.count {
      append(ends[ended], starts.count - ended - 1)
      ended += 1
    }
  }

  /// Of levels that hold on until the next one.
  init(levels: [Point]) {
    for level in levels { append(level.time, level.held) }
    if let last = points.last, last.held != 0 { points.append(Point(time: last.time, held: 0)) }
  }

  private mutating func append(_ time: Int64, _ held: Int) {
    if points.last?.time == time { points.removeLast() }
    if points.last?.held ?? 0 != held { points.append(Point(time: time, held: held)) }
  }

  /// The most at one time, since when, and until when; nil if there never was any.
  var peak: (held: Int, from: Int64, until: Int64)? {
    var best: Int?
    for place in points.indices where points[place].held > best.map({ points[$0].held }) ?? 0 {
      best = place
    }
    guard let best else { return nil }
    let next = min(best + 1, points.count - 1)
    return (points[best].held, points[best].time, points[next].time)
  }

  /// From the first until none is left, in nanoseconds since the Unix epoch; nil if there never was
  /// any.
  var span: (start: Int64, end: Int64)? {
    guard let first = points.first, let last = points.last else { return nil }
    return (first.time, last.time)
  }

  /// How many at `time`.
  func held(at time: Int64) -> Int {
    let next = firstPlace(after: time)
    return next > 0 ? points[next - 1].held : 0
  }

  /// The most at one time from `start` up to `end`, without that moment itself.
  func most(from start: Int64, until end: Int64) -> Int {
    var most = held(at: start)
    var place = firstPlace(after: start)
    while place < points.count, points[place].time < end {
      most = max(most, points[place].held)
      place += 1
    }
    return most
  }

  /// The first point later than `time`, by halves.
  private func firstPlace(after time: Int64) -> Int {
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
