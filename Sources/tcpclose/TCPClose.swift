import ArgumentParser
import Foundation

@main
struct TCPClose: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tcpclose",
    abstract: "Tells how TCP connections end, and which packets prove it.",
    usage: HelpText.usage, discussion: HelpText.root, version: "0.1.0",
    subcommands: [Read.self, Live.self, Explain.self, ListInterfaces.self],
    defaultSubcommand: Read.self)

  static let _errorPrefix = "tcpclose: "

  static func main() {
    // A reader that goes away, such as head, ends us quietly even where our parent ignores that.
    signal(SIGPIPE, SIG_DFL)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      if let hint = hint(for: message(for: error)) {
        var lines = fullMessage(for: error).split(separator: "\n")
        lines.insert("Hint:  \(hint)", at: 1)
        FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
        exit(withError: exitCode(for: error))
      }
      exit(withError: error)
    }
  }

  /// What to do about options that other programs, or other subcommands, have.
  private static func hint(for message: String) -> String? {
    let options = [
      (["-i", "--interface", "-B", "-s", "-p", "-c", "--duration"], "to capture: tcpclose live"),
      (["-Y", "-R"], "-f takes a libpcap filter, as tcpdump does; see also --stream and --host"),
    ]
    return options.first { names, _ in
      names.contains { message.hasPrefix("Unknown option '\($0)'") }
    }?.1
  }
}
