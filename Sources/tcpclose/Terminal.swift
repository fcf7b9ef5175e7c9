import Glibc

/// The terminal behind standard output, and the one behind standard error.
///
/// The one file of the command that needs `unsafe`.
enum Terminal {
  /// Whether standard output is a terminal that shows colours, and nobody asked for none
  /// (no-color.org).
  static var takesColour: Bool {
    isatty(STDOUT_FILENO) == 1 && environment("TERM") != "dumb"
      && (environment("NO_COLOR") ?? "").isEmpty
  }

  /// Its width in columns; nil where standard output is none.
  static var width: Int? { width(of: STDOUT_FILENO) }

  /// Whether standard error is a terminal that can erase a line.
  static var showsErrors: Bool {
    isatty(STDERR_FILENO) == 1 && environment("TERM") ?? "dumb" != "dumb"
  }

  /// The width of standard error's terminal in columns.
  static var errorWidth: Int { width(of: STDERR_FILENO) ?? 80 }

  /// Whether standard output is a plain file, which nobody watches.
  static var outputIsFile: Bool {
    var status = stat()
    return unsafe fstat(STDOUT_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  private static func width(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }
}
