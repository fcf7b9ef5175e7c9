internal import Glibc

/// The machine that the program runs on.
package enum Host {
  /// What it calls itself.
  package static var name: String {
    var octets = [UInt8](repeating: 0, count: 257)
    let failure = unsafe octets.withUnsafeMutableBytes { octets -> Int32 in
      let room = octets.count - 1
      guard let start = octets.baseAddress else { return -1 }
      return unsafe gethostname(start.assumingMemoryBound(to: CChar.self), room)
    }
    let name = String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
    return failure != 0 || name.isEmpty ? "localhost" : name
  }

  /// Nanoseconds since 1970, by the clock that packets are stamped with.
  package static var time: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// How far its zone (of `TZ`, else the system's) was ahead of UTC at that second since 1970.
  package static func secondsFromUTC(at second: Int64) -> Int {
    var second = time_t(second)
    var local = unsafe tm()
    // The zone is read once: only `tzset` has it read, and that looks whether it is another.
    tzset()
    guard unsafe localtime_r(&second, &local) != nil else { return 0 }
    return unsafe local.tm_gmtoff
  }
}
