/// One file of a merge, with the packets of its run that wait for their turn.
struct MergeInput: ~Copyable {
  private let path: String
  private var file: CaptureFile?
  /// The place in the file's run of the first packet that waits, or has its turn.
  private var first = 0
  /// The place after the last that has its turn; `first` while none has.
  private var end = 0
  /// The time of the first packet; nil once there are no more.
  private(set) var time: Int64?
  /// Its number in the file, counted from 1.
  private(set) var frame: UInt64 = 1
  private var earlierClampedStamps: UInt64 = 0
  private var earlierStatistics = FileStatistics()
  private var earlierOctets: UInt64 = 0

  /// A file not yet opened.
  init(path: String) {
    self.path = path
  }

  /// Stamps outside the years 1970 to 2106 so far.
  var clampedStamps: UInt64 {
    switch file {
    case .some(let file): file.clampedStamps
    case nil: earlierClampedStamps
    }
  }

  /// Octets of the file read so far.
  var octetsRead: UInt64 {
    switch file {
    case .some(let file): file.octetsRead
    case nil: earlierOctets
    }
  }

  /// What the file has told of its capture so far.
  var statistics: FileStatistics {
    switch file {
    case .some(let file): file.statistics
    case nil: earlierStatistics
    }
  }

  /// The file is open, and compressed.
  var isCompressed: Bool {
    switch file {
    case .some(let file): file.isCompressed
    case nil: false
    }
  }

  /// Closed until the packet that waits, the file's first, has its turn.
  var isAsleep: Bool { time != nil && file == nil }

  /// Opens the file, reading `chunk` octets at a time, and steps to its first packet.
  mutating func open(chunk: Int = CaptureFile.defaultChunk) throws(CaptureError) {
    (time, first, end, frame) = (nil, 0, 0, 1)
    file = try CaptureFile(path: path, chunk: chunk)
    try readOn()
  }

  /// Steps past the packets that had their turn.
  mutating func advance() throws(CaptureError) {
    frame += UInt64(end - first)
    first = end
    if let count = file?.count, first < count {
      time = file?.time(of: first)
    } else {
      try readOn()
    }
  }

  /// Gives the first packet its turn, and those behind it that go before the time `rival` too,
  /// `limit` at most in all.
  mutating func takeTurn(before rival: Int64?, winningTies winsTies: Bool, limit: Int) {
    guard let count = file?.count else { return }
    let last = first + min(count - first, max(limit, 1))
    guard let rival else {
      end = last
      return
    }
    end = first + 1
    while end < last, let time = file?.time(of: end), time < rival || (winsTies && time == rival) {
      end += 1
    }
  }

  /// Closes the file until its turn, if it can be opened again and is still at its first packet.
  mutating func sleep() {
    if frame == 1, file?.canReopen == true { file = nil }
  }

  /// The packets that have their turn.
  @unsafe var run: LentRun {
    switch file {
    case .some(let file):
      var run = unsafe file.run
      unsafe run.records = UnsafeBufferPointer(rebasing: run.records[first..<end])
      return unsafe run
    case nil: return unsafe LentRun()
    }
  }

  /// Steps to the file's next run; at its end, or on an error, the file is closed.
  private mutating func readOn() throws(CaptureError) {
    (time, first, end) = (nil, 0, 0)
    do throws(CaptureError) {
      if try file?.next(limit: PacketRun.limit) == .packets {
        time = file?.time(of: 0)
        return
      }
    } catch {
      close()
      throw error
    }
    close()
  }

  private mutating func close() {
    (earlierClampedStamps, earlierStatistics) = (clampedStamps, statistics)
    earlierOctets = octetsRead
    file = nil
  }
}
