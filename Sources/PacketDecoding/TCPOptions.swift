/// The TCP options that matter to a close (RFC 9293 §3.2, RFC 7323, RFC 2018).
public struct TCPOptions: Equatable, Sendable {
  /// TSval and TSecr (RFC 7323 §3.2).
  public var timestampValue: UInt32 = 0
  public var timestampEcho: UInt32 = 0
  /// The first SACK block (RFC 2018 §3; a duplicate report comes first, RFC 2883 §4).
  public var sackLeft = SequenceNumber(0)
  public var sackRight = SequenceNumber(0)
  /// Which of the fields above the segment carried.
  public var present: Kinds = []

  public init() {}

  /// The options a segment carried.
  public struct Kinds: OptionSet, Equatable, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    @inlinable public static var timestamps: Self { Self(rawValue: 1 << 0) }
    @inlinable public static var sack: Self { Self(rawValue: 1 << 1) }

    @inlinable @inline(__always)
    public func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }
  }
}

extension TCPOptions {
  /// Two NOPs, then timestamps of 10 octets: how almost every data segment begins (RFC 7323 §A).
  static var alignedTimestamps: UInt32 { 0x0101_080A }

  /// Decodes the options in `bytes`, stopping at the first that is malformed or cut off.
  init(decoding bytes: Span<UInt8>) {
    var offset = 0
    while offset < bytes.count {
      switch bytes[offset] {
      case 0: return
      case 1: offset += 1
      default:
        guard offset + 1 < bytes.count else { return }
        let length = Int(bytes[offset + 1])
        guard length >= 2, offset + length <= bytes.count else { return }
        decode(kind: bytes[offset], value: bytes.extracting(offset + 2..<offset + length))
        offset += length
      }
    }
  }

  @inline(__always)
  private mutating func decode(kind: UInt8, value: Span<UInt8>) {
    switch (kind, value.count) {
    case (5, 8...) where value.count % 8 == 0:
      sackLeft = SequenceNumber(value.uint32(at: 0))
      sackRight = SequenceNumber(value.uint32(at: 4))
      present.insert(.sack)
    case (8, 8):
      timestampValue = value.uint32(at: 0)
      timestampEcho = value.uint32(at: 4)
      present.insert(.timestamps)
    default: break
    }
  }
}
