internal import BasicContainers

/// A list that grows by chunks: growing never moves what is there.
///
/// An array that doubles copies all of its elements and for a moment needs room for three times
/// as many; with hundreds of thousands of flows that took longer than following them. And whoever
/// changes an array's element asks first whether the array is shared, twice for each segment here:
/// these chunks have one owner, and nobody asks.
struct Chunks<Element>: ~Copyable {
  typealias Chunk = UniqueArray<Element>

  private static var shift: Int { 9 }
  private static var mask: Int { 1 << shift - 1 }

  // Each is full of elements from the start: a new one is written in its place, never moved there.
  private var chunks = UniqueArray<Chunk>()
  private let empty: Element
  /// The next chunk, where another thread has made it.
  private var spare: Chunk?
  private(set) var count = 0

  /// `empty` is what a new element is before anything is written to it.
  init(of empty: Element) { self.empty = empty }

  /// Adds `added` empty elements, and returns the place of the first: all lie in one chunk if their
  /// number is a power of two, and that of those before a multiple of it.
  mutating func grow(by added: Int = 1) -> Int {
    let place = count
    count += added
    if (count - 1) >> Self.shift == chunks.count {
      chunks.append(spare.take() ?? Self.makeChunk(of: empty))
    }
    return place
  }

  /// Room for what comes, full of `empty`: what the system takes to give it is not little.
  static func makeChunk(of empty: Element) -> Chunk { Chunk(repeating: empty, count: mask + 1) }

  /// Takes a chunk that was made elsewhere, if none is at hand.
  mutating func takeSpare(_ chunk: inout Chunk?) {
    if spare == nil { spare = chunk.take() }
  }

  /// Makes the element at `index` an empty one again.
  mutating func clear(_ index: Int) { self[index] = empty }

  subscript(index: Int) -> Element {
    @inline(__always) get { chunks[index >> Self.shift][index & Self.mask] }
    @inline(__always) _modify { yield &chunks[index >> Self.shift][index & Self.mask] }
  }
}

extension Chunks: Sendable where Element: Sendable {}
