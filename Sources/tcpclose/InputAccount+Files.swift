import PacketCapture
import TCPTeardown
import TeardownReport

extension InputAccount {
  /// Adds what the files tell of losses and of the end of their capture.
  mutating func add(_ statistics: FileStatistics) {
    summary.endTime = statistics.endTime
    let (kernel, interface) = (statistics.droppedBySystem, statistics.droppedByInterface)
    guard kernel != nil || interface != nil else { return }
    summary.drops = CaptureSummary.Drops(kernel: kernel ?? 0, interface: interface ?? 0)
  }

  /// What is odd about the files as a whole: stamps out of bounds, and captures of several points
  /// read as one.
  var warnings: [String] {
    var warnings: [String] = []
    if clampedStamps > 0 {
      warnings.append("\(clampedStamps) stamps lie outside the years 1970 to 2106")
    }
    // Two points that see the same connections show every segment twice, which makes a half; a
    // point that sees some of the other's still makes a fifth. Files that follow one another in
    // time are a ring, whatever they show twice.
    if let counts, filesOverlap, counts.duplicates > 0, counts.duplicates >= counts.segments / 5 {
      warnings.append(
        "\(counts.duplicates) of \(counts.segments) segments were shown before: if the files are "
          + "of several capture points, --separate reads each by itself")
    }
    return warnings
  }
}
