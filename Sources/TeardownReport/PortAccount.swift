internal import PacketDecoding
internal import TCPTeardown

/// What one client's ports towards one endpoint come to.
struct PortAccount: Sendable {
  let way: PortWay
  let connections: Int
  let facts: PortLedger.ClientFacts
  /// How many ports were held, and how many of them in TIME-WAIT.
  let held: HeldCurve
  let waiting: HeldCurve
  let rate: PortRate
  let forecast: PortForecast
  let ports: Int

  init(_ account: PortLedger.Clients.Account, _ options: PortsOptions, captureEnd: Int64?) {
    way = account.key
    connections = account.stays
    facts = account.facts
    held = account.held
    waiting = account.waiting
    ports = options.ports.count
    rate = PortRate(
      busiest: account.busiest, within: account.rateSpan, first: facts.first, last: facts.last)
    let peak = held.peak
    forecast = PortForecast(
      PortForecast.Facts(
        ports: ports, rate: rate, closed: account.stays - facts.unfinished, waits: facts.waits,
        timeWait: options.profile.timeWait, peak: peak?.held ?? 0, peakTime: peak?.from ?? 0,
        captureEnd: captureEnd, heldAtEnd: captureEnd.map(held.held) ?? 0))
  }

  /// The most ports at one time; one that a SYN took twice in that time counts once.
  var most: Int { min(ports, held.peak?.held ?? 0) }

  /// TIME-WAIT is counted for as long as the profile has it, where the capture does not show its end.
  var grade: Grade { facts.waits > facts.endedWaits ? .assumed : .observed }

  /// Worth more than a line: many ports, or a share of them that matters.
  var deservesDetail: Bool {
    most >= 10 || most * 10 >= ports && ports > 1 || forecast.verdict == .ranOut
  }
}

/// TIME-WAIT at one server's endpoint: it takes memory there, and no port of a client.
struct ServerWaits: Sendable {
  let server: Endpoint
  let entries: Int
  let held: HeldCurve

  /// Octets of kernel memory that Linux takes for one: an object of its slab `tw_sock_TCP`.
  static let octetsEach = 256
}

/// All that a report on ports tells, the clients near their end first.
struct PortAccounts: Sendable {
  let options: PortsOptions
  /// Those to be told one by one.
  let clients: [PortAccount]
  let servers: [ServerWaits]
  /// Others that are told apart in the ledger.
  let moreClients: Int
  let moreServers: Int
  /// Connections and TIME-WAITs of clients and servers that are not.
  let otherConnections: Int
  let otherServerWaits: Int
  let flowsOutside: Int
  /// TIME-WAITs at all clients that are told apart.
  let clientWaits: Int
  /// When the capture ended, in nanoseconds since the Unix epoch.
  let captureEnd: Int64?
  /// False where there were too many flows to keep each: counted about every other second.
  let isExact: Bool

  init(_ ledger: PortLedger, captureEnd: Int64?) {
    options = ledger.options
    self.captureEnd = captureEnd
    let limit = options.limit ?? .max
    let clients = ledger.clients.accounts
      .map { PortAccount($0, ledger.options, captureEnd: captureEnd) }
      .sorted {
        ($1.most, $1.connections, $0.way.client, $0.way.server)
          < ($0.most, $0.connections, $1.way.client, $1.way.server)
      }
    self.clients = Array(clients.prefix(limit))
    clientWaits = clients.reduce(0) { $0 + $1.facts.waits }
    let servers = ledger.servers.accounts
      .map { ServerWaits(server: $0.key, entries: $0.stays, held: $0.waiting) }
      .sorted {
        ($1.held.peak?.held ?? 0, $1.entries, $0.server)
          < ($0.held.peak?.held ?? 0, $0.entries, $1.server)
      }
    self.servers = Array(servers.prefix(limit))
    moreClients = clients.count - self.clients.count
    moreServers = servers.count - self.servers.count
    otherConnections = ledger.clients.other
    otherServerWaits = ledger.servers.other
    flowsOutside = ledger.flowsOutside
    isExact = ledger.clients.isExact && ledger.servers.isExact
  }
}

/// What was held in each of at most twenty slices of time, one as long as another.
struct PortSlices: Sendable {
  struct Slice: Equatable, Sendable {
    /// Nanoseconds after the first one began.
    var offset: Int64
    /// The most at one time within it, and the most in TIME-WAIT.
    var held: Int
    var waiting: Int
    /// It begins after the capture's end: nobody knows what was opened then.
    var isBeyondCapture: Bool
  }

  private static let slicesAtMost: Int64 = 20

  /// When the first one begins, in nanoseconds since the Unix epoch, and how long each is.
  let start: Int64
  let length: Int64
  /// The last one has none held.
  let slices: [Slice]

  /// Nil where nothing was held.
  init?(_ held: HeldCurve, _ waiting: HeldCurve, captureEnd: Int64?) {
    guard let span = held.span else { return nil }
    let whole = max(1, span.end.saturatingSubtracting(span.start))
    let length = Self.roundLength(atLeast: (whole - 1) / Self.slicesAtMost + 1)
    let start = span.start
    slices = (0...(whole - 1) / length + 1).map { number in
      let (product, isTooLong) = number.multipliedReportingOverflow(by: length)
      let offset = isTooLong ? .max : product
      let begin = start.saturatingAdding(offset)
      let end = begin.saturatingAdding(length)
      return Slice(
        offset: offset, held: held.most(from: begin, until: end),
        waiting: waiting.most(from: begin, until: end),
        isBeyondCapture: captureEnd.map { begin > $0 } ?? false)
    }
    self.start = start
    self.length = length
  }

  /// 1, 2 or 5 of some power of ten nanoseconds.
  private static func roundLength(atLeast least: Int64) -> Int64 {
    var power: Int64 = 1
    while power < Int64.max / 100 {
      for factor: Int64 in [1, 2, 5] where factor * power >= least { return factor * power }
      power *= 10
    }
    return least
  }
}
