/// A header that may stand between the start of a frame and an IP header: the one table of them.
///
/// A new one is a case and a line here, and one small file that holds its `step`: it moves `offset`
/// over the header that begins there and tells what follows. What leads to it is a line in the
/// table of link types (`LinkLayer`), EtherTypes (`EtherType`) or tunnels (`Tunnel`).
enum Layer: Equatable {
  /// The last: nothing stands before IP any more.
  case ip
  case ethernet, llc, ciscoHDLC, frameRelay, fddi, tokenRing, arcnet, arcnetOfLinux
  case null, loop, cooked, cooked2
  case ppp, pppOfDaemon, pppWithDirection, frameRelayWithDirection, pppoe
  case wlan, paddedWLAN, swappedWLAN, radiotap, ppi, prism, avs
  case mpls, pseudowire
  case vlanTag
  case backboneTag, vnTag, eTag, redundancyTag, trill, fabricPath, metaData, macsec, serviceChain
  case infiniBand, fibreChannel, fireWire, symantec, netANALYZER(preamble: Bool), packetTap
  case nflog, pflog, ipsecDevice, ipNet, clip, docsis, erf
  case juniper(UInt16)
  case gre, erspan, erspan3, etherIP
  case vxlan, vxlanGPE, geneve, gtp, teredo, ayiya, capwap, l2tp, lisp, tzsp

  /// Headers that may follow one another before an IP header; no network stacks that many.
  static let maximumDepth = 8

  /// The octet of `frame` at which an IP header begins, behind this header at `start`.
  func networkOffset(in frame: Span<UInt8>, from start: Int) throws(Undecoded) -> Int {
    var ignored: Enclosure?
    return try networkOffset(in: frame, from: start, enclosure: &ignored)
  }

  /// The same, and adds what is on the way to `enclosure`, unless that is nil.
  func networkOffset(
    in frame: Span<UInt8>, from start: Int, enclosure: inout Enclosure?
  ) throws(Undecoded) -> Int {
    var (layer, offset) = (self, start)
    var depth = 0
    while layer != .ip {
      guard depth < Self.maximumDepth else { throw .nestedTooDeep }
      let (header, start) = (layer, offset)
      layer = try header.step(in: frame, over: &offset)
      enclosure?.add(header, in: frame, at: start)
      // Any number of tags may follow one another.
      if header != .vlanTag { depth += 1 }
    }
    return offset
  }

