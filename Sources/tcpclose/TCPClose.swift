import ArgumentParser
import Glibc
import PacketCapture
import TeardownReport

@main
struct TCPClose: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tcpclose",
    abstract: "Tells how TCP connections end, and which packets prove it.",
    usage: HelpText.usage, discussion: HelpText.root, version: "0.1.0",
    // Each of these tells its name: one made from the type's costs a million instructions.
    subcommands: [Read.self, Live.self, Explain.self, Ports.self, ListInterfaces.self],
    defaultSubcommand: Read.self)

  static let _errorPrefix = "tcpclose: "

  static func main() {
    // A reader that goes away, such as head, ends us quietly even where our parent ignores that.
    signal(SIGPIPE, SIG_DFL)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let code = exitCode(for: error)
      // Help is no error, and goes to standard output.
      if code == .success { exit(withError: error) }
      say(fullMessage(for: error), hint: hint(for: message(for: error)))
      exit(withError: code)
    }
  }

  /// Prints what is wrong with the command line, of which a shell's pattern may have made words.
  private static func say(_ message: String, hint: String?) {
    guard !message.isEmpty else { return }
    var message = message
    for word in CommandLine.arguments where word != word.escapedForTerminal {
      message = message.replacing(word, with: word.escapedForTerminal)
    }
    var lines = message.split(separator: "\n", omittingEmptySubsequences: false)
      .map(\.escapedForTerminal)
    if let hint { lines.insert("Hint:  \(hint)", at: 1) }
    StandardError.write(lines.joined(separator: "\n") + "\n")
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
