internal import Glibc

/// Where a program tells what goes wrong, and how far it is.
package enum StandardError {
  /// Writes `text` as it is; if nobody takes it, there is nobody to tell.
  package static func write(_ text: String) {
    _ = Descriptor.write(Array(text.utf8).span, to: STDERR_FILENO)
  }
}
