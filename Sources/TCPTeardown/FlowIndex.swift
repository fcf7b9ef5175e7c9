/// Finds the row of a flow by its tuple: open addressing with linear probing.
///
/// A slot holds a row's number and 32 bits of its hash, so that a miss seldom touches a key.
struct FlowIndex: Sendable {
  /// Low 32 bits: row + 1, 0 in an empty slot. High 32 bits: the top of the hash.
  private var slots: [UInt64]
  private var keys = Chunks<FlowKey>()
  private var mask: Int
  private(set) var count = 0
  private let seed: UInt64

  init() {
    slots = Array(repeating: 0, count: 1 << 12)
    mask = slots.count - 1
    // Swift seeds its hasher anew in every process, so tuples cannot be chosen to collide.
    seed = UInt64(bitPattern: Int64(Hasher().finalize())) | 1
  }

  @inline(__always)
  func hash(of key: FlowKey) -> UInt64 { key.hash(seed: seed) }

  /// The row of `key`, or -1.
  @inline(__always)
  func row(of key: FlowKey, hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let entry = slots[slot]
      if entry == 0 { return -1 }
      if entry >> 32 == hash >> 32 {
        let row = Int(entry & 0xFFFF_FFFF) - 1
        if keys[row] == key { return row }
      }
      slot = (slot + 1) & mask
    }
  }

  /// Makes `key`, which must not be there, lead to `row`.
  mutating func insert(_ key: FlowKey, hash: UInt64, row: Int) {
    if (count + 1) * 3 > slots.count * 2 { grow() }
    setKey(of: row, to: key)
    place(hash: hash, row: row)
    count += 1
  }

  /// Makes the present `key` lead to another row.
  mutating func move(_ key: FlowKey, hash: UInt64, to row: Int) {
    remove(key, hash: hash)
    insert(key, hash: hash, row: row)
  }

  /// Forgets `key`; the slots behind close up, so no tombstone is left.
  mutating func remove(_ key: FlowKey, hash: UInt64) {
    var hole = Int(truncatingIfNeeded: hash) & mask
    while true {
      let entry = slots[hole]
      if entry == 0 { return }
      if entry >> 32 == hash >> 32, keys[Int(entry & 0xFFFF_FFFF) - 1] == key { break }
      hole = (hole + 1) & mask
    }
    count -= 1
    var slot = hole
    while true {
      slot = (slot + 1) & mask
      let entry = slots[slot]
      if entry == 0 { break }
      let home = Int(truncatingIfNeeded: self.hash(of: keys[Int(entry & 0xFFFF_FFFF) - 1])) & mask
      if (slot - home) & mask >= (slot - hole) & mask {
        slots[hole] = entry
        hole = slot
      }
    }
    slots[hole] = 0
  }

  func key(of row: Int) -> FlowKey { keys[row] }

  private mutating func setKey(of row: Int, to key: FlowKey) {
    if row == keys.count { keys.append(key) } else { keys[row] = key }
  }

  private mutating func place(hash: UInt64, row: Int) {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = (hash & ~0xFFFF_FFFF) | UInt64(row + 1)
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: old.count * 2)
    mask = slots.count - 1
    for entry in old where entry != 0 {
      let row = Int(entry & 0xFFFF_FFFF) - 1
      place(hash: hash(of: keys[row]), row: row)
    }
  }
}
