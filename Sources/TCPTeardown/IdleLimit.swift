/// How long programs and middleboxes let a connection be idle before they close it.
package enum IdleLimit {
  /// Limits that many programs and middleboxes are set to or come with, in seconds: Gunicorn 2,
  /// Node.js and Apache 5, Tomcat 20, Jetty 30, AWS's application load balancer 60, nginx 65 and
  /// 75, Go's client 90, Firefox 115, IIS 120, Kestrel 130, Azure's load balancer 240, Chrome 300,
  /// AWS's network load balancer 350, Google Cloud's 600 to 620, Envoy 3,600, Linux's keep-alive
  /// 7,200, MySQL 28,800; and round numbers.
  package static let presets: [Int64] = [
    1, 2, 3, 4, 5, 10, 15, 20, 30, 45, 60, 65, 75, 90, 100, 110, 115, 120, 130, 180, 240, 300, 350,
    400, 600, 610, 620, 900, 1200, 1800, 3600, 7200, 28800,
  ].map { $0 * .nanosecondsPerSecond }

  /// How late a timer set to `limit` may be seen to have run out, in nanoseconds: by some percent,
  /// where idle connections are looked for now and then, and by the way there.
  package static func lateness(of limit: Int64) -> Int64 {
    limit / 32 + 200 * .nanosecondsPerMillisecond
  }

  /// The preset that a group of closes from `idle` on shows: timers run late, and never early but
  /// for what two segments' ways differ.
  package static func preset(at idle: Int64) -> Int64? {
    var found: Int64?
    for preset in presets {
      // The further ones are longer still.
      if preset - preset / 1000 - 50 * .nanosecondsPerMillisecond > idle { break }
      found = preset
    }
    guard let found, idle <= found + lateness(of: found) else { return nil }
    return found
  }
}
