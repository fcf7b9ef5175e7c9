internal import TCPTeardown

/// How long sides stayed in each state, as far as segments show when they entered and left it.
///
/// Told apart for 64 services. A time is kept to two digits, in the bins that HdrHistogram has for
/// that, however many there are, and told as the roundest of those that it may have been; one that rests on an assumption, as where
/// TIME-WAIT ends after 2MSL, is only counted.
struct StateTimes: Sendable {
  /// How often, and for how long, sides were in one state.
  struct Row: Sendable {
    var state: State
    /// Stays whose length is known.
    var count: Int
    /// Nanoseconds, within 1 %: half, 90 % and 99 % of these stays are no longer; and the longest.
    var median: Int64
    var ninetieth: Int64
    var ninetyNinth: Int64
    var longest: Int64
    /// Stays whose end no segment shows.
    var withoutEnd: Int
  }

  /// Those that a connection is in.
  private static let states = State.allCases.filter { $0 != .closed && $0 != .listen }
  private static var statesAtMost: Int { 11 }
  /// Microseconds: 50 days; all that is longer is in the last bin.
  private static var longest: UInt64 { 1 << 42 - 1 }
  private static var binsAtMost: Int { 36 * binsPerDoubling }
  private static var binsPerDoubling: Int { 128 }
  private static var servicesAtMost: Int { 64 }

  /// By slot, state and bin: the first slot is of all services that have none of their own.
  ///
  /// A `Histogram` takes twice as long to record a stay; and one for each state and service, made of
  /// these counts in the end, took 15 million instructions to walk through bins in which nothing is.
  private var counts: [UInt32] = []
  private var endless: [UInt32] = []
  /// Of each service its slot, or 0, and its flows as long as it has none.
  private var slots: [UInt8] = []
  private var flows: [UInt8] = []
  private var slotCount = 0

  /// Takes in a record of the service with this number, counted from 0 as they come.
  @inline(__always)
  mutating func add(_ record: borrowing FlowRecord, service: Int) {
    let isKnown = service < slots.count && slots[service] != 0
    let slot = isKnown ? Int(slots[service]) : findSlot(of: service)
    let first = slot * Self.statesAtMost
    Self.add(record.teardown.states.client, from: first, to: &counts, &endless)
    Self.add(record.teardown.states.server, from: first, to: &counts, &endless)
  }

  @inline(__always)
  private static func add(
    _ states: borrowing [StateInterval], from first: Int, to counts: inout [UInt32],
    _ endless: inout [UInt32]
  ) {
    // One look at whose array it is, for all that is changed.
    let states = states.span
    var counts = counts.mutableSpan
    guard var number = states.isEmpty ? nil : states[0].state.place else { return }
    var entry = states[0].entry.time
    var isShown = states[0].entry.grade.isEvidence
    for place in 1..<states.count {
      // One state is left as the next is entered.
      let left = states[place].entry.time
      let isNextShown = states[place].entry.grade.isEvidence
      if isShown, isNextShown {
        let length = UInt64(truncatingIfNeeded: max(0, left &- entry)) / 1000
        counts[(first &+ number) &* Self.binsAtMost &+ Self.bin(of: length)] &+= 1
      } else {
        endless[first &+ number] &+= 1
      }
      (number, entry, isShown) = (states[place].state.place, left, isNextShown)
    }
    endless[first + number] &+= 1
  }

  /// The first services get a slot at once, later ones with their 64th flow: who tries all ports must
  /// not take every slot.
  @inline(never)
  private mutating func findSlot(of service: Int) -> Int {
    if counts.isEmpty { addSlot() }
    while slots.count <= service {
      slots.append(0)
      flows.append(0)
    }
    flows[service] = min(flows[service], .max - 1) + 1
    let limit = flows[service] < 64 ? Self.servicesAtMost / 2 : Self.servicesAtMost
    guard slotCount <= limit else { return 0 }
    slots[service] = UInt8(slotCount)
    addSlot()
    return Int(slots[service])
  }

