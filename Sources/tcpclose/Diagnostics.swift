import ArgumentParser
import PacketCapture
import TeardownReport

/// What goes to standard error: one line each, with the program's name.
enum Diagnostics {
  /// Paths, names of interfaces and filters stand in messages, and others may have chosen them.
  static func say(_ message: String) {
    StandardError.write("tcpclose: \(message.escapedForTerminal)\n")
  }
}

/// The exit statuses beside 0.
enum ExitStatus {
  /// A rule of `--fail-on` matched.
  static let gateMatched: Int32 = 1
  /// Input unreadable, or cut short; or packets that cannot be written.
  static let inputIncomplete: Int32 = 2
  /// The command line is wrong (sysexits.h EX_USAGE).
  static let usage: Int32 = 64
  /// The report cannot be written (sysexits.h EX_IOERR).
  static let outputFailed: Int32 = 74
}

/// Runs what can fail with a capture error: says the error, and ends with the status it calls for.
enum Diagnosed {
  static func capture<Value: ~Copyable>(
    _ body: () throws(CaptureError) -> Value
  ) throws -> Value {
    do throws(CaptureError) {
      return try body()
    } catch {
      Diagnostics.say(error.description)
      if case .invalidFilter = error { throw ExitCode(ExitStatus.usage) }
      throw ExitCode(ExitStatus.inputIncomplete)
    }
  }
}

/// Why the value of an option is none.
struct InvalidArgument: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// A reason that ends in a list, which stands in lines of its own.
  init(_ description: String, list: String) {
    var lines = [description + ":"]
    var line = " "
    for word in list.split(separator: " ") {
      if line.count + 1 + word.count > Self.width {
        lines.append(line)
        line = " "
      }
      line += " " + word
    }
    self.description = (lines + [line]).joined(separator: "\n")
  }

  private static let width = 80
}
