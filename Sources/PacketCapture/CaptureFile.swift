internal import Glibc

/// A pcap or pcapng file, compressed or not, or standard input, read from front to end.
///
/// Both byte orders, micro- and nanoseconds, all packet blocks of pcapng, several sections and
/// interfaces. The file is untrusted: whatever it holds, reading it ends with a typed error at
/// worst, and memory stays within twice the largest record that the format allows, and what a
/// decompressor needs.
@safe package struct CaptureFile: PacketSource, ~Copyable, @unchecked Sendable {
  /// The path that means standard input.
  package static let standardInput = "-"
  /// Octets asked of the operating system at a time: few calls, and within a core's own cache.
  package static let defaultChunk = 1 << 18

  // Behind a pointer because a large value that cannot be copied is still moved about, octet by
  // octet, whenever it is borrowed: that took longer than reading a packet.
  private let reader: UnsafeMutablePointer<CaptureReader>
  /// Opening its path again begins at the front again: a plain file, no pipe.
  let canReopen: Bool

  /// Opens a capture and reads its header; `-` is standard input.
  ///
  /// With `following` it is one that somebody still writes: where it ends for now, a step is
  /// `.idle` until the stop is requested. Opening waits for the header.
  package init(
    path: String, chunk: Int = defaultChunk, following stop: CaptureStop? = nil
  ) throws(CaptureError) {
    if path == Self.standardInput {
      if isatty(STDIN_FILENO) == 1 {
        throw .cannotOpen(
          path: "standard input", reason: "it is a terminal: give a file, or pipe a capture in")
      }
      try self.init(
        descriptor: STDIN_FILENO, closing: false, name: "standard input", chunk: chunk,
        growth: stop.map { FileGrowth(stop: $0, path: nil, descriptor: STDIN_FILENO) })
    } else {
      let descriptor = try Self.open(path)
      try self.init(
        descriptor: descriptor, closing: true, name: path, chunk: chunk,
        growth: stop.map { FileGrowth(stop: $0, path: path, descriptor: descriptor) })
    }
  }

  /// Reads the capture that comes through `descriptor`, which is closed at the end if `closing`.
  package init(
    descriptor: Int32, closing: Bool, name: String, chunk: Int = defaultChunk
  ) throws(CaptureError) {
    try self.init(
      descriptor: descriptor, closing: closing, name: name, chunk: chunk, growth: nil)
  }

  private init(
    descriptor: Int32, closing: Bool, name: String, chunk: Int, growth: FileGrowth?
  ) throws(CaptureError) {
    let raw = RawInput(
      descriptor: descriptor, closesDescriptor: closing, name: name, growth: growth)
    let opened = try CaptureReader(raw, chunk: chunk)
    var status = stat()
    canReopen = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    unsafe reader = .allocate(capacity: 1)
    unsafe reader.initialize(to: opened)
  }

  deinit {
    unsafe reader.deinitialize(count: 1)
    unsafe reader.deallocate()
  }

  /// What messages call the file.
  package var name: String { unsafe reader.pointee.name }

  /// Stamps outside the years that pcap can tell (1970 to 2106), held at their bounds.
  package var clampedStamps: UInt64 { unsafe reader.pointee.clampedStamps }

  /// What its interface statistics blocks tell.
  package var statistics: FileStatistics { unsafe reader.pointee.statistics }

  /// Octets of the file read so far: of a compressed one as it is.
  var octetsRead: UInt64 { unsafe reader.pointee.input.octetsRead }

  /// Whether it is read through a decompressor.
  var isCompressed: Bool { unsafe reader.pointee.input.isCompressed }

  /// Packets in the run at hand.
  var count: Int { unsafe reader.pointee.run.count }

  /// When a packet of the run at hand was captured.
  func time(of place: Int) -> Int64 { unsafe reader.pointee.run[place].time }

  package mutating func next(limit: Int) throws(CaptureError) -> SourceStep {
    try unsafe reader.pointee.next(limit: limit)
  }

  package borrowing func withRun<Result>(
    _ body: (Span<PacketRecord>, Span<UInt8>) throws -> Result
  ) rethrows -> Result {
    try unsafe run.lend(to: body)
  }

  /// The run at hand: its records, and all that the buffer holds.
  @unsafe var run: LentRun {
    let records = unsafe reader.pointee.run.records
    if records.isEmpty { return unsafe LentRun() }
    // What was read into the buffer is octets, and nothing else is made of it.
    let octets = unsafe UnsafeRawBufferPointer(
      start: reader.pointee.input.base, count: reader.pointee.input.limit)
    return unsafe LentRun(records: records, octets: octets.assumingMemoryBound(to: UInt8.self))
  }

  private static func open(_ path: String) throws(CaptureError) -> Int32 {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: advice(errno)) }
    var status = stat()
    if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw .cannotOpen(path: path, reason: "it is a folder: give the files in it")
    }
    // A hint only: the kernel reads ahead further, which helps the first pass over a cold file.
    _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    return descriptor
  }

  /// Whether `path` leads to a folder, whose files are to be named instead.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe path != standardInput && stat(path, &status) == 0
      && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether `path` leads to a plain file, which can be read as often as one likes.
  package static func canBeReadAgain(_ path: String) -> Bool { size(ofFileAt: path) != nil }

  /// The size of the plain file at `path` in octets; nil for anything else.
  package static func size(ofFileAt path: String) -> UInt64? {
    var status = stat()
    guard unsafe path != standardInput && stat(path, &status) == 0,
      status.st_mode & S_IFMT == S_IFREG
    else { return nil }
    return UInt64(status.st_size)
  }

  private static func advice(_ number: Int32) -> String {
    switch number {
    case ENOENT: "no such file: check the path"
    case EACCES: "permission denied: run as a user who may read it"
    default: SystemError.text(number)
    }
  }
}
