/// A list that grows by chunks: growing never moves what is there.
///
/// An array that doubles copies all of its elements and for a moment needs room for three times
/// as many; with hundreds of thousands of flows that took longer than following them.
struct Chunks<Element> {
  private static var shift: Int { 11 }
  private static var mask: Int { 1 << shift - 1 }

  private var chunks: [ContiguousArray<Element>] = []
  private(set) var count = 0

  mutating func append(_ element: Element) {
    if count & Self.mask == 0 {
      var chunk = ContiguousArray<Element>()
      chunk.reserveCapacity(Self.mask + 1)
      chunks.append(chunk)
    }
    chunks[count >> Self.shift].append(element)
    count += 1
  }

  subscript(index: Int) -> Element {
    @inline(__always) get { chunks[index >> Self.shift][index & Self.mask] }
    @inline(__always) _modify {
      // Spans, for the arrays' own way in is a call that has to be called back when it is done.
      var all = chunks.mutableSpan
      var chunk = all[index >> Self.shift].mutableSpan
      yield &chunk[index & Self.mask]
    }
  }
}

extension Chunks: Sendable where Element: Sendable {}
