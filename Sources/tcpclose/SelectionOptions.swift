import ArgumentParser
import PacketDecoding
import TCPTeardown

/// Which flows are reported.
struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only these flows, by Wireshark's stream number.", valueName: "n[,n-m]"))
  var stream: StreamRanges?

  @Option(help: ArgumentHelp("Only flows with this address or endpoint.", valueName: "addr[:port]"))
  var host: HostArgument?

  @Option(
    help: ArgumentHelp(
      "Only these outcomes: " + Outcome.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "list"))
  var outcome: OutcomeList?

  /// Whether `record` is among those asked for.
  func includes(_ record: FlowRecord) -> Bool {
    (stream?.contains(record.stream) ?? true)
      && (host.map { $0.matches(record.client) || $0.matches(record.server) } ?? true)
      && (outcome?.outcomes.contains(record.teardown.outcome) ?? true)
  }
}

/// Stream numbers: `7`, `1,4-9`.
struct StreamRanges: ExpressibleByArgument, Equatable, Sendable {
  let ranges: [ClosedRange<Int>]

  init?(argument: String) {
    var ranges: [ClosedRange<Int>] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let low = ends[0], let high = ends.count == 1 ? low : ends[1],
        low >= 0, low <= high
      else { return nil }
      ranges.append(low...high)
    }
    self.ranges = ranges
  }

  func contains(_ stream: Int) -> Bool { ranges.contains { $0.contains(stream) } }
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
struct HostArgument: ExpressibleByArgument, Equatable, Sendable {
  let address: IPAddress
  let port: UInt16?

  init?(argument: String) {
    var text = argument[...]
    var port: Substring?
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
      port = rest.isEmpty ? nil : rest.dropFirst()
      text = text[text.index(after: text.startIndex)..<end]
    } else if text.filter({ $0 == ":" }).count == 1, let colon = text.firstIndex(of: ":") {
      port = text[text.index(after: colon)...]
      text = text[..<colon]
    }
    guard let address = IPAddress(String(text)) else { return nil }
    self.address = address
    if let port {
      guard let number = UInt16(port) else { return nil }
      self.port = number
    } else {
      self.port = nil
    }
  }

  func matches(_ endpoint: Endpoint) -> Bool {
    endpoint.address == address && (port == nil || endpoint.port == port)
  }
}

/// Outcomes by name, separated by commas.
struct OutcomeList: ExpressibleByArgument, Equatable, Sendable {
  let outcomes: [Outcome]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let outcomes = parts.compactMap { Outcome(rawValue: String($0)) }
    guard !outcomes.isEmpty, outcomes.count == parts.count else { return nil }
    self.outcomes = outcomes
  }
}
