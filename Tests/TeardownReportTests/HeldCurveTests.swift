import Testing

@testable import TeardownReport

@Suite("How many were held from moment to moment")
struct HeldCurveTests {
  typealias Stretch = (start: Int64, end: Int64)

  static let peaks: [([Stretch], Int, Int64, Int64)] = [
    ([(5, 9)], 1, 5, 9),
    ([(0, 10), (4, 6)], 2, 4, 6),
    // One that ends as another begins makes room for it.
    ([(0, 10), (10, 20)], 1, 0, 20),
    ([(0, 10), (0, 10), (10, 20)], 2, 0, 10),
    // The first of two that are as high.
    ([(0, 3), (1, 2), (10, 13), (11, 12)], 2, 1, 2),
    // Whatever holds nothing does not count.
    ([(7, 7), (9, 8), (1, 2)], 1, 1, 2),
    ([(.min, .max), (0, .max)], 2, 0, .max),
  ]

  @Test("the most at one time, since when and until when", arguments: peaks)
  func peak(stretches: [Stretch], held: Int, from: Int64, until: Int64) throws {
    let peak = try #require(HeldCurve(stretches).peak)
    #expect(peak == (held, from, until))
  }

  @Test("nothing held")
  func none() {
    let curve = HeldCurve([])
    #expect(curve.peak == nil && curve.span == nil)
    #expect(curve.held(at: 5) == 0 && curve.most(from: .min, until: .max) == 0)
  }

  @Test("at every moment and in every slice it is what counting gives")
  func counting() {
    var random = Numbers(state: 3)
    let stretches: [Stretch] = (0..<60).map { _ in
      let start = Int64(random.unit() * 100)
      return (start, start + Int64(random.unit() * 30))
    }
    let curve = HeldCurve(stretches)
    let counted = (Int64(-1)..<140).map { time in
      stretches.count { $0.start <= time && time < $0.end }
    }
    for time in Int64(-1)..<140 {
      #expect(curve.held(at: time) == counted[Int(time + 1)])
      for end in [time + 1, time + 7] where end < 140 {
        let most = counted[Int(time + 1)..<Int(end + 1)].max()
        #expect(curve.most(from: time, until: end) == most)
      }
    }
    #expect(curve.peak?.held == counted.max())
    #expect(curve.points.last?.held == 0)
  }

  static let sliced: [([Stretch], Int64, [Int])] = [
    ([(100, 101)], 1, [1, 0]),
    ([(100, 161), (100, 131)], 5, [2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 0]),
    ([(0, 20)], 1, Array(repeating: 1, count: 20) + [0]),
  ]

  @Test("slices are of a round length, at most twenty, and one of none", arguments: sliced)
  func slices(stretches: [Stretch], length: Int64, held: [Int]) throws {
    let curve = HeldCurve(stretches)
    let slices = try #require(PortSlices(curve, HeldCurve([]), captureEnd: nil))
    #expect(slices.length == length)
    #expect(slices.slices.map(\.held) == held)
    #expect(slices.slices.allSatisfy { $0.waiting == 0 && !$0.isBeyondCapture })
  }

  @Test("slices of the longest stretch there can be")
  func longest() throws {
    let curve = HeldCurve([(Int64.min, Int64.max)])
    let slices = try #require(PortSlices(curve, curve, captureEnd: .min))
    #expect(slices.slices.count <= 22)
    #expect(slices.slices.last?.isBeyondCapture == true)
  }
}
