/// What a section of a pcapng file has said of its interfaces so far.
struct PcapngSection {
  private(set) var interfaces: [PcapngInterface] = []
  /// The longest packet or interface block taken, in octets: libpcap's bound, 16 MiB at first.
  private(set) var blockLimit: UInt32 = 16 << 20

  /// The interface of the last packet: nearly always the next one's too.
  private(set) var recent = Recent()

  /// What a plain packet needs to know of its interface.
  struct Recent {
    var number = UInt32.max
    var linkType: UInt16 = 0
    /// Nanoseconds a tick, 0 where a stamp takes more than this factor.
    var factor: UInt64 = 0
  }

  /// Far more than any host has, and few enough not to matter to memory.
  static let interfaceLimit = 65_536

  mutating func append(_ interface: PcapngInterface) {
    interfaces.append(interface)
    // A packet block: its 32 octets, the longest packet, 128 KiB of options.
    let longest = LinkType.maximumCapturedLength(of: interface.linkType) + 32 + 131_072
    blockLimit = max(blockLimit, longest)
  }

  /// The interface numbered `number`, which the next packets are expected to share.
  mutating func recall(_ number: UInt32) -> PcapngInterface? {
    guard let index = Int(exactly: number), index < interfaces.count else { return nil }
    let interface = interfaces[index]
    recent = Recent(
      number: number, linkType: interface.linkType, factor: interface.resolution.simpleFactor)
    return interface
  }
}

/// One interface of a section (pcapng 4.2, Interface Description Block).
struct PcapngInterface: Equatable, Sendable {
  var linkType: UInt16
  /// Octets kept of each packet; 0 for all of them.
  var snapLength: UInt32
  var resolution = TimeResolution.microseconds
}
