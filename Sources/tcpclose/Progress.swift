import Dispatch
import PacketCapture
import Synchronization
import TeardownReport

/// How far reading has come, in a line on standard error that is erased at the end.
///
/// Only for a terminal, and for a reading that takes longer than a moment. Those who read note where
/// they are once for many packets; a thread of its own prints.
final class Progress: Sendable {
  private let octets = Atomic<UInt64>(0)
  private let packets = Atomic(0)
  private let flows = Atomic(0)
  /// Octets of all files; nil where that is not known.
  private let total: UInt64?
  private let title: String
  private let isOver = DispatchSemaphore(value: 0)
  private enum Line { case empty, shown, ended }

  private let line = Mutex(Line.empty)

  private static let firstAfter = DispatchTimeInterval.milliseconds(700)
  private static let interval = DispatchTimeInterval.milliseconds(250)
  /// Goes to the first column, and clears the line (ECMA-48 §8.3.41).
  private static let erasing = "\r\u{1B}[2K"

  /// Begins to show how far the reading of the files at `paths` is; nil without a terminal.
  init?(_ title: String, reading paths: [String]) {
    guard Terminal.showsErrors else { return nil }
    self.title = title
    let sizes = paths.map { CaptureFile.size(ofFileAt: $0) }
    total = sizes.contains(nil) ? nil : sizes.reduce(0) { $0 + ($1 ?? 0) }
    DispatchQueue(label: "progress").async { [self] in
      guard isOver.wait(timeout: .now() + Self.firstAfter) == .timedOut else { return }
      repeat { show() } while isOver.wait(timeout: .now() + Self.interval) == .timedOut
    }
  }

  /// Tells where the reading is.
  func note(octets: UInt64, packets: Int) {
    self.octets.store(octets, ordering: .relaxed)
    self.packets.store(packets, ordering: .relaxed)
  }

  func note(flows: Int) { self.flows.store(flows, ordering: .relaxed) }

  /// Erases the line, and shows no more.
  func end() {
    isOver.signal()
    line.withLock { line in
      if line == .shown { StandardError.write(Self.erasing) }
      line = .ended
    }
  }

  private func show() {
    let text = Self.line(
      title, octets: octets.load(ordering: .relaxed), of: total,
      packets: packets.load(ordering: .relaxed), flows: flows.load(ordering: .relaxed))
    line.withLock { line in
      guard line != .ended else { return }
      line = .shown
      // A line that wraps could not be erased.
      StandardError.write(Self.erasing + text.prefix(max(0, Terminal.errorWidth - 1)))
    }
  }

  /// What is shown: `reading: 31 % of 40.0 GB, 12,345,678 packets, 99,000 flows`.
  static func line(
    _ title: String, octets: UInt64, of total: UInt64?, packets: Int, flows: Int
  ) -> String {
    var place = size(octets)
    if let total, total > 0 {
      // A file may have grown since.
      place = "\(min(100, octets * 100 / total)) % of \(size(total))"
    }
    let counts = "\(Wording.count(packets, "packet")), \(Wording.count(flows, "flow"))"
    return "\(title): \(place), \(counts)"
  }

  private static func size(_ octets: UInt64) -> String {
    for (unit, size) in [("TB", 1e12), ("GB", 1e9), ("MB", 1e6)] where Double(octets) >= size {
      let tenths = Int(Double(octets) / size * 10)
      return "\(tenths / 10).\(tenths % 10) \(unit)"
    }
    return "\(octets / 1_000) kB"
  }
}
