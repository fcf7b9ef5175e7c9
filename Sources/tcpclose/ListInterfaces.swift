import ArgumentParser
import PacketCapture

/// `tcpclose interfaces`
struct ListInterfaces: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interfaces", abstract: "Lists what can be captured on.")

  func run() throws {
    let interfaces = try Diagnosed.capture { () throws(CaptureError) in try Interfaces.all() }
    guard !interfaces.isEmpty else {
      Diagnostics.say("no interface to capture on: run as root, or give CAP_NET_RAW")
      throw ExitCode(ExitStatus.inputIncomplete)
    }
    let width = interfaces.map(\.name.count).max() ?? 0
    for interface in interfaces {
      let name = interface.name.padded(to: width)
      let details = [interface.isUp ? "up" : "down", interface.description ?? ""]
        + interface.addresses
      print(name + "  " + details.filter { !$0.isEmpty }.joined(separator: ", "))
    }
  }
}

extension String {
  /// The string with blanks behind it, up to `width` characters.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
