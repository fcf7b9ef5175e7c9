internal import CPcap

/// LINKTYPE numbers, as files hold them, and libpcap's DLT numbers, which differ for a few.
///
/// libpcap's `pcap-common.c` holds the same table. Numbers are the same in both where none is here.
package enum LinkType {
  package static let null: UInt16 = 0
  package static let ethernet: UInt16 = 1
  package static let raw: UInt16 = 101
  package static let loop: UInt16 = 108
  package static let linuxSLL: UInt16 = 113
  package static let linuxSLL2: UInt16 = 276

  /// LINKTYPE and DLT where they differ on Linux.
  private static let differing: [(linkType: UInt16, dlt: Int32)] = [
    (100, DLT_ATM_RFC1483), (101, DLT_RAW), (102, DLT_SLIP_BSDOS), (103, DLT_PPP_BSDOS),
    (106, DLT_ATM_CLIP), (246, DLT_PFSYNC), (258, DLT_PKTAP),
  ]

  /// libpcap's DLT number for a LINKTYPE.
  package static func dlt(of linkType: UInt16) -> Int32 {
    differing.first { $0.linkType == linkType }?.dlt ?? Int32(linkType)
  }

  /// The LINKTYPE for libpcap's DLT number; nil for one that files cannot hold.
  package static func linkType(ofDLT dlt: Int32) -> UInt16? {
    differing.first { $0.dlt == dlt }?.linkType ?? UInt16(exactly: dlt)
  }

  /// The LINKTYPE that the number in a file's header stands for.
  ///
  /// Old programs, and OpenBSD's, wrote their own DLT number instead: such a number is none of
  /// the LINKTYPEs, so it is taken as libpcap does on Linux (12 is raw IP). OpenBSD's raw IP, 14,
  /// has no other meaning in files either. (OpenBSD's loopback is 12 too, and not told apart.)
  static func linkType(inFile number: UInt16) -> UInt16 {
    switch number {
    case 11...19: number == 14 ? raw : linkType(ofDLT: Int32(number)) ?? number
    default: number
    }
  }

  /// libpcap's short name of a LINKTYPE, such as `EN10MB`; nil if it has none.
  package static func name(of linkType: UInt16) -> String? {
    guard let name = unsafe pcap_datalink_val_to_name(dlt(of: linkType)) else { return nil }
    return unsafe String(cString: name)
  }

  /// The most octets a packet of a LINKTYPE may have in a file: libpcap's bounds.
  static func maximumCapturedLength(of linkType: UInt16) -> UInt32 {
    switch Int32(linkType) {
    case DLT_DBUS: 128 << 20
    case DLT_EBHSCR: 8 << 20
    case DLT_USBPCAP: 1 << 20
    default: 262_144
    }
  }
}
