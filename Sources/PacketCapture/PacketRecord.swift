/// One captured packet, apart from its octets.
///
/// Public so that it can be inlined: other modules look at one for each packet.
public struct PacketRecord: Equatable, Sendable {
  /// When it was captured, in nanoseconds since the Unix epoch.
  public var time: Int64
  /// Where its octets begin in what is lent with its run, which is less than 4 GiB: so no sum with
  /// the length has to be checked.
  public var offset: UInt32
  /// Octets the packet had on the wire; may be more than were captured.
  public var originalLength: UInt32
  /// Octets captured.
  public var capturedLength: UInt32
  /// Which interface of its source captured it, counted from 0.
  public var interface: UInt32
  /// The LINKTYPE number, as files hold it (not libpcap's DLT number).
  public var linkType: UInt16

  @inlinable
  public init(
    time: Int64, originalLength: UInt32, capturedLength: UInt32, linkType: UInt16,
    interface: UInt32, offset: UInt32 = 0
  ) {
    self.time = time
    self.offset = offset
    self.originalLength = originalLength
    self.capturedLength = capturedLength
    self.interface = interface
    self.linkType = linkType
  }

  /// The place of its octets in what is lent with its run.
  @inlinable @inline(__always)
  public var range: Range<Int> { Int(offset)..<Int(offset) + Int(capturedLength) }
}

extension PacketRecord {
  /// Room for a record to come.
  static let none = PacketRecord(
    time: 0, originalLength: 0, capturedLength: 0, linkType: 0, interface: 0)
}
