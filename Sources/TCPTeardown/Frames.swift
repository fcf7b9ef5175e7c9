/// Frame numbers that show a claim, at most four, in 21 octets: many claims are kept at a time.
package struct Frames: Equatable, Sendable {
  /// The low 32 bits of two at a time, and the 8 bits above these of all: as far as the numbers of
  /// observations go.
  private var lower: UInt64 = 0
  private var upper: UInt64 = 0
  private var high: UInt32 = 0
  private var length: UInt8 = 0

  /// Numbers beyond this stay there: a million million packets, 100 TB of capture at the least.
  private static let last = 1 << 40 - 1

  package init() {}

  @inline(__always)
  package init(_ frame: Int) {
    let held = min(frame, Self.last)
    lower = UInt64(UInt32(truncatingIfNeeded: held))
    high = UInt32(truncatingIfNeeded: held >> 32)
    length = frame == 0 ? 0 : 1
  }

  /// Two that stand in the order of the capture, and neither is 0.
  @inline(__always)
  init(_ first: Int, before second: Int) {
    self.init(first)
    self[1] = min(second, Self.last)
    length = 2
  }

  package init(_ first: Int, _ second: Int, _ third: Int = 0, _ fourth: Int = 0) {
    self.init(first)
    add(second)
    add(third)
    add(fourth)
  }

  package var count: Int { Int(length) }

  /// Adds `frame`, unless it is there already, is 0 (not captured), or there is no room.
  ///
  /// They stand in the order of the capture, whatever the order they are added in.
  package mutating func add(_ frame: Int) {
    guard frame != 0 else { return }
    let frame = min(frame, Self.last)
    guard !contains(frame), count < 4 else { return }
    var place = count
    while place > 0, self[place - 1] > frame {
      self[place] = self[place - 1]
      place -= 1
    }
    self[place] = frame
    length += 1
  }

  package private(set) subscript(index: Int) -> Int {
    @inline(__always)
    get {
      let low = (index < 2 ? lower : upper) >> UInt64(index & 1 * 32)
      return Int(high >> UInt32(index * 8) & 0xFF) << 32 | Int(UInt32(truncatingIfNeeded: low))
    }
    @inline(__always)
    set {
      let low = UInt64(UInt32(truncatingIfNeeded: newValue)) << UInt64(index & 1 * 32)
      let kept = ~(UInt64(UInt32.max) << UInt64(index & 1 * 32))
      if index < 2 { lower = lower & kept | low } else { upper = upper & kept | low }
      let shift = UInt32(index * 8)
      high = high & ~(0xFF << shift) | UInt32(truncatingIfNeeded: newValue >> 32) << shift
    }
  }

  package func contains(_ frame: Int) -> Bool {
    for index in 0..<count where self[index] == frame { return true }
    return false
  }

  package var array: [Int] { (0..<count).map { self[$0] } }
}
