import ArgumentParser
import PacketCapture

/// Where a report goes: standard output or a file, in large writes.
///
/// Whatever fails is said on standard error and ends the run.
struct Output: ~Copyable {
  private let file: ReportOutput
  /// Filled by the report, emptied by `flush()`.
  var octets: [UInt8] = []
  private var hasWritten = false
  /// Large writes are left to a thread of their own, which begins with the first.
  private let writesBehind: Bool
  private var writing: WritingBehind?

  /// More than this is written out without waiting for the end.
  private let flushSize: Int

  /// Opens the file at `path`, emptied, or standard output; it must be none of the `inputs`.
  init(path: String?, inputs: [String] = [], writesBehind: Bool = false) throws {
    self.writesBehind = writesBehind
    // To wake a thread costs more than a system call.
    flushSize = writesBehind ? 1 << 19 : 1 << 16
    guard let path, path != "-" else {
      file = ReportOutput()
      return
    }
    if let input = inputs.first(where: { ReportOutput.areSameFile($0, path) }) {
      Diagnostics.say("\(path) is the capture \(input) itself: write to another file")
      throw ExitCode(ExitStatus.usage)
    }
    file = try Self.telling { () throws(CaptureError) in try ReportOutput(path: path) }
  }

  /// Something stands in it already.
  var isUsed: Bool { hasWritten || !octets.isEmpty }

  /// Writes out what has gathered, if that is worth a system call; it may be underway when this
  /// returns.
  mutating func flushIfLarge() throws {
    guard octets.count >= flushSize else { return }
    guard writesBehind else { return try flush() }
    let writing = writing ?? WritingBehind(to: file)
    self.writing = writing
    hasWritten = true
    try Self.telling { () throws(CaptureError) in try writing.write(&octets) }
  }

  /// Writes out what has gathered, and waits until all is written.
  mutating func flush() throws {
    if let writing = writing.take() {
      try Self.telling { () throws(CaptureError) in try writing.finish() }
    }
    guard !octets.isEmpty else { return }
    try Self.telling { () throws(CaptureError) in try file.write(octets.span) }
    hasWritten = true
    octets.removeAll(keepingCapacity: true)
  }

  /// Says why the report cannot be written, if it cannot.
  private static func telling<Value>(_ body: () throws(CaptureError) -> Value) throws -> Value {
    do throws(CaptureError) {
      return try body()
    } catch {
      Diagnostics.say(error.description)
      throw ExitCode(ExitStatus.outputFailed)
    }
  }
}
