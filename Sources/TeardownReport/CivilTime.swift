/// A moment as date and time of day, by the proleptic Gregorian calendar.
struct CivilTime: Equatable {
  var year: Int
  var month: Int
  var day: Int
  var hour: Int
  var minute: Int
  var second: Int
  var nanosecond: Int

  private static let secondsPerDay: Int64 = 86400
  private static let daysPerEra: Int64 = 146_097

  /// The UTC moment `nanoseconds` after 1970 began; every value of `Int64` has one (1677 to 2262).
  init(nanosecondsSince1970 nanoseconds: Int64) {
    let (seconds, rest) = nanoseconds.flooringDivision(by: 1_000_000_000)
    nanosecond = Int(rest)
    let (days, secondOfDay) = seconds.flooringDivision(by: Self.secondsPerDay)
    hour = Int(secondOfDay / 3600)
    minute = Int(secondOfDay / 60 % 60)
    second = Int(secondOfDay % 60)
    (year, month, day) = Self.date(daysSince1970: days)
  }

  /// Counts in years that begin in March, so that the leap day is the last of its year.
  private static func date(daysSince1970: Int64) -> (year: Int, month: Int, day: Int) {
    let daysFrom1MarchOf0To1970: Int64 = 719_468
    let (era, dayOfEra) = (daysSince1970 + daysFrom1MarchOf0To1970)
      .flooringDivision(by: daysPerEra)
    let leapDays = dayOfEra / 1460 - dayOfEra / 36524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leapDays) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // 153 days are five months of March to July, or of August to December.
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    return (Int(year), Int(month), Int(day))
  }
}

extension Int64 {
  /// Quotient and remainder, the remainder never negative.
  fileprivate func flooringDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  /// The difference, held at the bounds of `Int64`: stamps of a capture can lie anywhere.
  @inline(__always)
  func saturatingSubtracting(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }

  /// The sum, held at the bounds of `Int64`.
  @inline(__always)
  func saturatingAdding(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }
}
