/// A client's ports over time, a line a slice of time.
struct PortChart {
  let account: PortAccount
  let captureEnd: Int64?

  private static let barColumn = 30

  func write(to text: inout TextWriter) {
    guard
      let slices = PortSlices(account.held, account.waiting, captureEnd: captureEnd)
    else { return }
    text.endLine()
    for (name, column) in [("seconds", 9), ("held", 17), ("TIME-WAIT", 28)] {
      text.put(name, endingAt: column, .dim)
    }
    text.put("  = TIME-WAIT  # before it", .dim)
    text.endLine()
    var isWithin = true
    let most = max(1, slices.slices.map(\.held).max() ?? 1)
    for slice in slices.slices {
      if isWithin, slice.isBeyondCapture {
        writeEnd(after: slices.start, to: &text)
        isWithin = false
      }
      write(slice, length: slices.length, most: most, to: &text)
    }
  }

  private func writeEnd(after start: Int64, to text: inout TextWriter) {
    guard let captureEnd else { return }
    let seconds = Wording.seconds(captureEnd.saturatingSubtracting(start))
    text.put("  the capture ends at \(seconds): what follows is assumed, and drawn as -", .dim)
    text.endLine()
  }

  private func write(
    _ slice: PortSlices.Slice, length: Int64, most: Int, to text: inout TextWriter
  ) {
    text.put(Self.seconds(slice.offset, length: length), endingAt: 9, .dim)
    text.put(Wording.grouped(slice.held), endingAt: 17)
    text.put(Wording.grouped(slice.waiting), endingAt: 28)
    defer { text.endLine() }
    guard slice.held > 0 else { return }
    // What is there shows, however little it is.
    let columns = text.width - Self.barColumn
    let whole = max(1, slice.held * columns / most)
    let waiting = slice.waiting == 0 ? 0 : max(1, min(whole, slice.waiting * columns / most))
    text.move(to: Self.barColumn)
    text.put(String(repeating: slice.isBeyondCapture ? "-" : "=", count: waiting), .state)
    text.put(String(repeating: "#", count: whole - waiting), .strong)
  }

  /// With as many decimals as the slices need.
  private static func seconds(_ offset: Int64, length: Int64) -> String {
    var text = Wording.seconds(offset)
    var unit: Int64 = 1000
    while length % (unit * 10) == 0, unit < 1_000_000_000 {
      text.removeLast()
      unit *= 10
    }
    if text.last == "." { text.removeLast() }
    return text
  }
}
