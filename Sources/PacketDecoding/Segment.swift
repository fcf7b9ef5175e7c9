/// What one TCP segment says about its connection: all that outlives the packet's octets.
public struct Segment: Equatable, Sendable {
  // In this order the ends, which are aligned to 16 octets, leave no hole: 88 octets, not 100.
  public var source: Endpoint
  public var sequenceNumber: SequenceNumber
  /// Meaningful only where `flags` has `.ack`.
  public var acknowledgmentNumber: SequenceNumber
  /// Octets of payload, from the IP length and not from what was captured.
  public var payloadLength: UInt32
  public var destination: Endpoint
  public var flags: TCPFlags
  /// TTL or hop limit, as captured.
  public var timeToLive: UInt8
  /// The window as sent, unscaled (RFC 7323 §2).
  public var window: UInt16
  /// The IPv4 identification (RFC 791 §3.1), 0 in IPv6.
  public var identification: UInt16
  public var options: TCPOptions
  /// What the payload says about a close.
  public var hint = PayloadHint()

  public init(
    source: Endpoint, destination: Endpoint, sequenceNumber: SequenceNumber,
    acknowledgmentNumber: SequenceNumber, flags: TCPFlags, payloadLength: UInt32,
    window: UInt16 = 0, timeToLive: UInt8 = 64, identification: UInt16 = 0,
    options: TCPOptions = TCPOptions()
  ) {
    self.source = source
    self.destination = destination
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
    let nowhere = Endpoint(address: IPAddress(bits: 0, isIPv6: false), port: 0)
    self.init(
      source: nowhere, destination: nowhere, sequenceNumber: SequenceNumber(0),
      acknowledgmentNumber: SequenceNumber(0), flags: [], payloadLength: 0)
  }

  /// The sequence number after this segment: SYN and FIN take one each (RFC 9293 §3.4).
  @inlinable
  public var end: SequenceNumber {
    let fin = flags.rawValue & 1
    let syn = flags.rawValue >> 1 & 1
    return sequenceNumber + (payloadLength &+ UInt32(syn &+ fin))
  }
}
