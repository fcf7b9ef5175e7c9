/// A position in a TCP stream, counted modulo 2³² (RFC 9293 §3.4).
///
/// Not `Comparable`: order around a circle is not transitive. Ask `precedes(_:)`
/// about two numbers that lie within one window of each other.
public struct SequenceNumber: Hashable, Sendable {
  public let rawValue: UInt32

  @inlinable @inline(__always)
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// The position `octets` further on.
  @inlinable @inline(__always)
  public static func + (start: Self, octets: UInt32) -> Self {
    Self(start.rawValue &+ octets)
  }

  /// The position `octets` before.
  @inlinable @inline(__always)
  public static func - (end: Self, octets: UInt32) -> Self {
    Self(end.rawValue &- octets)
  }

  /// Octets from `start` to `end`; negative where `end` lies before `start`.
  @inlinable @inline(__always)
  public static func - (end: Self, start: Self) -> Int32 {
    Int32(bitPattern: end.rawValue &- start.rawValue)
  }

  /// Whether `other` lies ahead of this position, by less than half the circle.
  @inlinable @inline(__always)
  public func precedes(_ other: Self) -> Bool { other - self > 0 }
}
