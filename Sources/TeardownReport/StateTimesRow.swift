extension StateTimes.Row {
  /// What the numbers of a row are called in tables.
  static let columns = ["stays", "50 %", "90 %", "99 %", "longest", "no end"]

  /// The numbers under these names; `isNothing` marks those that need no look.
  var cells: [(text: String, isNothing: Bool)] {
    let times = [median, ninetieth, ninetyNinth, longest].map { time in
      count > 0 ? (Wording.threeDigits(time), false) : ("-", true)
    }
    return [(Wording.grouped(count), count == 0)] + times
      + [(Wording.grouped(withoutEnd), withoutEnd == 0)]
  }
}
