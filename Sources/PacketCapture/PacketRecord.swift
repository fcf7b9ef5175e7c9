/// One captured packet, apart from its octets.
package struct PacketRecord: Equatable, Sendable {
  /// When it was captured, in nanoseconds since the Unix epoch.
  package var time: Int64
  /// Where its octets begin in what is lent with its run.
  package var offset: Int
  /// Octets the packet had on the wire; may be more than were captured.
  package var originalLength: UInt32
  /// Octets captured.
  package var capturedLength: UInt32
  /// Which interface of its source captured it, counted from 0.
  package var interface: UInt32
  /// The LINKTYPE number, as files hold it (not libpcap's DLT number).
  package var linkType: UInt16

  package init(
    time: Int64, originalLength: UInt32, capturedLength: UInt32, linkType: UInt16,
    interface: UInt32, offset: Int = 0
  ) {
    self.time = time
    self.offset = offset
    self.originalLength = originalLength
    self.capturedLength = capturedLength
    self.interface = interface
    self.linkType = linkType
  }

  /// The place of its octets in what is lent with its run.
  package var range: Range<Int> { offset..<offset + Int(capturedLength) }
}

extension PacketRecord {
  /// Room for a record to come.
  static let none = PacketRecord(
    time: 0, originalLength: 0, capturedLength: 0, linkType: 0, interface: 0)
}
