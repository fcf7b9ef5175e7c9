import ArgumentParser
import PacketCapture
import TCPTeardown
import TeardownReport

/// Reads captures until the record of one flow is final.
struct StreamSearch: ~Copyable {
  /// The flow that was looked for.
  struct Found {
    let record: FlowRecord
    /// Where the capture had come to.
    let until: Int64
    /// Where its frames came from; empty where one file was read.
    let origins: [Int: FrameOrigin]
  }

  private let stream: Int
  private var analysis: Analysis
  private var source: CaptureMerge
  private var log = OriginLog()
  /// Flows that became final, and the last of them by number.
  private var flows = 0
  private var lastStream = -1

  init(stream: Int, paths: [String], analysis: consuming Analysis) {
    self.stream = stream
    self.analysis = analysis
    source = CaptureMerge(paths: paths)
  }

  /// The flow, as soon as nothing that comes later can change it; nil where there is none.
  mutating func run() -> Found? {
    let isMerged = source.paths.count > 1
    var record: FlowRecord?
    // One packet at a time: the report tells where the capture had come to.
    while case .packets = source.next(limit: 1) {
      if isMerged, let origin = source.origin { log.note(file: origin.file) }
      analysis.take(source)
      guard analysis.table.hasDue else { continue }
      record = drain()
      if record != nil { break }
    }
    while record == nil, analysis.finishSome() { record = drain() }
    return record.map {
      Found(
        record: $0, until: analysis.table.clock.end, origins: origins(of: $0))
    }
  }

  private mutating func drain() -> FlowRecord? {
    var found: FlowRecord?
    var (flows, last) = (flows, lastStream)
    analysis.drain { record in
      flows += 1
      last = max(last, record.stream)
      if record.stream == stream { found = copy record }
    }
    (self.flows, lastStream) = (flows, last)
    return found
  }

  private mutating func origins(of record: FlowRecord) -> [Int: FrameOrigin] {
    guard source.paths.count > 1 else { return [:] }
    let names = source.paths.distinctNames
    return log.origins(of: ExplainReport.frames(of: record)).mapValues {
      FrameOrigin(file: names[$0.file], frame: $0.frame)
    }
  }

  /// Says what was wrong with the input, and ends with the status that calls for.
  consuming func conclude(found: Bool) throws {
    for failure in source.failures { Diagnostics.say(failure.error.description) }
    let account = analysis.account
    if !account.filterApplied, let first = account.filterRefusals.first {
      Diagnostics.say("no packet is of a link type that takes the filter: \(first.reason)")
      throw ExitCode(ExitStatus.usage)
    }
    if !found, account.frames > 0 || source.failures.isEmpty { Diagnostics.say(absence) }
    if !source.failures.isEmpty { throw ExitCode(ExitStatus.inputIncomplete) }
    if !found { throw ExitCode(ExitStatus.usage) }
  }

  /// Which streams there are instead.
  private var absence: String {
    switch flows {
    case 0:
      return
        "no stream \(stream): \(analysis.isFiltered ? "the filter leaves no" : "there is no") TCP flow"
    case 1: return "no stream \(stream): there is one flow, stream \(lastStream)"
    default:
      return "no stream \(stream): there are \(flows) flows, streams 0 to \(lastStream) "
        + "('tcpclose FILE --format brief' lists them)"
    }
  }
}

extension [String] {
  /// What to call each path: its last component, or all of it where two have the same.
  fileprivate var distinctNames: [String] {
    let names = map(\.fileName)
    return Set(names).count == names.count ? names : self
  }
}

extension ResolvedInput {
  /// The names of the files: the first three of many.
  var names: String {
    let names = paths.map(\.fileName)
    let more = names.count - 3
    return names.prefix(3).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }
}
