internal import BasicContainers

/// Finds the row of a flow by the hash of its tuple: open addressing with linear probing.
///
/// Of a flow that was packed its number is negative, see `ClosedFlows`.
///
/// A slot holds a row's number and 32 bits of its hash. These also tell where the slot would best
/// be, so growing and closing up look at no row, and a search only at the one that it finds. What
/// was put in or looked up last stands just where its search begins, and what stood there behind:
/// most rows are of settled flows, which nobody looks up.
struct FlowIndex: ~Copyable, Sendable {
  // Low 32 bits: row + 1, 0 in an empty slot. High 32 bits: the hash.
  private var slots: UniqueArray<UInt64>
  private var mask: Int
  private(set) var count = 0

  init() {
    slots = UniqueArray(repeating: 0, count: 1 << 12)
    mask = slots.count - 1
  }

  /// The row with `hash` for which `matches` says yes, or -1 for none.
  @inline(__always)
  func row(_ hash: UInt32, where matches: (Int) -> Bool) -> Int {
    var slot = Int(hash) & mask
    while true {
      let entry = slots[slot]
      if entry == 0 { return -1 }
      if Self.hash(entry) == hash, matches(Self.row(entry)) { return Self.row(entry) }
      slot = (slot + 1) & mask
    }
  }

  /// Looks at where a search for `hash` begins, only to have it at hand.
  @inline(__always)
  func touch(_ hash: UInt32) -> UInt64 { slots[Int(hash) & mask] }

  /// The first row found with `hash`, or -1: with another tuple's, in one of many millions.
  @inline(__always)
  mutating func presumedRow(_ hash: UInt32) -> Int {
    let entry = slots[Int(hash) & mask]
    return entry != 0 && Self.hash(entry) == hash ? Self.row(entry) : bringForward(hash)
  }

  /// Finds the first row with `hash`, and lets it change places with what stands where the search
  /// begins.
  @inline(never)
  private mutating func bringForward(_ hash: UInt32) -> Int {
    let home = Int(hash) & mask
    var slot = home
    while slots[slot] != 0 {
      if Self.hash(slots[slot]) == hash {
        slots.swapAt(home, slot)
        return Self.row(slots[home])
      }
      slot = (slot + 1) & mask
    }
    return -1
  }

  /// Makes `hash` lead to `row`, which must not be there.
  mutating func insert(_ row: Int, hash: UInt32) {
    if (count + 1) * 3 > slots.count * 2 { grow() }
    let home = Int(hash) & mask
    let former = slots[home]
    slots[home] = Self.entry(row, hash)
    // Behind its own home and this one, with no empty slot between: a search still finds it.
    if former != 0 { place(former, from: home) }
    count += 1
  }

  /// Makes the entry of `row`, if there is one, lead to `other`.
  mutating func replace(_ row: Int, by other: Int, hash: UInt32) {
    guard let slot = slot(of: row, hash) else { return }
    slots[slot] = Self.entry(other, hash)
  }

  /// Forgets `row`; the slots behind close up, so no tombstone is left.
  mutating func remove(_ row: Int, hash: UInt32) {
    guard var hole = slot(of: row, hash) else { return }
    count -= 1
    var slot = hole
    while true {
      slot = (slot + 1) & mask
      let entry = slots[slot]
      if entry == 0 { break }
      let home = Int(Self.hash(entry)) & mask
      if (slot - home) & mask >= (slot - hole) & mask {
        slots[hole] = entry
        hole = slot
      }
    }
    slots[hole] = 0
  }

  private func slot(of row: Int, _ hash: UInt32) -> Int? {
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      if slots[slot] == Self.entry(row, hash) { return slot }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Puts an entry into the first empty slot from `home` on.
  private mutating func place(_ entry: UInt64, from home: Int) {
    var slot = home
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = entry
  }

  private mutating func grow() {
    var old = UniqueArray<UInt64>(repeating: 0, count: slots.count * 2)
    swap(&old, &slots)
    mask = slots.count - 1
    for slot in old.indices where old[slot] != 0 {
      place(old[slot], from: Int(Self.hash(old[slot])) & mask)
    }
  }

  private static func entry(_ row: Int, _ hash: UInt32) -> UInt64 {
    UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: row &+ 1))
  }

  @inline(__always)
  private static func hash(_ entry: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: entry >> 32) }

  @inline(__always)
  private static func row(_ entry: UInt64) -> Int { Int(Int32(truncatingIfNeeded: entry)) &- 1 }
}
