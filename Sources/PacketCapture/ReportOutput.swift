internal import Glibc

/// The file that a report goes to, or standard output.
package final class ReportOutput: Sendable {
  /// What messages call it.
  package let name: String
  private let descriptor: Int32

  /// Standard output.
  package init() {
    name = "standard output"
    descriptor = STDOUT_FILENO
  }

  /// Makes the file at `path`, or empties it in place: links, devices and owners stay what they are.
  ///
  /// Throws `cannotWrite`.
  package init(path: String) throws(CaptureError) {
    name = path
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_CLOEXEC, 0o666)
    if descriptor < 0 {
      throw .cannotWrite(path: path, packets: nil, reason: SystemError.text(errno))
    }
  }

  deinit {
    if descriptor > STDERR_FILENO { close(descriptor) }
  }

  /// Writes all of `octets`; throws `cannotWrite`, and then some of them may have been written.
  package func write(_ octets: Span<UInt8>) throws(CaptureError) {
    if let number = Descriptor.write(octets, to: descriptor) {
      throw .cannotWrite(path: name, packets: nil, reason: SystemError.text(number))
    }
  }

  /// Whether both paths lead to one plain file.
  package static func areSameFile(_ one: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    return unsafe stat(one, &first) == 0 && stat(other, &second) == 0
      && first.st_mode & S_IFMT == S_IFREG && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }
}
