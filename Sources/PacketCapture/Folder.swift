internal import Glibc

/// What the file system knows of a path.
package enum Folder {
  /// The names of all that is in the folder at `path`, in no order; nil if it cannot be listed.
  package static func names(in path: String) -> [String]? {
    guard let folder = unsafe opendir(path) else { return nil }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 1) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Whether anything is at `path`.
  package static func has(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// `path` from the root on, links followed; nil where nothing is.
  package static func absolute(_ path: String) -> String? {
    guard let found = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
  }
}
