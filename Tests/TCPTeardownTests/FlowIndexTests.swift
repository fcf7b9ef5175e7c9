import Testing

@testable import TCPTeardown

@Suite("Index of flows")
struct FlowIndexTests {
  /// Rows by hash; the index must always say the same.
  struct Model: ~Copyable {
    var index = FlowIndex()
    var rows: [(row: Int, hash: UInt32)] = []

    mutating func insert(_ row: Int, _ hash: UInt32) {
      index.insert(row, hash: hash)
      rows.append((row, hash))
    }

    mutating func removeFirst() {
      let (row, hash) = rows.removeFirst()
      index.remove(row, hash: hash)
    }

    /// The entries that the index does not lead to.
    var lost: [Int] {
      rows.filter { entry in index.row(entry.hash) { $0 == entry.row } != entry.row }.map(\.row)
    }
  }

  /// Hashes spread out, next to each other, around the table's end, on few places.
  static let hashes: [@Sendable (Int) -> UInt32] = [
    { UInt32(truncatingIfNeeded: $0 &* 2_654_435_761) },
    { UInt32($0) },
    { UInt32(truncatingIfNeeded: $0 - 20) },
    { UInt32($0 % 7) },
  ]

  @Test("finds what is there, and nothing else, while rows come and go", arguments: 0..<4)
  func comesAndGoes(kind: Int) {
    let hash = Self.hashes[kind]
    var model = Model()
    for row in 0..<600 {
      model.insert(row, hash(row))
      if row % 3 == 0 { model.removeFirst() }
      #expect(model.index.count == model.rows.count)
    }
    #expect(model.lost.isEmpty)
    while !model.rows.isEmpty {
      let gone = model.rows[0]
      model.removeFirst()
      #expect(model.index.row(gone.hash) { $0 == gone.row } == -1)
      if model.rows.count % 50 == 0 { #expect(model.lost.isEmpty) }
    }
    #expect(model.index.count == 0)
  }

  @Test("what is looked up comes forward, and nothing is lost", arguments: 0..<4)
  func comesForward(kind: Int) {
    let hash = Self.hashes[kind]
    var model = Model()
    for turn in 0..<3000 {
      model.insert(turn, hash(turn))
      if turn % 2 == 1 { model.removeFirst() }
      let (row, hash) = model.rows[turn &* 7919 % model.rows.count]
      let found = model.index.presumedRow(hash)
      #expect(model.rows.contains { $0.row == found && $0.hash == hash })
      #expect(model.index.row(hash) { $0 == row } == row)
      #expect(model.index.presumedRow(hash ^ 0x8000_0000) == -1)
      if turn % 100 == 0 { #expect(model.lost.isEmpty) }
    }
    #expect(model.lost.isEmpty)
  }

  @Test("grows without losing a row")
  func grows() {
    var model = Model()
    for row in 0..<20_000 { model.insert(row, UInt32(truncatingIfNeeded: row &* 40_503)) }
    #expect(model.lost.isEmpty)
  }

  @Test("tells rows with one hash apart by asking")
  func equalHashes() {
    var index = FlowIndex()
    index.insert(3, hash: 77)
    index.insert(4, hash: 77)
    #expect(index.row(77) { $0 == 4 } == 4)
    #expect(index.row(77) { _ in false } == -1)
  }

  @Test("leads to the row that takes another's place")
  func replaces() {
    var index = FlowIndex()
    index.insert(0, hash: .max)
    index.insert(1, hash: .max)
    index.replace(0, by: 9, hash: .max)
    #expect(index.row(.max) { $0 == 9 } == 9)
    #expect(index.row(.max) { $0 == 0 } == -1)
    #expect(index.row(.max) { $0 == 1 } == 1)
    index.replace(5, by: 6, hash: .max)
    #expect(index.count == 2)
  }
}
