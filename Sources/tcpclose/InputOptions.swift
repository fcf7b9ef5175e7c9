import ArgumentParser

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
  @OptionGroup(title: "Input") private var manyFiles: ManyFilesOptions

  private static let extensions = ["pcap", "pcapng", "cap", "gz", "zst", "lz4"]

  /// All files and folders, in the order they were given.
  var paths: [String] { read + files }

  func validate() throws {
    if paths.filter({ $0 == Self.standardInput }).count > 1 {
      throw ValidationError("Standard input (-) can be read once only.")
    }
    if manyFiles.separate, packets.label != nil, paths.count > 1 {
      throw ValidationError(Self.labelIsOne)
    }
  }

  private static let labelIsOne =
    "--label names one capture; with --separate each bears the name of its file."

  private static let standardInput = "-"

  /// Finds out what is to be read; what in folders is no capture is told of on standard error.
  func resolve() throws -> ResolvedInput {
    guard !paths.isEmpty else {
      throw ValidationError("Name a capture file, or - for standard input.")
    }
    let input = try ResolvedInput(paths, label: packets.label, separately: manyFiles.separate)
    guard packets.label == nil || input.captures.count == 1 else {
      throw ValidationError(Self.labelIsOne)
    }
    return input
  }
}

/// What several files are to each other.
struct ManyFilesOptions: ParsableArguments {
  @Flag(help: "Read each file as a capture of its own, with a report of its own.")
  var separate = false
}

/// Which packets are taken, and under what name.
struct PacketOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("filter")],
    help: ArgumentHelp(
      "Packets that match this libpcap filter, as for tcpdump.", valueName: "expr"))
  var filter: String?

  @Option(help: ArgumentHelp("The capture's name in reports and records.", valueName: "name"))
  var label: String?

  @Flag(
    name: .customShort("n"),
    help: ArgumentHelp(
      "Accepted for those who know tcpdump: names are never looked up.", visibility: .hidden))
  var numeric = false
}
