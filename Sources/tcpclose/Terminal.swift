import Foundation
import Glibc

/// The terminal behind standard output.
///
/// The one file of the command that needs `unsafe`.
enum Terminal {
  /// Whether standard output is a terminal that shows colours, and nobody asked for none
  /// (no-color.org).
  static var takesColour: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
      && (environment["NO_COLOR"] ?? "").isEmpty
  }

  /// Its width in columns; nil where standard output is none.
  static var width: Int? {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }
}
