/// What one TCP segment says about its connection, apart from whose it is: that its `Tuple` tells.
///
/// All that outlives the packet's octets, and only what a flow reads: there is one for each packet.
public struct Segment: Equatable, Sendable {
  // In this order they leave a hole of one octet in 40.
  public var sequenceNumber: SequenceNumber
  /// Meaningful only where `flags` has `.ack`.
  public var acknowledgmentNumber: SequenceNumber
  /// Octets of payload, from the IP length and not from what was captured.
  public var payloadLength: UInt32
  /// The window as sent, unscaled (RFC 7323 §2).
  public var window: UInt16
  /// The IPv4 identification (RFC 791 §3.1), 0 in IPv6.
  public var identification: UInt16
  public var options: TCPOptions
  public var flags: TCPFlags
  /// TTL or hop limit, as captured.
  public var timeToLive: UInt8
  /// What the payload says about a close.
  public var hint = PayloadHint()

  public init(
    sequenceNumber: SequenceNumber, acknowledgmentNumber: SequenceNumber, flags: TCPFlags,
    payloadLength: UInt32, window: UInt16 = 0, timeToLive: UInt8 = 64, identification: UInt16 = 0,
    options: TCPOptions = TCPOptions()
  ) {
    self.sequenceNumber = sequenceNumber
    self.acknowledgmentNumber = acknowledgmentNumber
    self.flags = flags
    self.payloadLength = payloadLength
    self.window = window
    self.timeToLive = timeToLive
    self.identification = identification
    self.options = options
  }

  /// A segment that says nothing: room for one to come.
  public init() {
    self.init(
      sequenceNumber: SequenceNumber(0), acknowledgmentNumber: SequenceNumber(0), flags: [],
      payloadLength: 0)
  }

  /// The sequence number after this segment: SYN and FIN take one each (RFC 9293 §3.4).
  @inlinable
  public var end: SequenceNumber {
    let fin = flags.rawValue & 1
    let syn = flags.rawValue >> 1 & 1
    return sequenceNumber + (payloadLength &+ UInt32(syn &+ fin))
  }
}
