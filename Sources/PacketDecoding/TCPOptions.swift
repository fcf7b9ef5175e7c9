/// The TCP options that matter to a close (RFC 9293 §3.2, RFC 7323, RFC 2018).
public struct TCPOptions: Equatable, Sendable {
  /// TSval and TSecr (RFC 7323 §3.2).
  public var timestampValue: UInt32
  public var timestampEcho: UInt32
  /// The first SACK block (RFC 2018 §3; a duplicate report comes first, RFC 2883 §4).
  public var sackLeft: SequenceNumber
  public var sackRight: SequenceNumber
  /// Which of the fields above the segment carried.
  public var present: Kinds

  @inlinable @inline(__always)
  public init() {
    self.init(present: Kinds(rawValue: 0), timestampValue: 0, timestampEcho: 0)
  }

  /// No SACK block.
  // Written out: the initial values of properties are not inlined.
  @inlinable @inline(__always)
  init(present: Kinds, timestampValue: UInt32, timestampEcho: UInt32) {
    self.present = present
    self.timestampValue = timestampValue
    self.timestampEcho = timestampEcho
    (sackLeft, sackRight) = (SequenceNumber(0), SequenceNumber(0))
  }

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
  @inlinable static var alignedTimestamps: UInt32 { 0x0101_080A }

  /// Decodes the options in `bytes`, stopping at the first that is malformed or cut off.
  init(decoding bytes: Span<UInt8>) {
    self.init()
    if isLinuxSYN(bytes) {
      decodeTimestamps(bytes.extracting(8..<16))
      return
    }
    var offset = 0
    while offset < bytes.count {
      let kind = bytes[offset]
      if kind == 0 { return }
      offset &+= 1
      if kind == 1 { continue }
      guard offset < bytes.count else { return }
      let length = Int(bytes[offset])
      let value = offset &+ 1
      offset &+= length &- 1
      guard length >= 2, offset <= bytes.count else { return }
      switch (kind, length) {
      case (5, 10...) where length & 7 == 2:
        let edges = bytes.extracting(value..<value &+ 8)
        sackLeft = SequenceNumber(edges.uint32(at: 0))
        sackRight = SequenceNumber(edges.uint32(at: 4))
        present.insert(.sack)
      case (8, 10): decodeTimestamps(bytes.extracting(value..<value &+ 8))
      default: break
      }
    }
  }

  @inline(__always)
  private mutating func decodeTimestamps(_ bytes: Span<UInt8>) {
    timestampValue = bytes.uint32(at: 0)
    timestampEcho = bytes.uint32(at: 4)
    present.insert(.timestamps)
  }

  /// Maximum segment size, SACK permitted, timestamps, and window scale: the options of most SYNs
  /// there are, which are looked through one by one otherwise.
  @inline(__always)
  private func isLinuxSYN(_ bytes: Span<UInt8>) -> Bool {
    bytes.count == 20 && bytes.uint16(at: 0) == 0x0204 && bytes.uint32(at: 4) == 0x0402_080A
      && bytes.uint32(at: 16) >> 8 == 0x01_0303
  }
}
