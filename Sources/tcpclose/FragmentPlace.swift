/// Where an IP fragment stands in a run of packets, and what it did.
struct FragmentPlace: Sendable {
  enum Outcome: Sendable {
    /// Others of its datagram are to come.
    case waits
    /// It was the last to come, and these are the frames of those before it.
    case completes(ArraySlice<Int>)
  }

  let place: Int
  let outcome: Outcome
}
