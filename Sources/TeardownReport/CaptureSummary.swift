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
    /// When the capture ended, where its files tell.
    package var endTime: Int64?
    /// Packets that gave no segment.
    package var undecoded: [(reason: String, packets: Int)] = []
    /// Of these, packets cut off before the end of the TCP header.
    package var truncated = 0
    package var clockSteps = 0
    package var backwardStamps = 0
    /// What the capture lost; nil for files that do not tell.
    package var drops: Drops?
    /// What was wrong with the input.
    package var warnings: [String] = []

    package init() {}
  }

  /// Packets that were lost while capturing.
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

    @inline(__always)
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
  private var otherOutcomes = Tally<Outcome>()
  private var orderlyFlows = 0
  private(set) var resets = Tally<ResetVerdict.Cause>()
  private(set) var findings = Tally<Finding.Code>()
  /// The streams to look at for each.
  private(set) var resetStreams = StreamsToSee<ResetVerdict.Cause>()
  private(set) var findingStreams = StreamsToSee<Finding.Code>()
  private(set) var findingAdvice = FindingAdvice()
  private(set) var closers = Closers()
  private(set) var stateTimes = StateTimes()
  private(set) var timeWaits = TimeWaitOccupancy()
  private(set) var idleLimits = IdleLimits()
  private(set) var unfinishedAttempts = UnfinishedAttempts()
  private(set) var portBudget: PortBudget
  private(set) var evictedFlows = 0
  private var services = ServicePorts()

  /// `ephemeralPorts` are those that clients take ports from; `profile` says for how long
  /// TIME-WAIT holds them.
  package init(
    ephemeralPorts: ClosedRange<UInt16> = PortBudget.linuxPorts, profile: Profile = .linux
  ) {
    portBudget = PortBudget(ports: ephemeralPorts, timeWait: profile.timeWait)
  }

  /// Takes in the record of a flow, once it is final.
  ///
  /// `input.lastTime` should be known before the flows that end with the capture come.
  package mutating func add(_ record: borrowing FlowRecord) {
    flows += 1
    if case .evicted = record.written { evictedFlows += 1 }
    // Nearly all are: to look for it in a tally is dearer.
    if case .orderly = record.teardown.outcome {
      orderlyFlows += 1
    } else {
      otherOutcomes.add(record.teardown.outcome)
    }
    closers.add(record.teardown.closedBy?.sides)
    let service = services.add(record.teardown.closedBy?.sides, port: record.server.port)
    stateTimes.add(record, service: service)
    if let cause = record.teardown.reset?.cause {
      resets.add(cause)
      resetStreams.add(cause, record.harm, record.stream)
    }
    for place in record.teardown.timeWait.indices {
      let side = record.teardown.timeWait[place].side
      timeWaits.add(
        from: record.teardown.timeWait[place].enteredAt,
        lasting: record.teardown.timeWait[place].duration, at: record.endpoint(of: side).address)
    }
    if let close = record.teardown.idleClose { idleLimits.add(close, port: record.server.port) }
    unfinishedAttempts.add(record, captureEnd: input.lastTime)
    portBudget.add(record, captureEnd: input.lastTime)
    if !record.teardown.findings.isEmpty { addFindings(of: record) }
  }

  /// Takes in that there was one more flow, where nothing else of it is told.
  package mutating func count() { flows += 1 }

  var outcomes: Tally<Outcome> {
    var outcomes = otherOutcomes
    if orderlyFlows > 0 { outcomes.add(.orderly, times: orderlyFlows) }
    return outcomes
  }

  /// Server ports by flows, the most frequent first.
  func rankedServices(limit: Int) -> [(port: UInt16, closers: Closers)] {
    rankedPlaces.prefix(limit).map { services.all[$0] }
  }

  /// The same with the times in each state, where these are told apart.
  func servicesWithTimes(
    limit: Int, in states: [State]? = nil
  ) -> [(port: UInt16, closers: Closers, times: [StateTimes.Row])] {
    rankedPlaces.prefix(limit).map { place in
      let service = services.all[place]
      return (service.port, service.closers, stateTimes.rows(ofService: place, in: states))
    }
  }

  private var rankedPlaces: [Int] {
    let all = services.all
    return all.indices.sorted {
      (all[$1].closers.flows, all[$0].port) < (all[$0].closers.flows, all[$1].port)
    }
  }

  /// Counts flows, not findings: both sides of one can have the same.
  private mutating func addFindings(of record: borrowing FlowRecord) {
    let harm = record.harm
    for place in record.teardown.findings.indices {
      let finding = record.teardown.findings[place]
      findingAdvice.note(finding)
      if place > 0, record.teardown.findings[..<place].contains(where: { $0.code == finding.code })
      {
        continue
      }
      findings.add(finding.code)
      findingStreams.add(finding.code, harm, record.stream)
    }
  }
}

extension FlowRecord {
  func endpoint(of side: Side) -> Endpoint {
    if case .client = side { client } else { server }
  }
}
