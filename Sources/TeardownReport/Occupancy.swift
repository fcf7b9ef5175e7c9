/// How many of many stretches of time lie over one another at most.
///
/// Time is counted in steps from 0 on. Stretches come in nearly in the order of their ends, and what
/// is kept does not grow with their number: of the last 512 steps, by how many the number changes at
/// each; of the time before, the most in each of 64 sections, which get longer as time goes on, and
/// how many stretches span all of it, for those that come in long after they began. What does not
/// fit in there is left out, so that the most is never too high.
struct Occupancy: Sendable {
  private struct Section: Sendable {
    /// Of those that do not span the section, and at which step.
    var most: Int32 = 0
    var step: Int32 = 0
    var spanning: Int32 = 0

    var total: Int32 { most + spanning }
  }

  /// Steps may lie so far from 0 either way.
  static var stepsAtMost: Int64 { 1 << 29 }

  private static var window: Int32 { 512 }
  private static var sectionsAtMost: Int32 { 64 }

  /// By how many the number changes at each step of the window; empty before the first stretch.
  private var changes: [Int32] = []
  /// The first step of the window, the number before it, and the last step that has a change.
  private var base: Int32 = 0
  private var held: Int32 = 0
  private var lastChange: Int32 = 0
  private var sections: [Section] = []
  private var sectionLength: Int32 = 256

  var isEmpty: Bool { changes.isEmpty }

  /// Adds a number of stretches that cover the steps in `stretch`.
  mutating func add(_ stretch: Range<Int32>, times: Int32 = 1) {
    if changes.isEmpty {
      changes = Array(repeating: 0, count: Int(Self.window))
      sections = Array(repeating: Section(), count: Int(Self.sectionsAtMost))
      base = stretch.upperBound - (Self.window - 1)
    }
    guard stretch.count > Int(sectionLength) else { return addToWindow(stretch, times) }
    while stretch.upperBound / sectionLength >= Self.sectionsAtMost { joinSections() }
    let first = max(0, stretch.lowerBound + (sectionLength - 1)) / sectionLength
    let last = stretch.upperBound / sectionLength
    guard first < last else { return addToWindow(stretch, times) }
    for place in first..<last { sections[Int(place)].spanning += times }
    addToWindow(min(stretch.lowerBound, first * sectionLength)..<first * sectionLength, times)
    addToWindow(last * sectionLength..<stretch.upperBound, times)
  }

  /// The most at one time, and the first step that showed it; nil without any.
  var peak: (held: Int, step: Int32)? {
    guard !isEmpty else { return nil }
    var settled = self
    settled.moveWindow(to: lastChange + 1)
    var peak: (held: Int, step: Int32)?
    for (place, section) in settled.sections.enumerated()
    where Int(section.total) > peak?.held ?? 0 {
      let step = section.most > 0 ? section.step : Int32(place) * settled.sectionLength
      peak = (Int(section.total), step)
    }
    return peak
  }

  /// How many at one time, from each step on at which that changes: of the last 512 steps each, of
  /// the time before the most in each section.
  var levels: [(step: Int32, held: Int)] {
    guard !isEmpty else { return [] }
    var levels: [(step: Int32, held: Int)] = []
    for place in sections.indices {
      let start = Int32(place) * sectionLength
      if start < base, sections[place].total > 0 || !levels.isEmpty {
        levels.append((start, Int(sections[place].total)))
      }
    }
    var held = self.held
    for step in base..<max(base, lastChange) + 1 {
      held += changes[place(of: step)]
      let section = Int(max(0, step / sectionLength))
      let spanning = section < sections.count ? sections[section].spanning : 0
      levels.append((step, Int(held + spanning)))
    }
    return levels
  }

  @inline(__always)
  private mutating func addToWindow(_ stretch: Range<Int32>, _ times: Int32) {
    if stretch.upperBound - base >= Self.window {
      moveWindow(to: stretch.upperBound - (Self.window - 1))
    }
    let start = max(base, stretch.lowerBound)
    guard start < stretch.upperBound else { return }
    changes[place(of: start)] += times
    changes[place(of: stretch.upperBound)] -= times
    lastChange = max(lastChange, stretch.upperBound)
  }

  @inline(__always)
  private func place(of step: Int32) -> Int { Int(step & (Self.window - 1)) }

  /// Takes the steps before `step` out of the window.
  private mutating func moveWindow(to step: Int32) {
    while base < step, base <= lastChange {
      held += changes[place(of: base)]
      changes[place(of: base)] = 0
      if held > 0 { note(held, at: base) }
      base += 1
    }
    base = max(base, step)
  }

  private mutating func note(_ number: Int32, at step: Int32) {
    while step / sectionLength >= Self.sectionsAtMost { joinSections() }
    let place = Int(max(0, step / sectionLength))
    guard number > sections[place].most else { return }
    sections[place].most = number
    sections[place].step = step
  }

  /// Makes one section of every two.
  private mutating func joinSections() {
    for place in 0..<sections.count / 2 {
      let pair = (sections[2 * place], sections[2 * place + 1])
      var joined = pair.1.total > pair.0.total ? pair.1 : pair.0
      // A stretch that spans one half only stays in what was noted there.
      let spanning = min(pair.0.spanning, pair.1.spanning)
      joined.most = joined.total - spanning
      joined.spanning = spanning
      sections[place] = joined
    }
    for place in sections.count / 2..<sections.count { sections[place] = Section() }
    sectionLength *= 2
  }
}
