import ArgumentParser
import PacketDecoding

/// Where packets come from.
struct InputOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "pcap or pcapng captures, or folders of them, read as one in time order; gzip, zstd and lz4 "
        + "are decompressed; - is standard input."),
    completion: .file(extensions: Self.extensions))
  var files: [String] = []

  @Option(
    name: [.customShort("r"), .customLong("read")],
    help: ArgumentHelp(
      "The same as FILE, for those who know tcpdump.", valueName: "file", visibility: .hidden),
    completion: .file(extensions: Self.extensions))
  var read: [String] = []

  @OptionGroup(title: "Input") var packets: PacketOptions

  private static let extensions = ["pcap", "pcapng", "cap", "gz", "zst", "lz4"]

  /// All files and folders, in the order they were given.
  var paths: [String] { read + files }

  func validate() throws {
    if paths.filter({ $0 == Self.standardInput }).count > 1 {
      throw ValidationError("Standard input (-) can be read once only.")
    }
  }

  private static let standardInput = "-"

  /// Finds out what is to be read; what in folders is no capture is told of on standard error.
  ///
  /// All is one capture, or with `separately` each file one of its own.
  func resolve(separately: Bool = false) throws -> ResolvedInput {
    guard !paths.isEmpty else {
      throw ValidationError("Name a capture file, or - for standard input.")
    }
    let input = try ResolvedInput(paths, label: packets.label, separately: separately)
    guard packets.label == nil || input.captures.count == 1 else {
      throw ValidationError(
        "--label names one capture; with --separate each bears the name of its file.")
    }
    return input
  }
}

/// Which packets are taken, and under what name.
struct PacketOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("filter")],
    help: ArgumentHelp(
      "Packets that match this libpcap filter, as for tcpdump.", valueName: "expr"))
  var filter: String?

  @Flag(
    help: ArgumentHelp(
      "Take the same endpoints in another VLAN for another connection; stream numbers are then no "
        + "longer Wireshark's."))
  var byVlan = false

  @Flag(
    help: ArgumentHelp(
      "The same for tunnels, by the numbers of VXLAN, Geneve, GRE, LISP, PPPoE and 802.1ah."))
  var byTunnel = false

  @Option(help: ArgumentHelp("The capture's name in reports and records.", valueName: "name"))
  var label: String?

  @Flag(
    name: .customShort("n"),
    help: ArgumentHelp(
      "Accepted for those who know tcpdump: names are never looked up.", visibility: .hidden))
  var numeric = false

  /// What of the headers around IP keeps connections apart.
  var kinds: Enclosure.Kinds {
    var kinds: Enclosure.Kinds = []
    if byVlan { kinds.insert(.vlans) }
    if byTunnel { kinds.insert(.tunnels) }
    return kinds
  }
}
