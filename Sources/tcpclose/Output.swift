import ArgumentParser
import Foundation
import PacketCapture

/// Where a report goes: standard output or a file, in large writes.
///
/// Whatever fails is said on standard error and ends the run.
struct Output: ~Copyable {
  private let handle: FileHandle
  /// What messages call it.
  private let name: String
  /// Filled by the report, emptied by `flush()`.
  var octets: [UInt8] = []
  private var hasWritten = false

  /// More than this is written out without waiting for the end.
  private static let flushSize = 1 << 16

  /// Opens the file at `path`, emptied, or standard output; it must be none of the `inputs`.
  init(path: String?, inputs: [String] = []) throws {
    let path = path == "-" ? nil : path
    handle = try path.map { try Self.open($0, inputs: inputs) } ?? .standardOutput
    name = path ?? "standard output"
  }

  private static func open(_ path: String, inputs: [String]) throws -> FileHandle {
    if let input = inputs.first(where: { areSameFile($0, path) }) {
      Diagnostics.say("\(path) is the capture \(input) itself: write to another file")
      throw ExitCode(ExitStatus.usage)
    }
    let url = URL(filePath: path)
    do {
      // Makes the file or empties it in place: links, devices and owners stay what they are.
      try Data().write(to: url)
      return try FileHandle(forWritingTo: url)
    } catch {
      throw failure(of: path, error)
    }
  }

  /// Something stands in it already.
  var isUsed: Bool { hasWritten || !octets.isEmpty }

  /// Writes out what has gathered, if that is worth a system call.
  mutating func flushIfLarge() throws {
    if octets.count >= Self.flushSize { try flush() }
  }

  mutating func flush() throws {
    guard !octets.isEmpty else { return }
    do {
      try handle.write(contentsOf: octets)
    } catch {
      throw Self.failure(of: name, error)
    }
    hasWritten = true
    octets.removeAll(keepingCapacity: true)
  }

  /// Says why `name` cannot be written.
  private static func failure(of name: String, _ error: any Error) -> ExitCode {
    Diagnostics.say("cannot write \(name): \(reason(error))")
    return ExitCode(ExitStatus.outputFailed)
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey]
    if let error = underlying as? POSIXError { return SystemError.text(error.code.rawValue) }
    if let error = underlying as? NSError, error.domain == NSPOSIXErrorDomain {
      return SystemError.text(Int32(error.code))
    }
    return error.localizedDescription
  }

  private static func areSameFile(_ one: String, _ other: String) -> Bool {
    guard let one = identity(of: one) else { return false }
    return one == identity(of: other)
  }

  /// Device and number of a plain file, whichever name leads to it.
  private static func identity(of path: String) -> [Int]? {
    let path = URL(filePath: path).resolvingSymlinksInPath().path()
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      attributes[.type] as? FileAttributeType == .typeRegular,
      let device = attributes[.systemNumber] as? Int,
      let number = attributes[.systemFileNumber] as? Int
    else { return nil }
    return [device, number]
  }
}
