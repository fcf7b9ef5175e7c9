internal import Glibc

/// How a file that somebody still writes is followed: waiting, and when to give it up.
///
/// It ends where the file is cut down or another takes its place: what comes then is another
/// capture, whose flows are not those of the first.
struct FileGrowth {
  /// Ends the waiting.
  let stop: CaptureStop
  /// Where the file was opened; nil where only its descriptor is known.
  let path: String?
  /// A file on disk, whose end is told by every read; a pipe's end is told once, by its writer.
  let isPlainFile: Bool

  /// How long one wait takes at most, in milliseconds: as often a person looks again.
  private static let patience: Int32 = 100

  init(stop: CaptureStop, path: String?, descriptor: Int32) {
    self.stop = stop
    self.path = path
    isPlainFile = Self.status(of: descriptor).map { $0.st_mode & S_IFMT == S_IFREG } ?? false
  }

  /// Waits for a while, or until the stop is requested.
  func wait() { _ = wait(orFor: -1) }

  /// Waits for a while, until the stop is requested, or until `descriptor` can be read; whether it
  /// can.
  func wait(orFor descriptor: Int32) -> Bool {
    // A negative descriptor is passed over (poll(2)).
    var waits = [
      pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    _ = unsafe poll(&waits, 2, Self.patience)
    return waits[1].revents != 0
  }

  /// Why nothing more will come of the file, read up to `offset`; nil where more may.
  func end(of descriptor: Int32, offset: UInt64) -> String? {
    guard let status = Self.status(of: descriptor) else { return nil }
    if status.st_size < offset { return "it was cut down to \(status.st_size) octets" }
    guard let path else { return nil }
    var now = stat()
    guard unsafe stat(path, &now) == 0 else { return "it was removed or renamed" }
    return now.st_ino == status.st_ino && now.st_dev == status.st_dev
      ? nil : "another file took its place"
  }

  private static func status(of descriptor: Int32) -> stat? {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? status : nil
  }
}
