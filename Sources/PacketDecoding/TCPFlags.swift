/// The control bits of a TCP header (RFC 9293 §3.1).
///
/// Every member is inlinable: other modules ask about flags for each packet. They are public for
/// that alone, here and in the types beside: Swift 6.3 inlines nothing across modules that is
/// `package`.
public struct TCPFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable public static var fin: Self { Self(rawValue: 1 << 0) }
  @inlinable public static var syn: Self { Self(rawValue: 1 << 1) }
  @inlinable public static var rst: Self { Self(rawValue: 1 << 2) }
  @inlinable public static var psh: Self { Self(rawValue: 1 << 3) }
  @inlinable public static var ack: Self { Self(rawValue: 1 << 4) }
  @inlinable public static var urg: Self { Self(rawValue: 1 << 5) }
  @inlinable public static var ece: Self { Self(rawValue: 1 << 6) }
  @inlinable public static var cwr: Self { Self(rawValue: 1 << 7) }

  // The protocol's own are reached through a witness from other modules, bit by bit of every packet.
  @inlinable @inline(__always)
  public func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }

  @inlinable @inline(__always)
  public func isDisjoint(with other: Self) -> Bool { rawValue & other.rawValue == 0 }

  @inlinable @inline(__always)
  public func intersection(_ other: Self) -> Self { Self(rawValue: rawValue & other.rawValue) }

  /// SYN, FIN and RST: the bits that begin or end something.
  @inlinable public static var synFinRst: Self { Self(rawValue: 0b111) }

  /// What a segment is by its SYN, FIN, RST and ACK bits.
  public enum Kind: Sendable {
    case syn, synAck
    /// ACK alone, with or without payload.
    case ack
    /// FIN with ACK.
    case fin
    /// RST with or without ACK.
    case rst
    /// A combination that no endpoint sends: SYN or RST with FIN, SYN with RST, neither with nor
    /// without FIN an ACK.
    case impossible
  }

  @inlinable @inline(__always)
  public var kind: Kind {
    switch rawValue & 0b1_0111 {
    case 0b0_0010: .syn
    case 0b1_0010: .synAck
    case 0b1_0000: .ack
    case 0b1_0001: .fin
    case 0b0_0100, 0b1_0100: .rst
    default: .impossible
    }
  }

  /// SYN without ACK, whatever else is set: it opens a flow.
  @inlinable
  public var isOpening: Bool { rawValue & 0b1_0010 == 0b0_0010 }

  /// SYN with ACK, whatever else is set.
  @inlinable
  public var isSYNAck: Bool { rawValue & 0b1_0010 == 0b1_0010 }
}
