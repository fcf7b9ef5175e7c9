internal import TCPTeardown

/// Who closed first, by server port: a table of all ports is smaller than a hash is slow.
struct ServicePorts: Sendable {
  /// A place in `counts` by port, plus one; 0 for none.
  private var places: [UInt32] = []
  private var counts: [(port: UInt16, closers: CaptureSummary.Closers)] = []

  /// Counts a flow, and gives the place of its service in the order in which they came.
  @inline(__always)
  mutating func add(_ sides: Closer.Sides?, port: UInt16) -> Int {
    if places.isEmpty { places = Array(repeating: 0, count: 1 << 16) }
    if places[Int(port)] == 0 {
      counts.append((port, CaptureSummary.Closers()))
      places[Int(port)] = UInt32(counts.count)
    }
    let place = Int(places[Int(port)]) - 1
    counts[place].closers.add(sides)
    return place
  }

  var all: [(port: UInt16, closers: CaptureSummary.Closers)] { counts }
}
