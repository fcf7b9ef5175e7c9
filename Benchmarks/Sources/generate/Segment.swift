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

extension Segment {
  /// A SYN that nothing follows.
  init(flood number: Int) {
    self.init(
      sender: .client, flags: .syn,
      sequenceNumber: UInt32(truncatingIfNeeded: number &* 2_654_435_761),
      acknowledgmentNumber: 0, payload: 0, timestamp: 0, echoedTimestamp: 0,
      packetID: UInt16(truncatingIfNeeded: number))
  }
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
