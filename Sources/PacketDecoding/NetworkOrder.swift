/// Integers in network byte order.
///
/// Each is put together as one little-endian load and then swapped: that way the optimiser does
/// not take the octets apart again to pack them into a `DecodedPacket`.
extension Span<UInt8> {
  /// The 16-bit integer in network byte order at `offset`; traps past the end.
  @inlinable @inline(__always)
  func uint16(at offset: Int) -> UInt16 {
    (UInt16(self[offset]) | UInt16(self[offset + 1]) << 8).byteSwapped
  }

  /// The 32-bit integer in network byte order at `offset`; traps past the end.
  @inlinable @inline(__always)
  func uint32(at offset: Int) -> UInt32 {
    (UInt32(self[offset]) | UInt32(self[offset + 1]) << 8 | UInt32(self[offset + 2]) << 16
      | UInt32(self[offset + 3]) << 24).byteSwapped
  }

  /// The 64-bit integer in network byte order at `offset`; traps past the end.
  @inline(__always)
  func uint64(at offset: Int) -> UInt64 {
    UInt64(uint32(at: offset)) << 32 | UInt64(uint32(at: offset + 4))
  }

  /// The 128-bit integer in network byte order at `offset`; traps past the end.
  @inline(__always)
  func uint128(at offset: Int) -> UInt128 {
    UInt128(uint64(at: offset)) << 64 | UInt128(uint64(at: offset + 8))
  }
}
