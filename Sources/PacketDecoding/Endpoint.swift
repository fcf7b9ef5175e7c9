/// One end of a TCP connection: what RFC 9293 §4 calls a socket.
public struct Endpoint: Hashable, Sendable {
  public let address: IPAddress
  public let port: UInt16

  @inlinable
  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }
}

extension Endpoint: Comparable {
  public static func < (a: Self, b: Self) -> Bool { (a.address, a.port) < (b.address, b.port) }
}

extension Endpoint: CustomStringConvertible {
  /// `192.0.2.1:80` or `[2001:db8::1]:80` (RFC 3986 §3.2.2).
  public var description: String {
    address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}
