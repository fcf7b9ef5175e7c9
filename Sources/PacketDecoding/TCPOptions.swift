/// The TCP options that matter to a close (RFC 9293 §3.2, RFC 7323, RFC 2018).
public struct TCPOptions: Equatable, Sendable {
  /// Which of the fields below the segment carried.
  public var present: Kinds = []
  /// TSval and TSecr (RFC 7323 §3.2).
  public var timestampValue: UInt32 = 0
  public var timestampEcho: UInt32 = 0
  /// The first SACK block (RFC 2018 §3; a duplicate report comes first, RFC 2883 §4).
  public var sackLeft = SequenceNumber(0)
  public var sackRight = SequenceNumber(0)
  /// Octets, from a SYN.
  public var maximumSegmentSize: UInt16 = 0
  /// The shift count, from a SYN.
  public var windowScale: UInt8 = 0

  public init() {}

  /// The options a segment carried.
  public struct Kinds: OptionSet, Equatable, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    @inlinable public static var maximumSegmentSize: Self { Self(rawValue: 1 << 0) }
    @inlinable public static var windowScale: Self { Self(rawValue: 1 << 1) }
    @inlinable public static var sackPermitted: Self { Self(rawValue: 1 << 2) }
    @inlinable public static var timestamps: Self { Self(rawValue: 1 << 3) }
    @inlinable public static var sack: Self { Self(rawValue: 1 << 4) }

    @inlinable @inline(__always)
    public func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }
  }
}

extension TCPOptions {
  /// Two NOPs, then timestamps of 10 octets: how almost every data segment begins (RFC 7323 §A).
  private static let alignedTimestamps: UInt32 = 0x0101_080A

  /// Decodes the options in `bytes`, stopping at the first that is malformed or cut off.
  @inline(__always)
  init(decoding bytes: Span<UInt8>) {
    if bytes.count == 12, bytes.uint32(at: 0) == Self.alignedTimestamps {
      self.init()
      present = .timestamps
      timestampValue = bytes.uint32(at: 4)
      timestampEcho = bytes.uint32(at: 8)
    } else {
      self.init(decodingEach: bytes)
    }
  }

  /// The same for options in any order and number.
  init(decodingEach bytes: Span<UInt8>) {
    var offset = 0
    while offset < bytes.count {
      switch bytes[offset] {
      case 0: return
      case 1: offset += 1
      default:
        guard offset + 1 < bytes.count else { return }
        let length = Int(bytes[offset + 1])
        guard length >= 2, offset + length <= bytes.count else { return }
        decode(kind: bytes[offset], in: bytes, at: offset + 2, length: length)
        offset += length
      }
    }
  }

  private mutating func decode(
    kind: UInt8, in bytes: Span<UInt8>, at value: Int, length: Int
  ) {
    switch (kind, length) {
    case (2, 4):
      maximumSegmentSize = bytes.uint16(at: value)
      present.insert(.maximumSegmentSize)
    case (3, 3):
      windowScale = bytes[value]
      present.insert(.windowScale)
    case (4, 2): present.insert(.sackPermitted)
    case (5, 10...) where length % 8 == 2:
      sackLeft = SequenceNumber(bytes.uint32(at: value))
      sackRight = SequenceNumber(bytes.uint32(at: value + 4))
      present.insert(.sack)
    case (8, 10):
      timestampValue = bytes.uint32(at: value)
      timestampEcho = bytes.uint32(at: value + 4)
      present.insert(.timestamps)
    default: break
    }
  }
}
