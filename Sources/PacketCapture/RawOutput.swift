internal import Glibc

/// A file that is written from front to end, or a pipe.
struct RawOutput: ~Copyable, Sendable {
  /// What messages call it.
  private(set) var name: String
  private var path: String
  private var descriptor: Int32
  private let isPlainFile: Bool
  /// The file was made by opening it.
  let isNew: Bool
  /// Octets written.
  private(set) var count: UInt64 = 0

  static let standardOutput = "-"

  /// Opens the file at `path`, made if it is not there; `-` is standard output.
  ///
  /// A plain file must be empty, and none of `others`.
  static func open(_ path: String, sparing others: [String]) throws(CaptureError) -> RawOutput {
    if path == standardOutput {
      if isatty(STDOUT_FILENO) == 1 {
        throw .cannotWrite(
          path: "standard output", packets: nil,
          reason: "it is a terminal: give a file, or pipe the packets on")
      }
      return RawOutput(descriptor: STDOUT_FILENO, path: path, name: "standard output")
    }
    // What is made here may be removed again, what was there may not.
    if let output = try? open(newFile: path) { return output }
    let output = try open(path, flags: O_NOCTTY)
    if output.isPlainFile, let objection = output.objection(sparing: others) {
      throw .cannotWrite(path: path, packets: nil, reason: objection)
    }
    return output
  }

  /// Opens a file that must not be there yet.
  static func open(newFile path: String) throws(CaptureError) -> RawOutput {
    try open(path, flags: O_EXCL)
  }

  private static func open(_ path: String, flags: Int32) throws(CaptureError) -> RawOutput {
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o666)
    guard descriptor >= 0 else {
      throw .cannotWrite(path: path, packets: nil, reason: SystemError.text(errno))
    }
    return RawOutput(
      descriptor: descriptor, path: path, name: path, isNew: flags & O_EXCL != 0)
  }

  /// Why the plain file should be left as it is.
  private func objection(sparing others: [String]) -> String? {
    var own = stat()
    guard unsafe fstat(descriptor, &own) == 0 else { return SystemError.text(errno) }
    for other in others {
      var status = stat()
      guard unsafe stat(other, &status) == 0, status.st_dev == own.st_dev,
        status.st_ino == own.st_ino
      else { continue }
      return other == name
        ? "it is to be read: write to another file" : "it is \(other): write to another file"
    }
    return own.st_size == 0
      ? nil : "it exists already: remove it first, or write to another file"
  }

  private init(descriptor: Int32, path: String, name: String, isNew: Bool = false) {
    self.isNew = isNew
    self.descriptor = descriptor
    self.path = path
    self.name = name
    var status = stat()
    isPlainFile =
      unsafe path != Self.standardOutput && fstat(descriptor, &status) == 0
      && status.st_mode & S_IFMT == S_IFREG
  }

  deinit {
    if descriptor > STDERR_FILENO { Glibc.close(descriptor) }
  }

  /// Where the file lies, links followed, if it can be read again and another take its place.
  var replaceablePath: String? {
    isPlainFile ? Folder.absolute(path) : nil
  }

  /// Writes all of `octets`, which end with a packet, or none that a plain file would keep.
  ///
  /// `packets` are in the file before them.
  mutating func write(_ octets: [UInt8], packetsBefore packets: Int) throws(CaptureError) {
    if let number = Descriptor.write(octets.span, to: descriptor) {
      if isPlainFile { _ = ftruncate(descriptor, off_t(count)) }
      throw .cannotWrite(path: name, packets: packets, reason: SystemError.text(number))
    }
    count += UInt64(octets.count)
  }

  /// Closes the file: some disks tell only then that they are full.
  mutating func close(packets: Int) throws(CaptureError) {
    guard descriptor > STDERR_FILENO else { return }
    let status = Glibc.close(descriptor)
    descriptor = -1
    guard status == 0 else {
      throw .cannotWrite(path: name, packets: packets, reason: SystemError.text(errno))
    }
  }

  /// Takes the place of the file at `other`, in whose name it goes on.
  mutating func rename(to other: String) throws(CaptureError) {
    guard unsafe Glibc.rename(path, other) == 0 else {
      throw .cannotWrite(path: path, packets: nil, reason: SystemError.text(errno))
    }
    (path, name) = (other, other)
  }

  /// Removes the file.
  func remove() { _ = unsafe unlink(path) }
}
