import ArgumentParser
import PacketCapture

/// The files to be read: those that were named, and the captures in folders that were.
struct ResolvedInput {
  /// What is read as one capture, and its label.
  struct Capture {
    let label: String
    let paths: [String]
  }

  /// All files, in the order they were given, those of a folder by name.
  private(set) var paths: [String] = []
  /// `--label`, else the base name of the first file or folder; of each file where each is a
  /// capture of its own.
  private(set) var captures: [Capture] = []
  private(set) var hasFolder = false

  init(_ arguments: [String], label: String?, separately: Bool) throws {
    for argument in arguments {
      if let folder = CaptureFolder(path: argument) {
        hasFolder = true
        folder.tellOfOthers()
        paths += folder.captures
      } else {
        paths.append(argument)
      }
    }
    guard !paths.isEmpty else { throw ExitCode(ExitStatus.inputIncomplete) }
    if separately {
      // Labels tell records apart: files of one name in several folders need the whole path.
      let names = paths.map(\.fileName)
      let labels = Set(names).count == names.count ? names : paths
      captures = zip(labels, paths).map { Capture(label: label ?? $0, paths: [$1]) }
    } else {
      captures = [Capture(label: label ?? arguments[0].fileName, paths: paths)]
    }
  }
}

extension String {
  /// The last component of a path, for people.
  var fileName: String {
    if self == CaptureFile.standardInput { return "standard input" }
    let name = lastPathComponent
    // Of "." the name is that of the folder we are in.
    guard name == "." || name == ".." else { return name }
    return Folder.absolute(self)?.lastPathComponent ?? name
  }

  /// What stands behind the last slash, but for slashes at the end; all of it if there is nothing else.
  private var lastPathComponent: String {
    utf8.split(separator: 0x2F).last.map { String($0) ?? self } ?? self
  }
}
