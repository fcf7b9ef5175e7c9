/// A line about one client's ports towards one destination.
struct PortRow {
  var name: String
  var connections: Int
  /// The most ports at one time, out of how many.
  var held: Int
  var ports: Int
  var forecast: PortForecast

  private static let nameColumns = 34

  static func writeHead(to text: inout TextWriter) {
    text.put("client -> destination", .strong)
    for (name, column) in [("flows", 42), ("held", 50), ("range %", 58), ("a second", 67)] {
      text.put(name, endingAt: column, .dim)
    }
    text.put("  forecast", .dim)
    text.endLine()
  }

  func write(to text: inout TextWriter) {
    text.put(name)
    // IPv6 takes a line of its own.
    if name.columns > Self.nameColumns { text.endLine() }
    text.put(Wording.grouped(connections), endingAt: 42)
    text.put(Wording.grouped(held), endingAt: 50)
    text.put(Wording.percent(held, of: ports), endingAt: 58)
    text.put(Wording.rate(forecast.perSecond), endingAt: 67)
    let isProblem = forecast.verdict == .ranOut || forecast.verdict == .runsOut
    // Of one connection a second nothing goes on.
    text.put("  " + (connections > 1 ? forecast.inShort : "-"), isProblem ? .problem : .plain)
    text.endLine()
  }
}
