import PacketCapture

/// A folder of captures, such as a ring writes: its files by name, without hidden ones and without
/// what lies in further folders.
struct CaptureFolder {
  private let path: String
  /// The paths of what is a capture, or seems to be one and cannot be read.
  private(set) var captures: [String] = []
  /// The names of what is none.
  private(set) var others: [String] = []

  /// Looks at the beginning of each file; nil if there is no folder that can be listed at `path`.
  init?(path: String) {
    guard CaptureFile.isFolder(path),
      let names = Folder.names(in: path)
    else { return nil }
    self.path = path
    for name in names.sorted() where !name.hasPrefix(".") {
      let file = path.hasSuffix("/") ? path + name : path + "/" + name
      // Pipes and devices could make us wait, so they have to be named.
      guard CaptureFile.canBeReadAgain(file) else { continue }
      if Self.isCapture(file) { captures.append(file) } else { others.append(name) }
    }
  }

  /// Says once what was left out, so that nobody takes it for read.
  func tellOfOthers() {
    if captures.isEmpty {
      Diagnostics.say("there is no capture in the folder \(path)")
    } else if !others.isEmpty {
      let more = others.count - Self.namesTold
      Diagnostics.say(
        "left out of \(path), as no captures: \(others.prefix(Self.namesTold).joined(separator: ", "))"
          + (more > 0 ? " and \(more) more" : ""))
    }
  }

  private static let namesTold = 3

  private static func isCapture(_ path: String) -> Bool {
    do throws(CaptureError) {
      _ = try CaptureFile(path: path, chunk: 4_096)
      return true
    } catch {
      switch error {
      case .notACapture, .emptyFile: return false
      // Too short for the number that every capture begins with.
      case .truncated(_, 0, expected: 4, _): return false
      default: return true
      }
    }
  }
}
