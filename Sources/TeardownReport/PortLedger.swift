internal import PacketDecoding
package import TCPTeardown

/// What each client did with its ports towards each endpoint, and TIME-WAIT at servers.
///
/// It tells more than `PortBudget`, of clients with few connections too.
struct PortLedger: Sendable {
  /// What is known of one client towards one endpoint besides its ports.
  struct ClientFacts: Sendable {
    /// Flows that left the client, or the server, in TIME-WAIT.
    var waits = 0
    var serverWaits = 0
    /// Of `waits`, those with TCP timestamps, and those whose end the capture shows.
    var timestampedWaits = 0
    var endedWaits = 0
    /// Flows that hold their port still, whose client has no TIME-WAIT yet.
    var unfinished = 0
    /// When they began, the first and the last (nanoseconds since the Unix epoch).
    var first: Int64 = .max
    var last: Int64 = .min
    /// Flows that spoke HTTP/1.x in clear, and of these those that it ended with the response.
    var http = 0
    var httpCloses = 0
    var payloadOctets = PerSide(both: UInt64(0))
  }

  typealias Clients = StayLedger<PortWay, ClientFacts>
  typealias Servers = StayLedger<Endpoint, NoFacts>

  struct NoFacts: Sendable {}

  let options: PortsOptions
  private(set) var clients: Clients
  private(set) var servers: Servers
  private(set) var flows = 0
  /// Flows whose client has a port outside of the range.
  private(set) var flowsOutside = 0

  init(_ options: PortsOptions, exactStays: Int = Clients.usualExactStays) {
    self.options = options
    clients = Clients(fresh: ClientFacts(), exactStays: exactStays)
    servers = Servers(fresh: NoFacts(), exactStays: exactStays)
  }

  /// Takes in a record, once it is final; the capture's end is nil where it is not known.
  mutating func add(_ record: borrowing FlowRecord, captureEnd: Int64?) {
    flows += 1
    if let stay = record.timeWaitStay(of: .server) {
      servers.add(stay, of: record.server) { _ in }
    }
    guard options.ports.contains(record.client.port) else {
      flowsOutside += 1
      return
    }
    // One that is held still is held at the capture's very end, too.
    let stay = record.clientPortStay(captureEnd: captureEnd, margin: 1)
    let facts = ClientFacts(record, stay, captureEnd: captureEnd)
    clients.add(stay, of: PortWay(record)) { $0.add(facts) }
  }
}

extension PortLedger.ClientFacts {
  /// Those of one flow.
  fileprivate init(_ record: borrowing FlowRecord, _ stay: Stay, captureEnd: Int64?) {
    first = record.start
    last = record.start
    payloadOctets = record.payloadOctets
    if let wait = record.teardown.timeWait(of: .client) {
      waits = 1
      timestampedWaits = record.hasTimestamps ? 1 : 0
      endedWaits = wait.endGrade == .assumed ? 0 : 1
    } else if stay.end > captureEnd ?? .max {
      unfinished = 1
    }
    if record.teardown.timeWait(of: .server) != nil { serverWaits = 1 }
    let hints = record.teardown.hints
    if hints.kinds.client.union(hints.kinds.server).contains(.http) {
      http = 1
      if Side.allCases.contains(where: { hints.announcesClose(by: $0) }) { httpCloses = 1 }
    }
  }

  fileprivate mutating func add(_ other: Self) {
    waits += other.waits
    serverWaits += other.serverWaits
    timestampedWaits += other.timestampedWaits
    endedWaits += other.endedWaits
    unfinished += other.unfinished
    first = min(first, other.first)
    last = max(last, other.last)
    http += other.http
    httpCloses += other.httpCloses
    payloadOctets.client &+= other.payloadOctets.client
    payloadOctets.server &+= other.payloadOctets.server
  }
}

extension FlowRecord {
  /// Whether the client's segments at the close bear timestamps (RFC 7323).
  fileprivate var hasTimestamps: Bool {
    evidence.last { $0.side == .client && !$0.isReset && !$0.isICMPError }?
      .marks.contains(.timestamps) ?? false
  }
}

/// What a person may assume of clients and their ports.
package struct PortsOptions: Sendable {
  /// Those that clients take theirs from.
  package var ports: ClosedRange<UInt16>
  /// Whose TIME-WAIT is assumed where the packets do not tell its end.
  package var profile: Profile
  /// Clients and endpoints to tell one by one at most, those with most ports held first; nil for
  /// all.
  package var limit: Int?

  package init(ports: ClosedRange<UInt16>, profile: Profile, limit: Int? = 10) {
    self.ports = ports
    self.profile = profile
    self.limit = limit
  }
}
