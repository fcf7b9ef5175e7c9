import ArgumentParser
import Foundation

/// Where packets come from.
struct InputOptions: ParsableArguments {
  @Argument(
    help: "Captures (pcap, pcapng), read as one in time order; - for standard input.",
    completion: .file(extensions: ["pcap", "pcapng", "cap"]))
  var files: [String] = []

  @Option(
    name: [.customShort("r"), .customLong("read")],
    help: ArgumentHelp(
      "The same as FILE, for those who know tcpdump.", valueName: "file", visibility: .hidden),
    completion: .file(extensions: ["pcap", "pcapng", "cap"]))
  var read: [String] = []

  @OptionGroup(title: "Packets") var packets: PacketOptions

  /// All files, in the order they were given.
  var paths: [String] { read + files }

  func validate() throws {
    if paths.isEmpty {
      throw ValidationError("Name a capture file, or - for standard input.")
    }
    if paths.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("Standard input (-) can be read once only.")
    }
  }

  /// `--label`, else the first file's base name.
  var label: String {
    packets.label ?? paths.first.map { URL(filePath: $0).lastPathComponent } ?? ""
  }
}

/// Which packets are taken, and under what name.
struct PacketOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("filter")],
    help: ArgumentHelp("Only packets that this libpcap filter takes.", valueName: "expr"))
  var filter: String?

  @Option(help: ArgumentHelp("The capture's name in records and reports.", valueName: "name"))
  var label: String?

  @Flag(
    name: .customShort("n"),
    help: ArgumentHelp("Accepted for those who know tcpdump: names are never looked up.",
      visibility: .hidden))
  var numeric = false
}
