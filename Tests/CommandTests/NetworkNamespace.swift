import Foundation
import Glibc

/// A network namespace of the tests' own: a host without neighbours, gone with the value.
final class NetworkNamespace: Sendable {
  let name: String

  /// Whether this process may make one.
  static let isAvailable: Bool = {
    guard geteuid() == 0 else { return false }
    removeLeftovers()
    return (try? NetworkNamespace()) != nil
  }()

  private static let prefix = "tcpclose-test-"

  /// Makes a namespace whose loopback is up; throws where that is not allowed.
  init() throws {
    name = "\(Self.prefix)\(getpid())-\(UUID().uuidString.prefix(8))"
    try Self.ip("netns", "add", name)
    try Self.ip("-n", name, "link", "set", "lo", "up")
  }

  deinit { try? Self.ip("netns", "delete", name) }

  /// Removes what a run of the tests that crashed has left.
  private static func removeLeftovers() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? []
    for name in names where name.hasPrefix(prefix) {
      let owner = name.dropFirst(prefix.count).prefix { $0 != "-" }
      guard let process = pid_t(owner), kill(process, 0) != 0 else { continue }
      try? ip("netns", "delete", name)
    }
  }

  /// Joins two namespaces by `veth0` in each, the one with 10.99.0.1, the other with 10.99.0.2.
  static func join(_ one: NetworkNamespace, _ other: NetworkNamespace) throws {
    try ip(
      "-n", one.name, "link", "add", "veth0", "type", "veth", "peer", "name", "veth0", "netns",
      other.name)
    for (namespace, address) in [(one, "10.99.0.1/24"), (other, "10.99.0.2/24")] {
      try ip("-n", namespace.name, "address", "add", address, "dev", "veth0")
      try ip("-n", namespace.name, "link", "set", "veth0", "up")
    }
  }

  /// The arguments for `env` that run a program in the namespace.
  func running(_ program: String...) -> [String] {
    ["ip", "netns", "exec", name] + program
  }

  @discardableResult
  func run(_ program: String, _ arguments: String...) throws -> Command.Run {
    try Command.run(
      URL(filePath: "/usr/bin/env"), running(program) + arguments)
  }

  static func ip(_ arguments: String...) throws {
    let run = try Command.run(URL(filePath: "/usr/bin/env"), ["ip"] + arguments)
    guard run.status == 0 else {
      throw CocoaError(.featureUnsupported, userInfo: [NSDebugDescriptionErrorKey: run.errors])
    }
  }
}
