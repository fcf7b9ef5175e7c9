import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("HTML: what is held over time")
struct HTMLHeldOverTimeTests {
  private static let second = Int64.nanosecondsPerSecond

  /// Nanoseconds held in all, by the means of the steps.
  private static func area(_ held: HTMLHeldOverTime) -> Double {
    held.means(within: .min ... .max).reduce(0) { $0 + $1 * Double(held.step) }
  }

  @Test("within one step the mean is the share of the step")
  func withinStep() {
    var held = HTMLHeldOverTime()
    let step = held.step
    held.add(from: 10 * step, until: 10 * step + step / 4)
    held.add(from: 10 * step, until: 10 * step + step / 2)
    #expect(held.count == 1 && held.start == 10 * step)
    #expect(abs(held.means(within: .min ... .max)[0] - 0.75) < 1e-6)
  }

  @Test("a step that the capture cuts counts as far as the capture goes")
  func cutStep() {
    var held = HTMLHeldOverTime()
    let step = held.step
    held.add(from: 0, until: step + step / 2)
    #expect(held.means(within: 0...step + step / 2) == [1, 1])
  }

  @Test("however long the time, no time is lost, the steps are few, and the means are right")
  func longTime() {
    var held = HTMLHeldOverTime()
    var total: Int64 = 0
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let entry = Int64.random(in: 0..<86400 * Self.second, using: &generator)
      let length = Int64.random(in: 0..<240 * Self.second, using: &generator)
      held.add(from: entry, until: entry + length)
      total += length
    }
    #expect(held.count <= HTMLHeldOverTime.stepsAtMost)
    #expect(held.step <= 1024 * Self.second)
    #expect(abs(Self.area(held) / Double(total) - 1) < 1e-9)
  }

  @Test("one that spans many steps is held in each, also where these were joined since")
  func spanning() {
    var held = HTMLHeldOverTime()
    held.add(from: 100 * Self.second, until: 160 * Self.second)
    held.add(from: 0, until: 1)
    held.add(from: 3599 * Self.second, until: 3600 * Self.second)
    let means = held.means(within: .min ... .max)
    let inside = means.indices.filter {
      let begin = held.start + Int64($0) * held.step
      return begin >= 100 * Self.second && begin + held.step <= 160 * Self.second
    }
    #expect(inside.count >= 2)
    for place in inside { #expect(abs(means[place] - 1) < 1e-9) }
  }

  @Test("what ends before it begins, and times at the ends of their range, do no harm")
  func odd() {
    var held = HTMLHeldOverTime()
    held.add(from: 5, until: 5)
    held.add(from: 5, until: -5)
    #expect(held.count == 0)
    held.add(from: -3 * Self.second, until: -1)
    held.add(from: 4_294_967_295 * Self.second, until: .max)
    #expect(held.count <= HTMLHeldOverTime.stepsAtMost)
    held.add(from: .min, until: .min + 10)
    #expect(held.count <= HTMLHeldOverTime.stepsAtMost)
  }
}