  private mutating func addSlot() {
    counts.append(contentsOf: repeatElement(0, count: Self.statesAtMost * Self.binsAtMost))
    endless.append(contentsOf: repeatElement(0, count: Self.statesAtMost))
    slotCount += 1
  }

  /// Up to 255 microseconds each has a bin of its own.
  @inline(__always)
  private static func bin(of length: UInt64) -> Int {
    let length = min(length, longest)
    let shift = 56 &- (length | 0xFF).leadingZeroBitCount
    return shift &* binsPerDoubling
      &+ Int(truncatingIfNeeded: length &>> UInt64(truncatingIfNeeded: shift))
  }

  /// The shortest time in a bin, in microseconds.
  private static func length(in bin: Int) -> UInt64 {
    let shift = max(0, bin / binsPerDoubling - 1)
    return UInt64(bin - shift * binsPerDoubling) << UInt64(shift)
  }

  /// The states that sides were in, of all services.
  var rows: [Row] { Self.states.compactMap { row($0, ofSlots: 0..<slotCount) } }

  /// The same of one service, for some states only; none where it is not told apart.
  func rows(ofService service: Int, in states: [State]? = nil) -> [Row] {
    guard service < slots.count, slots[service] != 0 else { return [] }
    let slot = Int(slots[service])
    return (states ?? Self.states).compactMap { row($0, ofSlots: slot..<slot + 1) }
  }

  private func row(_ state: State, ofSlots slots: Range<Int>) -> Row? {
    var row = Row(
      state: state, count: 0, median: 0, ninetieth: 0, ninetyNinth: 0, longest: 0, withoutEnd: 0)
    for slot in slots {
      row.withoutEnd += Int(endless[slot * Self.statesAtMost + state.place])
    }
    let bins = bins(of: state, inSlots: slots)
    row.count = bins.reduce(0, +)
    guard row.count > 0, let last = bins.lastIndex(where: { $0 > 0 }) else {
      return row.withoutEnd > 0 ? row : nil
    }
    row.median = Self.time(notExceededBy: 50, bins, row.count)
    row.ninetieth = Self.time(notExceededBy: 90, bins, row.count)
    row.ninetyNinth = Self.time(notExceededBy: 99, bins, row.count)
    row.longest = Self.time(in: last)
    return row
  }

  /// How many stays are in each bin.
  private func bins(of state: State, inSlots slots: Range<Int>) -> [Int] {
    var bins = Array(repeating: 0, count: Self.binsAtMost)
    for slot in slots {
      let first = (slot * Self.statesAtMost + state.place) * Self.binsAtMost
      for bin in bins.indices { bins[bin] += Int(counts[first + bin]) }
    }
    return bins
  }

  /// What so many of a hundred stays do not exceed, in nanoseconds.
  private static func time(notExceededBy percent: Int, _ bins: [Int], _ count: Int) -> Int64 {
    var missing = (count * percent + 99) / 100
    for bin in bins.indices {
      missing -= bins[bin]
      if missing <= 0 { return time(in: bin) }
    }
    return 0
  }

  /// The roundest time in a bin, in nanoseconds: timeouts are set to round numbers, and one of 60 s
  /// should not be told as 59.77 s.
  private static func time(in bin: Int) -> Int64 {
    let (low, high) = (length(in: bin), length(in: bin + 1) - 1)
    let middle = low + (high - low) / 2
    var roundest = middle
    var unit: UInt64 = 10
    while unit <= high {
      let nearest = (middle + unit / 2) / unit * unit
      let next = nearest < low ? nearest + unit : nearest > high ? nearest - unit : nearest
      guard low <= next, next <= high else { break }
      roundest = next
      unit *= 10
    }
    return Int64(roundest) * 1000
  }
}

extension Grade {
  @inline(__always)
  fileprivate var isEvidence: Bool {
    switch self {
    case .observed, .inferred: true
    case .assumed, .unknown: false
    }
  }
}
