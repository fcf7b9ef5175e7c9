import Foundation
import Glibc
import Synchronization

/// A program that runs beside the test: what it prints, line by line, and when.
///
/// It is killed at the latest with the value.
final class BackgroundProgram: Sendable {
  /// A line of standard output or standard error.
  struct Line: Sendable {
    let text: String
    /// Seconds since the Unix epoch.
    let time: Double
  }

  private struct Printed {
    var output: [Line] = []
    var errors: [Line] = []
  }

  let identifier: pid_t
  private let process: Mutex<Process>
  private let printed = Mutex(Printed())
  private let readers = DispatchGroup()

  /// Starts `arguments[0]`, found by the path, with the rest as its arguments.
  init(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.environment = Command.environment
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    identifier = process.processIdentifier
    self.process = Mutex(process)
    read(output.fileHandleForReading) { $0.output.append($1) }
    read(errors.fileHandleForReading) { $0.errors.append($1) }
  }

  deinit { kill(identifier, SIGKILL) }

  var output: [Line] { printed.withLock { $0.output } }
  var errors: [Line] { printed.withLock { $0.errors } }

  /// All of standard output so far.
  var text: String { output.map { $0.text + "\n" }.joined() }

  var isRunning: Bool { process.withLock { $0.isRunning } }

  /// Waits for the first line of standard output that `isWanted`; nil after `seconds`.
  func line(within seconds: Double, where isWanted: (String) -> Bool) -> Line? {
    wait(within: seconds) { output.first { isWanted($0.text) } }
  }

  /// Waits for the first line of standard error that `isWanted`; nil after `seconds`.
  func errorLine(within seconds: Double, where isWanted: (String) -> Bool) -> Line? {
    wait(within: seconds) { errors.first { isWanted($0.text) } }
  }

  func interrupt() { kill(identifier, SIGINT) }

  /// Waits for its end and for all that it printed; gives its status, nil if it goes on.
  func status(within seconds: Double) -> Int32? {
    let status: Int32? = wait(within: seconds) {
      process.withLock { $0.isRunning ? nil : $0.terminationStatus }
    }
    if status != nil { _ = readers.wait(timeout: .now() + 5) }
    return status
  }

  private func wait<Value>(within seconds: Double, for value: () -> Value?) -> Value? {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if let value = value() { return value }
      usleep(2000)
    }
    return value()
  }

  private func read(
    _ handle: FileHandle, _ keep: @escaping @Sendable (inout Printed, Line) -> Void
  ) {
    readers.enter()
    Thread.detachNewThread { [weak self, readers] in
      defer { readers.leave() }
      var rest = Data()
      while case let octets = handle.availableData, !octets.isEmpty {
        let time = Date.now.timeIntervalSince1970
        rest += octets
        while let end = rest.firstIndex(of: 0x0A) {
          let line = Line(text: String(decoding: rest[..<end], as: UTF8.self), time: time)
          rest = Data(rest[rest.index(after: end)...])
          self?.printed.withLock { keep(&$0, line) }
        }
      }
    }
  }
}
