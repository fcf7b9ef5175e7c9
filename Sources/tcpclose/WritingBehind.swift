import Dispatch
import PacketCapture
import Synchronization

/// A thread that writes blocks of a report while the next one is made.
final class WritingBehind: Sendable {
  private let blocks = Conveyor(count: 3) { [UInt8]() }
  private let failure = Mutex<CaptureError?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  init(to file: ReportOutput) {
    DispatchQueue(label: "writing").async { [self] in
      do {
        while try blocks.empty({ block in
          try file.write(block.span)
          block.removeAll(keepingCapacity: true)
        }) {}
      } catch {
        failure.withLock { $0 = error as? CaptureError }
        blocks.cancel()
      }
      isDone.signal()
    }
  }

  /// Hands a block on, and leaves an empty one; throws what kept an earlier one from being written.
  func write(_ octets: inout [UInt8]) throws(CaptureError) {
    guard blocks.fill({ swap(&octets, &$0) }) else { return try finish() }
  }

  /// Waits until all is written; throws what kept it from that.
  func finish() throws(CaptureError) {
    blocks.end()
    isDone.wait()
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
