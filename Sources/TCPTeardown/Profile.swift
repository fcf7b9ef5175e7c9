/// How long the side that holds it keeps TIME-WAIT: values never seen on the wire.
package struct Profile: Hashable, Sendable {
  /// As the option and the record spell it.
  package let name: String
  /// 2MSL in nanoseconds.
  package let timeWait: Int64
  /// How long an orphan stays in FIN-WAIT-2, in nanoseconds.
  package let finWait2: Int64

  package init(name: String, timeWait: Int64, finWait2: Int64) {
    self.name = name
    self.timeWait = timeWait
    self.finWait2 = finWait2
  }

  /// TCP_TIMEWAIT_LEN is fixed at 60 s; tcp_fin_timeout, 60 s by default, is for FIN-WAIT-2 alone.
  package static let linux = Profile(
    name: "linux", timeWait: 60 * .nanosecondsPerSecond, finWait2: 60 * .nanosecondsPerSecond)
  /// TcpTimedWaitDelay as Windows Server documents it.
  package static let windows = Profile(
    name: "windows", timeWait: 120 * .nanosecondsPerSecond, finWait2: 120 * .nanosecondsPerSecond)
  /// xnu: TCPTV_MSL is 15 s.
  package static let macos = Profile(
    name: "macos", timeWait: 30 * .nanosecondsPerSecond, finWait2: 60 * .nanosecondsPerSecond)
  /// FreeBSD: net.inet.tcp.msl is 30 s, TCPTV_FINWAIT2_TIMEOUT 60 s.
  package static let freebsd = Profile(
    name: "freebsd", timeWait: 60 * .nanosecondsPerSecond, finWait2: 60 * .nanosecondsPerSecond)
  /// RFC 9293 §3.4.2: MSL is 2 minutes.
  ///
  /// It sets no limit to FIN-WAIT-2; TIME-WAIT's stands in.
  package static let rfc9293 = Profile(
    name: "rfc9293", timeWait: 240 * .nanosecondsPerSecond, finWait2: 240 * .nanosecondsPerSecond)

  package static let named: [Profile] = [linux, windows, macos, freebsd, rfc9293]
}

extension Int64 {
  package static let nanosecondsPerSecond: Int64 = 1_000_000_000
  package static let nanosecondsPerMillisecond: Int64 = 1_000_000
}
