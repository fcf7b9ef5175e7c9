internal import Glibc

/// A file or pipe as the operating system gives it, from front to end.
@safe struct RawInput: ~Copyable {
  /// What messages call the file.
  let name: String
  private let descriptor: Int32
  private let closesDescriptor: Bool
  /// How more is waited for at the end; nil where the end is the end.
  private let growth: FileGrowth?
  /// Octets read so far.
  private(set) var offset: UInt64 = 0
  private var isAtEnd = false

  /// Takes over `descriptor`: it is closed with the value if `closesDescriptor`.
  init(descriptor: Int32, closesDescriptor: Bool, name: String, growth: FileGrowth? = nil) {
    self.descriptor = descriptor
    self.closesDescriptor = closesDescriptor
    self.name = name
    self.growth = growth
  }

  deinit {
    if closesDescriptor { close(descriptor) }
  }

  /// Whether the file is one that is followed.
  var isFollowed: Bool { growth != nil }

  /// Whether more may come where `read` gave nothing.
  var mayGrow: Bool {
    guard let growth else { return false }
    return !isAtEnd && !growth.stop.isRequested
  }

  /// Reads what there is into `room`, which has some; 0 at the end, or where `mayGrow` tells that
  /// nothing came for a while.
  mutating func read(into room: UnsafeMutableRawBufferPointer) throws(CaptureError) -> Int {
    if let growth, !growth.isPlainFile, !growth.wait(orFor: descriptor) { return 0 }
    var got = try unsafe readOnce(into: room)
    if got == 0 {
      guard let growth, growth.isPlainFile, mayGrow else {
        isAtEnd = true
        return 0
      }
      growth.wait()
      got = try unsafe readOnce(into: room)
      // What the file was given before something else took its place has been read by now.
      if got == 0, let reason = growth.end(of: descriptor, offset: offset) {
        isAtEnd = true
        throw .followEnded(path: name, offset: offset, reason: reason)
      }
    }
    offset += UInt64(got)
    return got
  }

  private func readOnce(into room: UnsafeMutableRawBufferPointer) throws(CaptureError) -> Int {
    while true {
      let got = unsafe Glibc.read(descriptor, room.baseAddress, room.count)
      if got >= 0 { return got }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // Someone made our standard input non-blocking: wait as a blocking read would.
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&wait, 1, -1)
      default:
        throw .cannotRead(path: name, offset: offset, reason: SystemError.text(errno))
      }
    }
  }
}
