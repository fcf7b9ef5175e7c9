internal import Glibc
internal import Synchronization

/// Ends a live capture, or the following of a file, from another thread, or from a signal handler.
package final class CaptureStop: Sendable {
  /// Readable once the stop is requested, so that a waiting capture wakes.
  let descriptor: Int32
  private let writeEnd: Int32
  private let flag = Atomic(false)

  /// Fails where the process has no descriptors left; `errno` says so.
  package init?() {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (descriptor, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(writeEnd)
  }

  /// Whether `stop()` has been called.
  package var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// Ends the capture: what was captured before is still delivered, then comes `.end`.
  ///
  /// It may be called more than once, and from a signal handler: one store and one write(2).
  package func stop() {
    flag.store(true, ordering: .relaxed)
    var octet: UInt8 = 1
    _ = unsafe write(writeEnd, &octet, 1)
  }
}
