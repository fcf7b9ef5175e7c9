/// An ICMP or ICMPv6 error and the TCP segment it quotes.
package struct ICMPError: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    case portUnreachable
    /// Host, network, protocol or administratively unreachable.
    case unreachable
    /// Fragmentation needed, or packet too big, with the next hop's MTU in octets (0 if not told).
    case fragmentationNeeded(mtu: UInt32)
    case timeExceeded
    case parameterProblem
  }

  package var kind: Kind
  package var type: UInt8
  package var code: UInt8
  /// Who sent the error.
  package var reporter: IPAddress
  /// The ends of the quoted segment, as that segment was sent.
  package var source: Endpoint
  package var destination: Endpoint
  package var sequenceNumber: SequenceNumber
  /// Whether the quote goes on past the flags and is no fragment's: Wireshark gives such a quote a
  /// stream number.
  package var quotesFlags: Bool
  /// What keeps the flow from others between these ends, `FlowKey.scopeBits` bits of it.
  package var scope: UInt32 = 0

  package init(
    kind: Kind, type: UInt8, code: UInt8, reporter: IPAddress, source: Endpoint,
    destination: Endpoint, sequenceNumber: SequenceNumber, quotesFlags: Bool = false
  ) {
    self.kind = kind
    self.type = type
    self.code = code
    self.reporter = reporter
    self.source = source
    self.destination = destination
    self.sequenceNumber = sequenceNumber
    self.quotesFlags = quotesFlags
  }
}

extension ICMPError {
  /// Sorts an ICMP error (RFC 792, RFC 1191, RFC 1812) by what TCP makes of it; nil if it is none.
  static func kind(icmpType type: UInt8, code: UInt8, rest: UInt32) -> Kind? {
    switch (type, code) {
    case (3, 3): .portUnreachable
    case (3, 4): .fragmentationNeeded(mtu: rest & 0xFFFF)
    case (3, _): .unreachable
    case (11, _): .timeExceeded
    case (12, _): .parameterProblem
    default: nil
    }
  }

  /// The same for ICMPv6 (RFC 4443).
  static func kind(icmpv6Type type: UInt8, code: UInt8, rest: UInt32) -> Kind? {
    switch (type, code) {
    case (1, 4): .portUnreachable
    case (1, _): .unreachable
    case (2, _): .fragmentationNeeded(mtu: rest)
    case (3, _): .timeExceeded
    case (4, _): .parameterProblem
    default: nil
    }
  }
}
