internal import PacketDecoding
package import TCPTeardown

/// What the flows of a capture come to, summed up record by record.
package struct CaptureSummary: Sendable {
  /// What was read, as far as the reader of the capture tells.
  package struct Input: Sendable {
    package var files = 0
    /// Frames read, filtered or not.
    package var packets = 0
    /// Octets of these frames on the wire.
    package var octets: UInt64 = 0
    /// Of these frames, those that a filter left out.
    package var filteredOut = 0
    /// Of the earliest and the latest frame, in nanoseconds since the Unix epoch.
    package var firstTime: Int64?
    package var lastTime: Int64?
    /// Packets that gave no segment.
    package var undecoded: [(reason: String, packets: Int)] = []
    package var clockSteps = 0
    package var backwardStamps = 0
    /// What a live capture lost; nil for files.
    package var drops: Drops?
    /// What was wrong with the input.
    package var warnings: [String] = []

    package init() {}
  }

  /// Packets that a live capture lost.
  package struct Drops: Equatable, Sendable {
    package var kernel: UInt64
    package var interface: UInt64

    package init(kernel: UInt64, interface: UInt64) {
      self.kernel = kernel
      self.interface = interface
    }
  }

  /// Who closed first, in how many flows.
  struct Closers: Equatable, Sendable {
    var client = 0
    var server = 0
    var both = 0
    var unknown = 0
    /// No FIN was sent.
    var none = 0

    var flows: Int { client + server + both + unknown + none }

    mutating func add(_ sides: Closer.Sides?) {
      switch sides {
      case .client: client += 1
      case .server: server += 1
      case .both: both += 1
      case .unknown: unknown += 1
      case nil: none += 1
      }
    }
  }

  package var input = Input()
  /// What the flow table counted.
  package var counts: FlowTable.Counts?

  /// Flows added.
  package private(set) var flows = 0
  /// Flows of the capture that were not asked for, and are not added.
  package var leftOut = 0
  private(set) var outcomes = Tally<Outcome>()
  private(set) var resets = Tally<ResetVerdict.Cause>()
  private(set) var findings = Tally<Finding.Code>()
  private(set) var closers = Closers()
  private(set) var timeWaits = TimeWaitOccupancy()
  private(set) var evictedFlows = 0
  private var services: [UInt16: Closers] = [:]

  package init() {}

  /// Takes in the record of a flow, once it is final.
  package mutating func add(_ record: FlowRecord) {
    let teardown = record.teardown
    flows += 1
    if record.written == .evicted { evictedFlows += 1 }
    outcomes.add(teardown.outcome)
    closers.add(teardown.closedBy?.sides)
    services[record.server.port, default: Closers()].add(teardown.closedBy?.sides)
    if let cause = teardown.reset?.cause { resets.add(cause) }
    for wait in teardown.timeWait {
      timeWaits.add(wait, at: record.endpoint(of: wait.side).address)
    }
    addFindings(teardown.findings)
  }

  /// Server ports by flows, the most frequent first.
  func rankedServices(limit: Int) -> [(port: UInt16, closers: Closers)] {
    services.sorted { ($1.value.flows, $0.key) < ($0.value.flows, $1.key) }.prefix(limit)
      .map { (port: $0.key, closers: $0.value) }
  }

  /// Counts flows, not findings: both sides of one can have the same.
  private mutating func addFindings(_ found: [Finding]) {
    for (index, finding) in found.enumerated()
    where !found[..<index].contains(where: { $0.code == finding.code }) {
      findings.add(finding.code)
    }
  }
}

extension FlowRecord {
  func endpoint(of side: Side) -> Endpoint { side == .client ? client : server }
}
