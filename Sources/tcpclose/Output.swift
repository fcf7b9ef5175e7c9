import Foundation

/// Where a report goes: standard output or a file, in large writes.
struct Output: ~Copyable {
  private let handle: FileHandle
  /// Filled by the report, emptied by `flush()`.
  var octets: [UInt8] = []

  /// More than this is written out without waiting for the end.
  private static let flushSize = 1 << 16

  /// Throws a one-line reason where the file cannot be made.
  init(path: String?) throws(OutputError) {
    guard let path, path != "-" else {
      handle = FileHandle.standardOutput
      return
    }
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw OutputError(path: path) }
    self.handle = handle
  }

  /// Writes out what has gathered, if that is worth a system call.
  mutating func flushIfLarge() throws {
    if octets.count >= Self.flushSize { try flush() }
  }

  mutating func flush() throws {
    guard !octets.isEmpty else { return }
    try handle.write(contentsOf: Data(octets))
    octets.removeAll(keepingCapacity: true)
  }
}

/// The report's file cannot be written.
struct OutputError: Error, CustomStringConvertible {
  let path: String

  var description: String { "cannot write \(path): check that the folder exists and is writable" }
}
