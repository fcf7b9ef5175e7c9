internal import Glibc
internal import TCPTeardown

/// The idle times before the closes of one side of a service, counted in bins of some 2 %.
struct IdleTimes: Sendable {
  /// From 0.512 s on, 32 bins to each doubling, up to 18 hours.
  private static let binCount = 17 * binsPerDoubling
  private static let binsPerDoubling = 32
  /// The logarithm of the ratio of an hour, which few limits are longer than, to a second.
  private static let likelyWidth = log(3600.0)
  /// A group this unlikely to have come together by chance is a limit.
  private static let chance = 0.001
  private static let limitsAtMost = 3

  private var counts: [UInt32] = []
  /// The shortest time in each bin, in milliseconds.
  private var shortest: [UInt32] = []
  private var closes = 0

  mutating func add(_ idle: Int64) {
    let milliseconds = UInt32(clamping: idle / .nanosecondsPerMillisecond)
    guard let bin = Self.bin(of: milliseconds) else { return }
    if counts.isEmpty {
      counts = Array(repeating: 0, count: Self.binCount)
      shortest = Array(repeating: .max, count: Self.binCount)
    }
    closes += 1
    counts[bin] &+= 1
    shortest[bin] = min(shortest[bin], milliseconds)
  }

  /// Nil below 0.512 s and from 18 hours on.
  private static func bin(of milliseconds: UInt32) -> Int? {
    let doubling = 31 - milliseconds.leadingZeroBitCount
    guard doubling >= 9, doubling < 26 else { return nil }
    return (doubling - 9) * binsPerDoubling + Int(milliseconds >> (doubling - 5)) % binsPerDoubling
  }

  /// Dense groups, the largest first.
  ///
  /// A group is what lies between a value and the latest that a timer set to it would run out at:
  /// at least three closes, or two at a preset, at least three times as dense as what lies within
  /// half a doubling on either side, and too many for chance.
  var limits: [IdleLimits.Limit] {
    guard closes >= 2 else { return [] }
    var free = counts
    var found: [IdleLimits.Limit] = []
    while found.count < Self.limitsAtMost, let group = largestGroup(in: free, besides: found) {
      found.append(limit(of: group, in: free))
      for bin in group { free[bin] = 0 }
    }
    return found
  }

  private func largestGroup(
    in free: [UInt32], besides found: [IdleLimits.Limit]
  ) -> Range<Int>? {
    var largest: (group: Range<Int>, size: Int)?
    for first in free.indices where free[first] > 0 {
      let group = self.group(from: first)
      let size = group.reduce(0) { $0 + Int(free[$1]) }
      guard size > largest?.size ?? 1 else { continue }
      let limit = limit(of: group, in: free)
      if isDense(group, size, isPreset: limit.preset != nil), !isTail(limit, of: found) {
        largest = (group, size)
      }
    }
    return largest?.group
  }

  /// The logarithm of the ratio of the times that the bins begin and end with.
  private static func width(of bins: Range<Int>) -> Double {
    log(begin(of: bins.upperBound) / begin(of: bins.lowerBound))
  }

  /// Milliseconds.
  private static func begin(of bin: Int) -> Double {
    let (doubling, place) = bin.quotientAndRemainder(dividingBy: binsPerDoubling)
    return Double(binsPerDoubling + place)
      * Double(sign: .plus, exponent: doubling + 4, significand: 1)
  }

  /// The bins that a timer fills which runs out at the shortest time in `first` or later.
  private func group(from first: Int) -> Range<Int> {
    let limit = Int64(shortest[first]) * .nanosecondsPerMillisecond
    let latest = UInt32((limit + IdleLimit.lateness(of: limit)) / .nanosecondsPerMillisecond)
    return first..<1 + (Self.bin(of: latest) ?? Self.binCount - 1)
  }

  /// Its time is the least of the bin that the lower quartile is in: a few strays ahead of the
  /// timer must not shift it.
  private func limit(of group: Range<Int>, in free: [UInt32]) -> IdleLimits.Limit {
    let size = group.reduce(0) { $0 + Int(free[$1]) }
    var before = 0
    let bin = group.first { bin in
      before += Int(free[bin])
      return before > size / 4
    }
    let idle = Int64(shortest[bin ?? group.lowerBound]) * .nanosecondsPerMillisecond
    return IdleLimits.Limit(idle: idle, flows: size, preset: IdleLimit.preset(at: idle))
  }

  /// Whether so many closes come together neither by chance nor as part of a broad hump.
  private func isDense(_ group: Range<Int>, _ size: Int, isPreset: Bool) -> Bool {
    guard size >= (isPreset ? 2 : 3) else { return false }
    let width = Self.width(of: group)
    let span = Self.binsPerDoubling / 2
    let sides = [
      max(0, group.lowerBound - span)..<group.lowerBound,
      group.upperBound..<min(Self.binCount, group.upperBound + span),
    ]
    let densities = sides.map { side in
      side.isEmpty ? 0 : Double(side.reduce(0) { $0 + Int(counts[$1]) }) / Self.width(of: side)
    }
    let everywhere = Double(closes - size) / Self.likelyWidth
    let expected = max(densities[0], densities[1], everywhere) * width
    let places = isPreset ? Double(IdleLimit.presets.count) : Self.likelyWidth / width
    return Double(size) >= 3 * expected
      && Self.probability(of: size, expecting: expected) * places <= Self.chance
  }

  /// What comes shortly after a larger group is that timer run late, except at a preset of its own.
  private func isTail(_ limit: IdleLimits.Limit, of found: [IdleLimits.Limit]) -> Bool {
    limit.preset == nil
      && found.contains { limit.idle >= $0.idle && limit.idle <= $0.idle + $0.idle / 4 }
  }

  /// Of at least `count` where `mean` is the mean and each comes by itself (Poisson).
  private static func probability(of count: Int, expecting mean: Double) -> Double {
    guard mean > 0 else { return 0 }
    var term = exp(-mean + Double(count) * log(mean) - lgamma(Double(count) + 1))
    var sum = 0.0
    var number = Double(count)
    while term > sum * 1e-9, number < Double(count) + 1000 {
      sum += term
      number += 1
      term *= mean / number
    }
    return min(1, sum)
  }
}
