internal import TCPTeardown

/// When each of many holders held how many of something, in TIME-WAIT and in all.
///
/// Of a capture with up to `exactStays` stays each is kept, and what is told is exact. Beyond that, what
/// is kept no longer grows: it is counted about every other second, nearly as the stays end.
struct StayLedger<Key: Spreading, Facts: Sendable>: Sendable {
  /// One that holds, and what else is known of it.
  struct Holder: Sendable {
    fileprivate var number: UInt32 = 0
    /// Stays added.
    fileprivate(set) var stays = 0
    fileprivate var held = Occupancy()
    fileprivate var waiting = Occupancy()
    fileprivate var begun = Occupancy()
    var facts: Facts

    fileprivate init(_ facts: Facts) { self.facts = facts }
  }

  /// 32 octets each.
  static var usualExactStays: Int { 1 << 20 }
  /// Over how many steps, or nanoseconds, stays that begin are counted.
  private static var rateSteps: Int32 { 5 }
  private static var rateSpan: Int64 { 10 * .nanosecondsPerSecond }

  private var holders: HeavyKeys<Key, Holder>
  private var stays: [Stay] = []
  /// Holders there have been.
  private var numbered: UInt32 = 0
  private(set) var isExact = true
  private var clock = StepClock()
  private let exactStays: Int

  /// `fresh` is what is known of a holder at first; `exactStays` are kept at most.
  init(fresh: Facts, exactStays: Int = usualExactStays) {
    holders = HeavyKeys(fresh: Holder(fresh))
    self.exactStays = exactStays
  }

  /// Stays of holders beyond those told apart.
  var other: Int { holders.other }

  /// Adds a stay of the holder `key`, whose facts `note` may change.
  mutating func add(_ stay: Stay, of key: Key, noting note: (inout Facts) -> Void) {
    clock.begin(at: stay.start)
    guard let row = holders.row(of: key) else { return }
    if holders[row].stays == 0 {
      numbered &+= 1
      holders[row].number = numbered
    }
    holders[row].stays += 1
    note(&holders[row].facts)
    if isExact, stays.count >= exactStays { stopKeeping() }
    guard isExact else { return count(stay, at: row) }
    var stay = stay
    stay.holder = holders[row].number
    stays.append(stay)
  }

  /// Counts what was kept so far, and keeps no more.
  private mutating func stopKeeping() {
    isExact = false
    let rows = Dictionary(
      (0..<holders.count).map { (holders[$0].number, $0) }, uniquingKeysWith: { $1 })
    for stay in stays { if let row = rows[stay.holder] { count(stay, at: row) } }
    stays = []
  }

  private mutating func count(_ stay: Stay, at row: Int) {
    let start = clock.step(of: stay.start)
    let end = clock.step(of: stay.end)
    holders[row].begun.add(start..<start + Self.rateSteps)
    if start < end { holders[row].held.add(start..<end) }
    let wait = clock.step(of: stay.waitStart)
    if wait < end { holders[row].waiting.add(wait..<end) }
  }

  /// What one holder held over time.
  struct Account: Sendable {
    var key: Key
    var stays: Int
    var facts: Facts
    var held: HeldCurve
    var waiting: HeldCurve
    /// The most stays that began within `rateSpan` nanoseconds.
    var busiest: Int
    var rateSpan: Int64
  }

  /// All holders that are told apart.
  var accounts: [Account] {
    var kept: [UInt32: [Stay]] = [:]
    for stay in stays { kept[stay.holder, default: []].append(stay) }
    return holders.all.map { key, _, holder in
      isExact
        ? Self.account(of: key, holder, kept[holder.number] ?? [])
        : countedAccount(of: key, holder)
    }
  }

  private static func account(of key: Key, _ holder: Holder, _ stays: [Stay]) -> Account {
    let begun = HeldCurve(stays.map { ($0.start, $0.start.saturatingAdding(Self.rateSpan)) })
    return Account(
      key: key, stays: holder.stays, facts: holder.facts,
      held: HeldCurve(stays.map { ($0.start, $0.end) }),
      waiting: HeldCurve(stays.map { ($0.waitStart, $0.end) }),
      busiest: begun.peak?.held ?? 0, rateSpan: Self.rateSpan)
  }

  private func countedAccount(of key: Key, _ holder: Holder) -> Account {
    Account(
      key: key, stays: holder.stays, facts: holder.facts, held: curve(holder.held),
      waiting: curve(holder.waiting), busiest: holder.begun.peak?.held ?? 0,
      rateSpan: Int64(Self.rateSteps) * StepClock.step)
  }

  private func curve(_ occupancy: Occupancy) -> HeldCurve {
    HeldCurve(
      levels: occupancy.levels.map { HeldCurve.Point(time: clock.time(of: $0.step), held: $0.held) }
    )
  }
}
