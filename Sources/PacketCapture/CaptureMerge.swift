/// Several capture files read as one, in time order: the files of a ring, or of several hosts.
///
/// Packets of one time come in the order of the files; within a file the order is the file's own,
/// whatever its stamps say. A file that cannot be opened, or breaks off, is left out from there
/// on; the others go on, and `failures` tells of it.
@safe package struct CaptureMerge: PacketSource, ~Copyable, @unchecked Sendable {
  /// Which packet of which file: what people look for in Wireshark.
  package struct Origin: Equatable, Sendable {
    /// The file, counted from 0 in the order they were given.
    package var file: Int
    /// The packet in that file, counted from 1: Wireshark's `frame.number` for the file alone.
    package var frame: UInt64
  }

  /// A file and what went wrong with it.
  package struct Failure: Equatable, Sendable {
    package var file: Int
    package var path: String
    package var error: CaptureError

    package init(file: Int, path: String, error: CaptureError) {
      self.file = file
      self.path = path
      self.error = error
    }
  }

  /// The files' paths, in the order they were given.
  package let paths: [String]
  /// What went wrong so far, in the order it was met.
  package private(set) var failures: [Failure] = []
  /// Some file had packets left when another's came between: they are of one time, and no ring.
  package private(set) var filesOverlap = false

  private let inputs: UnsafeMutableBufferPointer<MergeInput>
  /// The file of the current run; nil before the first and after the last.
  private var winner: Int?
  /// The winner keeps its turn until its time passes that of the file which comes next.
  private var rival: (file: Int, time: Int64)?

  /// Opens the files; those that fail are in `failures`.
  ///
  /// Of more than `limit` files the rest are closed again until the turn of their first packets,
  /// so that a ring of a thousand files needs neither a thousand descriptors nor their buffers.
  /// So are compressed files, for each decompressor may need 128 MiB. (Pipes are not: they cannot be
  /// opened again.) Those that stay open lose nothing when a ring goes on and removes them.
  package init(paths: [String], openFiles limit: Int = 64) {
    self.paths = paths
    unsafe inputs = .allocate(capacity: paths.count)
    for (index, path) in paths.enumerated() {
      unsafe inputs.initializeElement(at: index, to: MergeInput(path: path))
      let staysOpen = index < limit
      attempt(index) { input throws(CaptureError) in
        try input.open(chunk: staysOpen ? CaptureFile.defaultChunk : 4_096)
        if !staysOpen || (paths.count > 1 && input.isCompressed) { input.sleep() }
      }
    }
  }

  deinit {
    unsafe inputs.deinitialize()
    unsafe inputs.deallocate()
  }

  /// Steps to the next run of all files; what goes wrong is kept in `failures`.
  ///
  /// A run is of one file, as far as none of the others' packets comes between.
  package mutating func next(limit: Int) -> SourceStep {
    if let winner {
      attempt(winner) { input throws(CaptureError) in try input.advance() }
      if let time = unsafe inputs[winner].time, goesFirst(winner, time) {
        return takeTurn(winner, limit)
      }
    }
    while let earliest = choose() {
      if let winner, winner != earliest, unsafe inputs[winner].time != nil { filesOverlap = true }
      winner = earliest
      if unsafe inputs[earliest].isAsleep {
        attempt(earliest) { input throws(CaptureError) in try input.open() }
      }
      // A file that fails to open again loses its turn.
      if unsafe inputs[earliest].time != nil { return takeTurn(earliest, limit) }
    }
    winner = nil
    return .end
  }

  /// Steps to the next run, however long.
  package mutating func next() -> SourceStep { next(limit: PacketRun.limit) }

  /// Where the first packet of the run came from; nil before the first run and at the end.
  ///
  /// The others follow it in the same file.
  package var origin: Origin? {
    guard let winner else { return nil }
    return unsafe Origin(file: winner, frame: inputs[winner].frame)
  }

  /// What the files tell of how they were captured.
  package var statistics: FileStatistics {
    var sum = FileStatistics()
    for index in paths.indices { unsafe sum.add(inputs[index].statistics) }
    return sum
  }

  /// Octets of the files read so far: of compressed ones as they are.
  package var octetsRead: UInt64 {
    var sum: UInt64 = 0
    for index in paths.indices { sum += unsafe inputs[index].octetsRead }
    return sum
  }

  /// Stamps outside the years 1970 to 2106.
  package var clampedStamps: UInt64 {
    var sum: UInt64 = 0
    for index in paths.indices { sum += unsafe inputs[index].clampedStamps }
    return sum
  }

  package borrowing func withRun<Result>(
    _ body: (Span<PacketRecord>, Span<UInt8>) throws -> Result
  ) rethrows -> Result {
    guard let winner else { return try unsafe LentRun().lend(to: body) }
    return try unsafe inputs[winner].run.lend(to: body)
  }

  private func takeTurn(_ file: Int, _ limit: Int) -> SourceStep {
    unsafe inputs[file].takeTurn(
      before: rival?.time, winningTies: file < (rival?.file ?? 0), limit: limit)
    return .packets
  }

  private func goesFirst(_ file: Int, _ time: Int64) -> Bool {
    guard let rival else { return true }
    return time < rival.time || (time == rival.time && file < rival.file)
  }

  /// The file with the earliest packet, the first of equals; the one after it becomes the rival.
  private mutating func choose() -> Int? {
    var first: (file: Int, time: Int64)?
    rival = nil
    for file in paths.indices {
      guard let time = unsafe inputs[file].time else { continue }
      if let leader = first, time >= leader.time {
        if rival == nil || time < (rival?.time ?? 0) { rival = (file, time) }
      } else {
        rival = first
        first = (file, time)
      }
    }
    return first?.file
  }

  private mutating func attempt(
    _ file: Int, _ step: (inout MergeInput) throws(CaptureError) -> Void
  ) {
    do throws(CaptureError) {
      try unsafe step(&inputs[file])
    } catch {
      failures.append(Failure(file: file, path: paths[file], error: error))
    }
  }
}
