/// A line about one client's ports towards one destination.
struct PortRow {
  var name: String
  var connections: Int
  /// The most ports at one time, out of how many.
  var held: Int
  var ports: Int
  var forecast: PortForecast

  private static let nameColumns = 34

  /// What the numbers are called, and the column of text where each ends.
  static let columns = [("flows", 42), ("held", 50), ("range %", 58), ("a second", 67)]

  /// The numbers under these names.
  var numbers: [String] {
    [
      Wording.grouped(connections), Wording.grouped(held), Wording.percent(held, of: ports),
      Wording.rate(forecast.perSecond),
    ]
  }

  /// The forecast in two words; of one connection a second nothing goes on.
  var outlook: String { connections > 1 ? forecast.inShort : "-" }

  var isProblem: Bool { forecast.verdict == .ranOut || forecast.verdict == .runsOut }

  static func writeHead(to text: inout TextWriter) {
    text.put("client -> destination", .strong)
    for (name, column) in columns { text.put(name, endingAt: column, .dim) }
    text.put("  forecast", .dim)
    text.endLine()
  }

  func write(to text: inout TextWriter) {
    text.put(name)
    // IPv6 takes a line of its own.
    if name.columns > Self.nameColumns { text.endLine() }
    for (number, column) in zip(numbers, Self.columns) {
      text.put(number, endingAt: column.1)
    }
    text.put("  " + outlook, isProblem ? .problem : .plain)
    text.endLine()
  }
}

extension PortRow {
  init(_ account: PortAccount) {
    self.init(
      name: account.name, connections: account.connections, held: account.most,
      ports: account.ports, forecast: account.forecast)
  }
}
