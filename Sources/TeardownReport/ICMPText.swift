/// ICMP and ICMPv6 errors by name.
enum ICMPText {
  /// `host unreachable (type 3, code 1)`; RFC 792 and RFC 1812 §5.2.7, or RFC 4443 §3.
  static func name(type: Int, code: Int, isIPv6: Bool) -> String {
    let words = isIPv6 ? icmpv6(type, code) : icmp(type, code)
    return "\(words) (type \(type), code \(code))"
  }

  private static func icmp(_ type: Int, _ code: Int) -> String {
    switch (type, code) {
    case (3, 0): "network unreachable"
    case (3, 1): "host unreachable"
    case (3, 2): "protocol unreachable"
    case (3, 3): "port unreachable"
    case (3, 4): "fragmentation needed"
    case (3, 9), (3, 10), (3, 13): "administratively prohibited"
    case (3, _): "destination unreachable"
    case (11, _): "time exceeded"
    case (12, _): "parameter problem"
    default: "error"
    }
  }

  private static func icmpv6(_ type: Int, _ code: Int) -> String {
    switch (type, code) {
    case (1, 0): "no route"
    case (1, 1): "administratively prohibited"
    case (1, 3): "address unreachable"
    case (1, 4): "port unreachable"
    case (1, _): "destination unreachable"
    case (2, _): "packet too big"
    case (3, _): "time exceeded"
    case (4, _): "parameter problem"
    default: "error"
    }
  }
}
