import Foundation
import Testing

/// Texts kept beside the tests, which `RECORD_FIXTURES=1` writes anew.
enum Snapshot {
  static let isRecording = ProcessInfo.processInfo.environment["RECORD_FIXTURES"] == "1"

  /// Compares `printed` with what `file` holds, or writes it there.
  ///
  /// A failure names the file, the first line that differs, and the command that records it.
  static func check(
    _ printed: String, is file: URL, recordedBy suite: String,
    location: SourceLocation = #_sourceLocation
  ) throws {
    if isRecording { return try Data(printed.utf8).write(to: file) }
    let name = file.pathComponents.suffix(3).joined(separator: "/")
    let remedy = "if it is right: RECORD_FIXTURES=1 swift test --filter \(suite)"
    guard let kept = try? String(contentsOf: file, encoding: .utf8) else {
      Issue.record(
        "\(name) is missing; read what is printed, and \(remedy)", sourceLocation: location)
      return
    }
    guard let difference = firstDifference(kept, printed) else { return }
    Issue.record("\(name), \(difference)\n\(remedy)", sourceLocation: location)
  }

  /// The first line that is not the same in both texts; nil where all are.
  static func firstDifference(_ kept: String, _ printed: String) -> String? {
    guard kept != printed else { return nil }
    let kept = kept.split(separator: "\n", omittingEmptySubsequences: false)
    let printed = printed.split(separator: "\n", omittingEmptySubsequences: false)
    let same = zip(kept, printed).prefix { $0 == $1 }.count
    let line = { (lines: [Substring]) in same < lines.count ? "'\(lines[same])'" : "no line" }
    return """
      line \(same + 1) differs:
        kept:    \(line(kept))
        printed: \(line(printed))
      """
  }
}
