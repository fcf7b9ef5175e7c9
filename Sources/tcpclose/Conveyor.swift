import Dispatch
import Synchronization

/// A few loads that go round between two threads: one fills them in turn, the other empties them.
///
/// What is underway is bounded by their number, and nothing is copied: each thread works on the load
/// in its place.
final class Conveyor<Load: ~Copyable & Sendable>: Sendable {
  private final class Place: Sendable {
    let load: Mutex<Load>

    init(_ load: consuming sending Load) { self.load = Mutex(load) }
  }

  private let places: [Place]
  /// So many emptied loads go back together: whoever waits for one is woken once for all of them.
  private let returnedAtOnce: Int
  private let empty: DispatchSemaphore
  private let full = DispatchSemaphore(value: 0)
  /// The one who fills has no more.
  private let hasEnded = Atomic(false)
  /// The one who empties wants no more.
  private let isCancelled = Atomic(false)
  private let filled = Atomic(0)
  private let emptied = Atomic(0)

  /// `makeLoad` makes `count` empty loads.
  init(count: Int, _ makeLoad: () -> Load) {
    places = (0..<count).map { _ in Place(makeLoad()) }
    returnedAtOnce = max(1, count / 2)
    // A semaphore may not be let go with less than it began with.
    empty = DispatchSemaphore(value: 0)
    for _ in 0..<count { empty.signal() }
  }

  /// Fills the next load as soon as one is empty; false if no more are wanted.
  func fill(_ body: (inout Load) -> Void) -> Bool {
    empty.wait()
    guard !isCancelled.load(ordering: .acquiring) else { return false }
    let turn = filled.wrappingAdd(1, ordering: .relaxed).oldValue
    places[turn % places.count].load.withLock { body(&$0) }
    full.signal()
    return true
  }

  /// Tells that no load will follow.
  func end() {
    hasEnded.store(true, ordering: .releasing)
    full.signal()
  }

  /// Empties the next load as soon as one is full; false once all are emptied and no more follow.
  func empty(_ body: (inout Load) throws -> Void) rethrows -> Bool {
    full.wait()
    let turn = emptied.load(ordering: .relaxed)
    // After the end there is one signal more than there are loads.
    if hasEnded.load(ordering: .acquiring), turn == filled.load(ordering: .acquiring) {
      full.signal()
      return false
    }
    emptied.store(turn + 1, ordering: .relaxed)
    try places[turn % places.count].load.withLock { try body(&$0) }
    if (turn + 1) % returnedAtOnce == 0 {
      for _ in 0..<returnedAtOnce { empty.signal() }
    }
    return true
  }

  /// Tells that no more loads are wanted: whoever waits to fill one wakes up.
  func cancel() {
    isCancelled.store(true, ordering: .releasing)
    empty.signal()
  }
}
