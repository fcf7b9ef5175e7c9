/// When something came about at a side, as far as the evidence tells.
///
/// What is not known is a time that none has: so it is small, and moved in a few instructions.
package struct Estimate: Equatable, Sendable {
  /// Best guess, in nanoseconds since the Unix epoch.
  package var time: Int64
  private var first: Int64
  private var last: Int64
  /// What proves it.
  var frames: Frames
  package var grade: Grade

  private static let unknown = Int64.min

  /// Nothing tells that it came about.
  static let none = Estimate(time: unknown, grade: .unknown, frames: Frames())

  var isKnown: Bool { time != Self.unknown }

  /// Bounds, where the evidence sets them.
  var earliest: Int64? {
    get { first == Self.unknown ? nil : first }
    set { first = newValue ?? Self.unknown }
  }
  var latest: Int64? {
    get { last == Self.unknown ? nil : last }
    set { last = newValue ?? Self.unknown }
  }

  @inline(__always)
  init(
    time: Int64, grade: Grade, frames: Frames, earliest: Int64? = nil, latest: Int64? = nil
  ) {
    self.time = time
    self.grade = grade
    self.frames = frames
    first = earliest ?? Self.unknown
    last = latest ?? Self.unknown
  }

  /// Either observed, or inferred with bounds.
  @inline(__always)
  init(time: Int64, isObserved: Bool, frames: Frames, earliest: Int64?, latest: Int64?) {
    self.init(
      time: time, grade: isObserved ? .observed : .inferred, frames: frames,
      earliest: isObserved ? nil : earliest, latest: isObserved ? nil : latest)
  }

  /// Puts it off until `time`, if it is earlier, with bounds around it; what is observed needs none.
  @inline(__always)
  mutating func move(behind time: Int64) {
    self.time = max(self.time, time)
    if grade == .observed {
      (first, last) = (Self.unknown, Self.unknown)
    } else {
      // No bound stays no bound: it is less than any time.
      first = min(first, self.time)
      if last != Self.unknown { last = max(last, self.time) }
    }
  }
}
