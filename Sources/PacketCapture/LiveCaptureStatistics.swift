/// What a live capture has seen and lost, counted since it began.
package struct LiveCaptureStatistics: Equatable, Sendable {
  /// Packets that passed the filter, lost ones included; on loopback the kernel counts each twice.
  package internal(set) var received: UInt64 = 0
  /// Packets lost because the kernel's buffer was full.
  package internal(set) var droppedByKernel: UInt64 = 0
  /// Packets that the interface or its driver lost.
  package internal(set) var droppedByInterface: UInt64 = 0
}

/// Sums up libpcap's counters, which have 32 bits and wrap around in a long capture.
struct DropCounters {
  private(set) var total = LiveCaptureStatistics()
  private var last: (received: UInt32, kernel: UInt32, interface: UInt32) = (0, 0, 0)

  /// Adds what has come since the last time.
  mutating func update(
    received: UInt32, droppedByKernel: UInt32, droppedByInterface: UInt32
  ) {
    total.received += UInt64(received &- last.received)
    total.droppedByKernel += UInt64(droppedByKernel &- last.kernel)
    total.droppedByInterface += UInt64(droppedByInterface &- last.interface)
    last = (received, droppedByKernel, droppedByInterface)
  }
}
