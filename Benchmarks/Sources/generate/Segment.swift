/// What one segment says, whoever its ends are.
struct Segment {
  var sender: Role
  var flags: TCPFlags
  var sequenceNumber: UInt32
  var acknowledgmentNumber: UInt32
  /// Octets of payload.
  var payload: Int
  /// The timestamps option's two values (RFC 7323 §3.2).
  var timestamp: UInt32
  var echoedTimestamp: UInt32
  /// The identification of the IPv4 packet around it.
  var packetID: UInt16
}

/// The control bits of a TCP header (RFC 9293 §3.1).
struct TCPFlags: OptionSet {
  let rawValue: UInt8

  static let fin = Self(rawValue: 0x01)
  static let syn = Self(rawValue: 0x02)
  static let rst = Self(rawValue: 0x04)
  static let psh = Self(rawValue: 0x08)
  static let ack = Self(rawValue: 0x10)
}
