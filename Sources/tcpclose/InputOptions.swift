import ArgumentParser
import Foundation

/// Where packets come from.
struct InputOptions: ParsableArguments {
  @Argument(
    help: "pcap or pcapng captures, read as one in time order; - is standard input.",
    completion: .file(extensions: ["pcap", "pcapng", "cap"]))
  var files: [String] = []

  @Option(
    name: [.customShort("r"), .customLong("read")],
    help: ArgumentHelp(
      "The same as FILE, for those who know tcpdump.", valueName: "file", visibility: .hidden),
    completion: .file(extensions: ["pcap", "pcapng", "cap"]))
  var read: [String] = []

  @OptionGroup(title: "Input") var packets: PacketOptions
  @OptionGroup(title: "Input") private var manyFiles: ManyFilesOptions

  /// All files, in the order they were given.
  var paths: [String] { read + files }

  func validate() throws {
    if paths.filter({ $0 == Self.standardInput }).count > 1 {
      throw ValidationError("Standard input (-) can be read once only.")
    }
    if manyFiles.separate, packets.label != nil, paths.count > 1 {
      throw ValidationError(
        "--label names one capture; with --separate each bears the name of its file.")
    }
  }

  private static let standardInput = "-"

  /// What is read as one capture each, with its label: `--label`, else the first file's base name.
  var captures: [(label: String, paths: [String])] {
    let names = paths.map {
      $0 == Self.standardInput ? "standard input" : URL(filePath: $0).lastPathComponent
    }
    guard manyFiles.separate else { return [(packets.label ?? names.first ?? "", paths)] }
    // Labels tell records apart: files of one name in several folders need the whole path.
    let areDistinct = Set(names).count == names.count
    return zip(areDistinct ? names : paths, paths).map { (packets.label ?? $0, [$1]) }
  }
}

/// What several files are to each other.
struct ManyFilesOptions: ParsableArguments {
  @Flag(help: "Read each file as a capture of its own, with a report of its own.")
  var separate = false
}

/// How many processors may be used.
struct ThreadOptions: ParsableArguments {
  @Flag(help: "Use one thread instead of reading ahead: slower, and easy on the processors.")
  var oneThread = false
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
