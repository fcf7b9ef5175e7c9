/// One state of one side, from its entry until it was left.
///
/// The order of its fields leaves no gaps: 56 octets, and a flow has about ten.
package struct StateInterval: Equatable, Sendable {
  /// When and how it was entered: what reads many looks here, for a stored property of another
  /// module is read in place, and for a computed one the interval is copied first.
  package private(set) var entry: Estimate
  package var state: State
  package var rule: Rule
  private var left = Int64.min

  /// Best guess of the entry, in nanoseconds since the Unix epoch, on the side itself.
  package var enteredAt: Int64 {
    get { entry.time }
    set { entry.time = newValue }
  }

  /// Nil for the state at the end.
  package var leftAt: Int64? {
    get { left == .min ? nil : left }
    set { left = newValue ?? .min }
  }

  /// How sure the entry is.
  package var grade: Grade {
    get { entry.grade }
    set { entry.grade = newValue }
  }

  /// What proves the entry; none where nothing on the wire does.
  package var frames: Frames {
    get { entry.frames }
    set { entry.frames = newValue }
  }

  /// Bounds of an inferred entry, where the evidence sets them.
  package var earliest: Int64? {
    get { entry.earliest }
    set { entry.earliest = newValue }
  }
  package var latest: Int64? {
    get { entry.latest }
    set { entry.latest = newValue }
  }

  mutating func dropBounds() {
    entry.earliest = nil
    entry.latest = nil
  }

  package init(
    state: State, enteredAt: Int64, leftAt: Int64? = nil, grade: Grade, rule: Rule,
    frames: Frames, earliest: Int64? = nil, latest: Int64? = nil
  ) {
    self.init(
      state,
      Estimate(
        time: enteredAt, grade: grade, frames: frames, earliest: earliest, latest: latest), rule)
    self.leftAt = leftAt
  }

  @inline(__always)
  init(_ state: State, _ entry: Estimate, _ rule: Rule, leftAt: Int64) {
    self.init(state, entry, rule)
    left = leftAt
  }

  @inline(__always)
  init(_ state: State, _ entry: Estimate, _ rule: Rule) {
    self.state = state
    self.entry = entry
    self.rule = rule
  }
}
