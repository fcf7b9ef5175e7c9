import PacketDecoding

/// What may happen to a capture without a change of what the two hosts did.
enum Alteration: CustomStringConvertible {
  /// Frames keep their stamps and stand in another order, none more than 50 ms before an earlier.
  case reordered(seed: UInt64)
  /// Each frame is there twice, 200 us apart, as a mirror port shows it.
  case doubled
  /// The capture began three segments later, for each pair of endpoints.
  case beheaded

  static let all: [Alteration] =
    (1...5).map { .reordered(seed: $0) } + [.doubled, .beheaded]

  private static let segmentsCut = 3
  private static let delay: Int64 = 50_000_000

  /// Part of what happened is not in the capture any more.
  var losesSegments: Bool {
    guard case .beheaded = self else { return false }
    return true
  }

  var description: String {
    switch self {
    case .reordered(let seed): "reordered (seed \(seed))"
    case .doubled: "doubled"
    case .beheaded: "first \(Self.segmentsCut) cut"
    }
  }

  func apply(to capture: CaptureBytes) -> CaptureBytes {
    var altered = capture
    switch self {
    case .reordered(let seed): altered.frames = Self.reordered(capture.frames, seed)
    case .doubled: altered.frames = Self.doubled(capture.frames)
    case .beheaded: altered.frames = Self.beheaded(capture.frames)
    }
    return altered
  }

  /// Every other frame, by chance, is held up by at most 50 ms.
  private static func reordered(
    _ frames: [CaptureBytes.Frame], _ seed: UInt64
  ) -> [CaptureBytes.Frame] {
    var chance = SplitMix64(state: seed)
    let places = frames.map { frame -> Int64 in
      let isHeldUp = Bool.random(using: &chance)
      return frame.time + (isHeldUp ? Int64.random(in: 0..<delay, using: &chance) : 0)
    }
    return zip(places, frames).enumerated()
      .sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element.1)
  }

  private static func doubled(_ frames: [CaptureBytes.Frame]) -> [CaptureBytes.Frame] {
    let copies = frames.map { frame in
      var copy = frame
      copy.time += 200_000
      return copy
    }
    return (frames + copies).enumerated()
      .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }

  private static func beheaded(_ frames: [CaptureBytes.Frame]) -> [CaptureBytes.Frame] {
    var seen: [Set<Endpoint>: Int] = [:]
    return frames.filter { frame in
      guard let ends = frame.ends else { return true }
      seen[ends, default: 0] += 1
      return seen[ends, default: 0] > segmentsCut
    }
  }
}

/// Chance that is the same in each run (Steele, Lea and Flood, 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
