/// The one table of link types: a LINKTYPE number and what unwraps it.
///
/// A new link type is one line here and one small file beside this one.
package enum LinkLayer {
  /// The octet of `frame` at which its IP header begins.
  @inline(__always)
  static func networkOffset(in frame: Span<UInt8>, linkType: UInt16) throws(Undecoded) -> Int {
    // Before the table, which is a jump that the processor has to foretell.
    if linkType == 1 { return try Ethernet.networkOffset(in: frame) }
    return try networkOffsetBesideEthernet(in: frame, linkType: linkType)
  }

  private static func networkOffsetBesideEthernet(
    in frame: Span<UInt8>, linkType: UInt16
  ) throws(Undecoded) -> Int {
    switch linkType {
    case 0: try NullLink.networkOffset(in: frame, byteOrder: .capturingHost)
    case 108: try NullLink.networkOffset(in: frame, byteOrder: .network)
    case 9, 50: try PPP.networkOffset(in: frame)
    // The direction comes first.
    case 204: try PPP.networkOffset(in: frame, from: 1)
    case 104: try CiscoHDLC.networkOffset(in: frame)
    case 113: try LinuxCooked.networkOffsetVersion1(in: frame)
    case 276: try LinuxCooked.networkOffsetVersion2(in: frame)
    // 12 and 14 are RAW as some systems write it: their own DLT number (pcap-linktype(7)).
    case 12, 14, 101, 228, 229: 0
    default: throw .unsupportedLinkType
    }
  }

  /// Whether `frame` carries a VLAN tag, which a filter without `vlan` does not look behind.
  package static func isTagged(_ frame: Span<UInt8>, linkType: UInt16) -> Bool {
    let typeOffset: Int
    switch linkType {
    case 1: typeOffset = 12
    case 113: typeOffset = 14
    case 276: typeOffset = 0
    default: return false
    }
    return frame.count >= typeOffset + 2 && EtherType.isTag(frame.uint16(at: typeOffset))
  }
}
