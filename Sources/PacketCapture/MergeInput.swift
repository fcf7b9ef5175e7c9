/// One file of a merge, stepped to the packet that waits for its turn.
struct MergeInput: ~Copyable {
  private let path: String
  private var file: CaptureFile?
  /// The time of the packet that waits; nil once there are no more.
  private(set) var time: Int64?
  /// Its number in the file, counted from 1.
  private(set) var frame: UInt64 = 0
  private(set) var clampedStamps: UInt64 = 0

  /// A file not yet opened.
  init(path: String) {
    self.path = path
  }

  /// Closed until the packet that waits, the file's first, has its turn.
  var isAsleep: Bool { time != nil && file == nil }

  /// Opens the file, reading `chunk` octets at a time, and steps to its first packet.
  mutating func open(chunk: Int = CaptureFile.defaultChunk) throws(CaptureError) {
    (time, frame) = (nil, 0)
    file = try CaptureFile(path: path, chunk: chunk)
    try advance()
  }

  /// Steps to the next packet; at the end, or on an error, the file is closed.
  mutating func advance() throws(CaptureError) {
    time = nil
    do throws(CaptureError) {
      if try file?.next() == .packet {
        time = file?.time
        frame += 1
        return
      }
    } catch {
      close()
      throw error
    }
    close()
  }

  /// Closes the file until its turn, if it can be opened again and is still at its first packet.
  mutating func sleep() {
    if frame == 1, file?.canReopen == true { file = nil }
  }

  /// The packet that waits, of a file that is not asleep.
  var record: PacketRecord? {
    switch file {
    case .some(let file): file.record
    case nil: nil
    }
  }

  borrowing func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    switch file {
    case .some(let file): file.withBytes(body)
    case nil: body(Span())
    }
  }

  private mutating func close() {
    clampedStamps = file?.clampedStamps ?? 0
    file = nil
  }
}
