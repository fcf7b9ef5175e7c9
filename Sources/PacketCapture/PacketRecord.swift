/// One captured packet, apart from its octets.
package struct PacketRecord: Equatable, Sendable {
  /// When it was captured, in nanoseconds since the Unix epoch.
  package var time: Int64
  /// Octets the packet had on the wire; may be more than were captured.
  package var originalLength: UInt32
  /// Octets captured.
  package var capturedLength: UInt32
  /// The LINKTYPE number, as files hold it (not libpcap's DLT number).
  package var linkType: UInt16
  /// Which interface of its source captured it, counted from 0.
  package var interface: UInt32

  package init(
    time: Int64, originalLength: UInt32, capturedLength: UInt32, linkType: UInt16,
    interface: UInt32
  ) {
    self.time = time
    self.originalLength = originalLength
    self.capturedLength = capturedLength
    self.linkType = linkType
    self.interface = interface
  }
}
