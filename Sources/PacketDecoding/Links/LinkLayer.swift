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
    guard let layer = layer(of: linkType) else { throw .unsupportedLinkType }
    return try layer.networkOffset(in: frame, from: 0)
  }

  /// The same, and adds what is on the way to `enclosure`, unless that is nil.
  static func networkOffset(
    in frame: Span<UInt8>, linkType: UInt16, enclosure: inout Enclosure?
  ) throws(Undecoded) -> Int {
    guard var layer = layer(of: linkType) else { throw .unsupportedLinkType }
    var offset = 0
    // It does not count for the depth, as it does not where nobody asks what is on the way.
    if layer == .ethernet { layer = try Ethernet.step(in: frame, over: &offset) }
    return try layer.networkOffset(in: frame, from: offset, enclosure: &enclosure)
  }

  /// The header with which frames of `linkType` begin; nil for one that is not supported.
  private static func layer(of linkType: UInt16) -> Layer? {
    switch linkType {
    case 0: .null
    case 1: .ethernet
    case 6: .tokenRing
    case 7: .arcnet
    case 9, 50: .ppp
    case 10: .fddi
    // 12 and 14 are RAW as some systems write it: their own DLT number (pcap-linktype(7)).
    case 12, 14, 101, 228, 229: .ip
    case 51: .pppoe
    case 99: .symantec
    case 100: .llc
    case 104: .ciscoHDLC
    case 105: .wlan
    case 106: .clip
    case 107: .frameRelay
    case 108: .loop
    case 109: .ipsecDevice
    case 113: .cooked
    case 117: .pflog
    case 119: .prism
    case 122: .fibreChannel
    case 127: .radiotap
    case 129: .arcnetOfLinux
    case 138: .fireWire
    case 143: .docsis
    case 163: .avs
    case 166: .pppOfDaemon
    case 178...181: .juniper(linkType)
    case 192: .ppi
    case 197: .erf
    // The second is of Cisco HDLC, which PPP's reader knows by its first octet.
    case 204, 205: .pppWithDirection
    case 206: .frameRelayWithDirection
    case 219: .mpls
    case 226: .ipNet
    case 239: .nflog
    case 240: .netANALYZER(preamble: false)
    case 241: .netANALYZER(preamble: true)
    case 242: .infiniBand
    case 258: .packetTap
    case 276: .cooked2
    default: nil
    }
  }

  /// The same for a number of 32 bits that a header tells.
  static func layer(ofInner linkType: UInt32) throws(Undecoded) -> Layer {
    guard let known = UInt16(exactly: linkType), let layer = layer(of: known) else {
      throw .unsupportedLinkType
    }
    return layer
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
