import ArgumentParser
import PacketCapture
import TCPTeardown
import TeardownReport

/// Reading a file that somebody still writes: told as a live capture is, for as long as it grows.
extension CaptureReading {
  /// A settled flow is shown after this many nanoseconds: stragglers have come by then.
  private static let announceAfter: Int64 = 500_000_000
  /// How far the clock goes on, in nanoseconds, where no packets come.
  ///
  /// Just enough to show what has settled: a longer silence may be the writer's buffer, and nothing
  /// must be final by it.
  private static let patience: Int64 = announceAfter + 1_000_000

  /// Hands the records of all flows to `session` as they come, and tells what became of the input.
  func runFollowing(
    _ options: ReadingOptions, into session: inout Session
  ) throws -> InputAccount {
    guard let stop = CaptureStop() else {
      Diagnostics.say("cannot wait for signals: too many files are open")
      throw ExitCode(ExitStatus.inputIncomplete)
    }
    let interrupts = Interrupts(stopping: stop)
    defer { withExtendedLifetime(interrupts) {} }
    var analysis = Analysis(
      table: FlowTable(options: self.options, announceAfter: Self.announceAfter, limit: maxFlows),
      filter: filter, regarding: kinds, carving: carving)
    var told = (statistics: FileStatistics(), clampedStamps: UInt64(0))
    var failure: CaptureError?
    // The file may be empty as yet, and then opening it takes until it is not.
    if paths[0] == CaptureFile.standardInput || Folder.has(paths[0]) {
      Diagnostics.say("following \(paths[0].fileName); Ctrl-C ends")
    }
    // What fails on the way to the output is thrown as it is; what fails in the file is told.
    do {
      var source = try CaptureFile(path: paths[0], following: stop)
      defer { told = (source.statistics, source.clampedStamps) }
      try follow(&source, until: End(options, stop), &analysis, &session)
    } catch let error as CaptureError {
      failure = error
    }
    var account = analysis.account
    account.summary.files = 1
    account.clampedStamps = told.clampedStamps
    account.add(told.statistics)
    if let failure {
      account.failures = [CaptureMerge.Failure(file: 0, path: paths[0], error: failure)]
    }
    session.summary.input = account.summary
    while analysis.finishSome() { try analysis.drain { try session.take($0) } }
    account.counts = analysis.table.counts
    account.displaced = analysis.table.displaced
    return account
  }

  private func follow(
    _ source: inout CaptureFile, until end: End, _ analysis: inout Analysis,
    _ session: inout Session
  ) throws {
    var quiet = (since: ContinuousClock.now, at: Int64.min)
    while !end.isReached(frames: analysis.frames) {
      switch try source.next(limit: end.limit(frames: analysis.frames)) {
      case .packets:
        analysis.take(source)
        quiet = (.now, analysis.table.clock.now)
      case .idle where quiet.at > .min:
        let nanoseconds = (ContinuousClock.now - quiet.since) / .nanoseconds(1)
        analysis.idle(at: quiet.at + Int64(min(nanoseconds, Double(Self.patience))))
      case .idle: break
      case .end: return
      }
      if analysis.table.hasDue {
        try analysis.drain { try session.take($0) }
        try session.flush()
      }
      carving?.sink.flush()
    }
  }

  /// What ends the following, apart from the file.
  private struct End {
    private let stop: CaptureStop
    private let count: Int?
    private let time: ContinuousClock.Instant?

    init(_ options: ReadingOptions, _ stop: CaptureStop) {
      self.stop = stop
      count = options.count
      time = options.duration.map { .now + .nanoseconds($0.nanoseconds) }
    }

    func isReached(frames: Int) -> Bool {
      if stop.isRequested || count.map({ frames >= $0 }) == true { return true }
      return time.map { ContinuousClock.now >= $0 } == true
    }

    /// How many packets to take at most.
    func limit(frames: Int) -> Int {
      min(PacketRun.limit, count.map { $0 - frames } ?? PacketRun.limit)
    }
  }
}
