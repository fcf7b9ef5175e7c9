internal import Glibc

/// An open file, pipe or terminal, as far as writing goes.
enum Descriptor {
  /// Writes all of `octets`, however often that takes; gives the `errno` of what failed, or nil.
  static func write(_ octets: Span<UInt8>, to descriptor: Int32) -> Int32? {
    var done = 0
    while done < octets.count {
      let written = unsafe octets.extracting(droppingFirst: done).withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if written >= 0 {
        done += written
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&wait, 1, -1)
      default: return errno
      }
    }
    return nil
  }
}
