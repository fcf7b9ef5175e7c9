import ArgumentParser
import PacketCapture
import TeardownReport

/// The subcommand `interfaces`.
struct ListInterfaces: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interfaces", abstract: "Lists what can be captured on.",
    usage: "tcpclose interfaces", discussion: HelpText.interfaces)

  private static let width = 80

  func run() throws {
    let interfaces = try Diagnosed.capture { () throws(CaptureError) in try Interfaces.all() }
    guard !interfaces.isEmpty else {
      Diagnostics.say("no interface to capture on: run as root, or give CAP_NET_RAW")
      throw ExitCode(ExitStatus.inputIncomplete)
    }
    let nameWidth = interfaces.map(\.shownName.count).max() ?? 0
    for interface in interfaces {
      var line = interface.shownName.padded(to: nameWidth) + (interface.isUp ? "  up  " : "  down")
      let indent = String(repeating: " ", count: line.count)
      for detail in interface.details {
        if line.count + 2 + detail.count > Self.width, line != indent {
          print(line)
          line = indent
        }
        line += "  " + detail
      }
      while line.hasSuffix(" ") { line.removeLast() }
      print(line)
    }
  }
}

extension NetworkInterface {
  /// The kernel takes nearly every octet in a name.
  fileprivate var shownName: String { name.escapedForTerminal }

  /// What it is, and its addresses.
  fileprivate var details: [String] {
    name == "any"
      ? ["all interfaces at once"]
      : addresses + [description?.escapedForTerminal].compactMap(\.self)
  }
}

extension String {
  /// The string with blanks behind it, up to `width` characters.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
