internal import PacketDecoding
internal import TCPTeardown

/// SYNs that nothing followed, by the endpoint that they went to: what a SYN flood leaves behind.
struct UnfinishedAttempts: Sendable {
  /// The limits that make a flood of it: so many such SYNs within this time (nanoseconds), from so
  /// many addresses, and so many answers at all.
  ///
  /// A scan by one host has one address, whatever the number of its SYNs. The clients of a server
  /// that is down repeat their SYNs, which a flood does not, and get no SYN-ACK; and a path that
  /// loses the SYN-ACKs has the clients repeat too. The backlog of a listening socket, 128 and more,
  /// holds what is less. A capture that lacks the server's direction shows no flood.
  static let span = 10 * Int64.nanosecondsPerSecond
  static let leastAttempts = 100
  static let leastSources = 50
  static let leastAnswers = 10

  /// A SYN this short before the capture ends may be answered or repeated yet, in nanoseconds.
  private static let patience = 3 * Int64.nanosecondsPerSecond

  private var endpoints = HeavyKeys<Endpoint, Attempts>(fresh: Attempts())

  /// Takes in a record if it is of an attempt that a SYN began and nothing of its sender followed.
  ///
  /// The capture's end is nil where it is not known.
  mutating func add(_ record: borrowing FlowRecord, captureEnd: Int64?) {
    // Most flows have a FIN, and this is the quickest to ask for.
    if case .some = record.teardown.closedBy { return }
    guard record.seen.subtracting(.synAck) == .syn, record.handshake.synCount == 1,
      record.teardown.outcome != .unreachable
    else { return }
    if let captureEnd, record.start > captureEnd.saturatingSubtracting(Self.patience) { return }
    guard let row = endpoints.row(of: record.server) else { return }
    endpoints[row].add(
      from: record.client.address, at: record.start, answered: record.seen.contains(.synAck))
  }

  /// Attempts at endpoints beyond those told apart.
  var otherAttempts: Int { endpoints.other }

  /// What looks like a flood, the heaviest first.
  var floods: [Flood] {
    endpoints.all.compactMap { $0.value.flood(of: $0.key, attempts: $0.hits) }
      .sorted { ($1.peak, $0.server) < ($0.peak, $1.server) }
  }

  /// An endpoint that was flooded, by all appearance.
  struct Flood: Equatable, Sendable {
    var server: Endpoint
    /// In the whole capture.
    var attempts: Int
    /// The most within `span`, about how many addresses these came from, and when that began
    /// (nanoseconds since the Unix epoch).
    var peak: Int
    var sources: Int
    var peakTime: Int64
  }

  private struct Attempts: Sendable {
    private var answers = 0
    private var begin: Int64 = .min
    private var count = 0
    private var addresses = AddressSketch()
    private var heaviest: (count: Int, sources: Int, begin: Int64)?

    /// Attempts come in the order in which they began, or nearly: all of them are told at the end
    /// of the capture, or sooner where there is no room for them.
    mutating func add(from address: IPAddress, at time: Int64, answered: Bool) {
      if count == 0 || time < begin || time.saturatingSubtracting(begin) >= UnfinishedAttempts.span
      {
        close()
        begin = time
        count = 0
        addresses = AddressSketch()
      }
      count += 1
      addresses.add(address)
      if answered { answers += 1 }
    }

    /// Keeps the stretch at hand if it is the heaviest that comes from many addresses.
    private mutating func close() {
      guard count >= max(UnfinishedAttempts.leastAttempts, 1 + (heaviest?.count ?? 0)) else {
        return
      }
      let sources = min(count, addresses.estimate)
      if sources >= UnfinishedAttempts.leastSources { heaviest = (count, sources, begin) }
    }

    func flood(of server: Endpoint, attempts: Int) -> Flood? {
      var settled = self
      settled.close()
      guard let heaviest = settled.heaviest, answers >= UnfinishedAttempts.leastAnswers else {
        return nil
      }
      return Flood(
        server: server, attempts: attempts, peak: heaviest.count, sources: heaviest.sources,
        peakTime: heaviest.begin)
    }
  }
}
