/// One state of one side, from its entry until it was left.
///
/// Packed into 56 octets, for every flow has about ten: what is not known is a time that none has.
package struct StateInterval: Equatable, Sendable {
  /// Best guess of the entry, in nanoseconds since the Unix epoch, on the side itself.
  package var enteredAt: Int64
  private var left: Int64
  private var first: Int64
  private var last: Int64
  /// What proves the entry; none where nothing on the wire does.
  package var frames: Frames
  package var state: State
  /// How sure the entry is.
  package var grade: Grade
  package var rule: Rule

  private static let unknown = Int64.min

  /// Nil for the state at the end.
  package var leftAt: Int64? {
    get { left == Self.unknown ? nil : left }
    set { left = newValue ?? Self.unknown }
  }

  /// Bounds of an inferred entry, where the evidence sets them.
  package var earliest: Int64? {
    get { first == Self.unknown ? nil : first }
    set { first = newValue ?? Self.unknown }
  }
  package var latest: Int64? {
    get { last == Self.unknown ? nil : last }
    set { last = newValue ?? Self.unknown }
  }

  package init(
    state: State, enteredAt: Int64, leftAt: Int64? = nil, grade: Grade, rule: Rule,
    frames: Frames, earliest: Int64? = nil, latest: Int64? = nil
  ) {
    self.state = state
    self.enteredAt = enteredAt
    left = leftAt ?? Self.unknown
    self.grade = grade
    self.rule = rule
    self.frames = frames
    first = earliest ?? Self.unknown
    last = latest ?? Self.unknown
  }
}