  private func step(in frame: Span<UInt8>, over offset: inout Int) throws(Undecoded) -> Layer {
    switch self {
    case .ip: .ip
    case .ethernet: try Ethernet.step(in: frame, over: &offset)
    case .llc: try LLC.step(in: frame, over: &offset)
    case .ciscoHDLC: try CiscoHDLC.step(in: frame, over: &offset)
    case .frameRelay: try FrameRelay.step(in: frame, over: &offset)
    case .fddi: try FDDI.step(in: frame, over: &offset)
    case .tokenRing: try TokenRing.step(in: frame, over: &offset)
    case .arcnet: try ARCnet.stepBSD(in: frame, over: &offset)
    case .arcnetOfLinux: try ARCnet.stepLinux(in: frame, over: &offset)
    case .null: try NullLink.step(in: frame, over: &offset, byteOrder: .capturingHost)
    case .loop: try NullLink.step(in: frame, over: &offset, byteOrder: .network)
    case .cooked: try LinuxCooked.stepVersion1(in: frame, over: &offset)
    case .cooked2: try LinuxCooked.stepVersion2(in: frame, over: &offset)
    case .ppp: try PPP.step(in: frame, over: &offset)
    case .pppOfDaemon: try PPP.stepOfDaemon(in: frame, over: &offset)
    case .pppWithDirection: try PPP.stepWithDirection(in: frame, over: &offset)
    case .frameRelayWithDirection: try FrameRelay.stepWithDirection(in: frame, over: &offset)
    case .pppoe: try PPPoE.step(in: frame, over: &offset)
    case .wlan: try WLAN.step(in: frame, over: &offset)
    case .paddedWLAN: try WLAN.step(in: frame, over: &offset, .padded)
    case .swappedWLAN: try WLAN.step(in: frame, over: &offset, .swapped)
    case .radiotap: try Radiotap.step(in: frame, over: &offset)
    case .ppi: try PPI.step(in: frame, over: &offset)
    case .prism: try Prism.step(in: frame, over: &offset)
    case .avs: try Prism.stepAVS(in: frame, over: &offset)
    case .mpls: try MPLS.step(in: frame, over: &offset)
    case .pseudowire: try Pseudowire.step(in: frame, over: &offset)
    case .vlanTag: try EtherType.stepOverTag(in: frame, over: &offset)
    case .backboneTag: try BridgeTags.stepBackbone(in: frame, over: &offset)
    case .vnTag, .redundancyTag: try BridgeTags.step(in: frame, over: &offset, octets: 4)
    case .eTag, .metaData: try BridgeTags.step(in: frame, over: &offset, octets: 6)
    case .trill: try BridgeTags.stepTRILL(in: frame, over: &offset)
    case .fabricPath: try BridgeTags.stepFabricPath(in: frame, over: &offset)
    case .macsec: try MACsec.step(in: frame, over: &offset)
    case .serviceChain: try ServiceChain.step(in: frame, over: &offset)
    case .infiniBand: try OtherLinks.stepInfiniBand(in: frame, over: &offset)
    case .fibreChannel: try OtherLinks.stepFibreChannel(in: frame, over: &offset)
    case .fireWire: try OtherLinks.stepFireWire(in: frame, over: &offset)
    case .symantec: try OtherLinks.stepSymantec(in: frame, over: &offset)
    case .netANALYZER(let preamble):
      try OtherLinks.stepNetANALYZER(in: frame, over: &offset, hasPreamble: preamble)
    case .packetTap: try OtherLinks.stepPacketTap(in: frame, over: &offset)
    case .nflog: try NFLOG.step(in: frame, over: &offset)
    case .pflog: try OtherLinks.stepPFLOG(in: frame, over: &offset)
    case .ipsecDevice: try OtherLinks.stepIPsecDevice(in: frame, over: &offset)
    case .ipNet: try OtherLinks.stepIPNet(in: frame, over: &offset)
    case .docsis: try OtherLinks.stepDOCSIS(in: frame, over: &offset)
    case .erf: try ERF.step(in: frame, over: &offset)
    case .clip: try OtherLinks.stepCLIP(in: frame, over: &offset)
    case .juniper(let linkType): try Juniper.step(in: frame, over: &offset, linkType: linkType)
    case .gre: try GRE.step(in: frame, over: &offset)
    case .erspan: try ERSPAN.step(in: frame, over: &offset)
    case .erspan3: try ERSPAN.stepType3(in: frame, over: &offset)
    case .etherIP: try EtherIP.step(in: frame, over: &offset)
    case .vxlan: try VXLAN.step(in: frame, over: &offset)
    case .vxlanGPE: try VXLAN.stepGPE(in: frame, over: &offset)
    case .geneve: try Geneve.step(in: frame, over: &offset)
    case .gtp: try GTP.step(in: frame, over: &offset)
    case .teredo: try Teredo.step(in: frame, over: &offset)
    case .ayiya: try AYIYA.step(in: frame, over: &offset)
    case .capwap: try CAPWAP.step(in: frame, over: &offset)
    case .l2tp: try L2TP.step(in: frame, over: &offset)
    case .lisp: try LISP.step(in: frame, over: &offset)
    case .tzsp: try TZSP.step(in: frame, over: &offset)
    }
  }
}

extension Span<UInt8> {
  /// Throws `truncated` unless `count` octets were captured at `offset`.
  @inline(__always)
  func need(_ count: Int, at offset: Int) throws(Undecoded) {
    guard self.count - offset >= count else { throw .truncated }
  }
}
