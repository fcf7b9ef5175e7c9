/// The observations of all live flows, in one array of linked lists.
///
/// A flow's list is taken from here and given back: no allocation per flow once the array has
/// grown to what is live at a time.
struct EvidencePool: Sendable {
  /// One flow's list: indices into the pool, -1 for none.
  struct List: Sendable {
    var first: Int32 = -1
    var last: Int32 = -1
    var count: Int32 = 0
  }

  private var observations = Chunks<Observation>()
  private var next = Chunks<Int32>()
  private var firstFree: Int32 = -1

  /// Puts `observation` at the end of `list` and returns its place.
  @discardableResult
  mutating func append(_ observation: Observation, to list: inout List) -> Int32 {
    let place: Int32
    if firstFree >= 0 {
      place = firstFree
      firstFree = next[Int(place)]
      observations[Int(place)] = observation
      next[Int(place)] = -1
    } else {
      place = Int32(observations.count)
      observations.append(observation)
      next.append(-1)
    }
    if list.last >= 0 { next[Int(list.last)] = place } else { list.first = place }
    list.last = place
    list.count += 1
    return place
  }

  subscript(place: Int32) -> Observation {
    get { observations[Int(place)] }
    _modify { yield &observations[Int(place)] }
  }

  /// The place behind `place` in its list, -1 at the end.
  func place(after place: Int32) -> Int32 { next[Int(place)] }

  /// The observations of `list`, in the order in which they came.
  func observations(of list: List) -> [Observation] {
    var found: [Observation] = []
    found.reserveCapacity(Int(list.count))
    var place = list.first
    while place >= 0 {
      found.append(observations[Int(place)])
      place = next[Int(place)]
    }
    return found
  }

  /// Gives the places of `list` back.
  mutating func release(_ list: inout List) {
    guard list.first >= 0 else { return }
    next[Int(list.last)] = firstFree
    firstFree = list.first
    list = List()
  }
}
