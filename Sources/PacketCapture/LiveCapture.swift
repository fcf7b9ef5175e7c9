internal import CPcap
internal import Glibc

/// Packets from an interface, as they come.
///
/// A packet reaches the caller within about 50 ms of its capture. Without packets `next()` returns
/// `.idle` every 100 ms; a packet of the last 50 ms may still follow it. An interface that is taken
/// down is waited for, as libpcap does since 1.10: it may come up again. One that is removed is an
/// error.
@safe package struct LiveCapture: PacketSource, ~Copyable, @unchecked Sendable {
  /// The LINKTYPE of every packet.
  package let linkType: UInt16
  /// What libpcap found odd when it began, such as an interface that knows no promiscuous mode.
  package let warnings: [String]
  /// Ends the capture from elsewhere.
  package let stopping: CaptureStop

  private let interface: String
  private let handle: OpaquePointer
  private let descriptor: Int32
  /// Nanoseconds in one unit of a stamp's fraction.
  private let fractionFactor: Int64
  private var current: PacketRecord
  /// The current packet's octets; none before the first packet and after the last.
  private var data: UnsafePointer<UInt8>?
  /// By the monotonic clock, when the next `.idle` is due; nil while packets come.
  private var idleDeadline: Int64?
  /// By the monotonic clock, when a stopped capture ends though packets still come.
  private var drainDeadline: Int64?
  private var isAtEnd = false
  private var counters = DropCounters()

  /// Nanoseconds without a packet after which the caller gets its turn.
  private static let idleInterval: Int64 = 100_000_000
  /// Nanoseconds given to packets that were in the kernel's buffer at the stop: more than the 50 ms
  /// after which the kernel hands out a block that is not full.
  private static let drainInterval: Int64 = 80_000_000

  /// Begins to capture.
  ///
  /// Throws `cannotCapture` in libpcap's words, or `invalidFilter`.
  package init(_ options: LiveCaptureOptions) throws(CaptureError) {
    guard let stopping = CaptureStop() else {
      throw .cannotCapture(
        interface: options.interface, reason: SystemError.text(errno), advice: "")
    }
    let opened = try LiveHandle(options)
    self.stopping = stopping
    interface = options.interface
    unsafe handle = opened.pcap
    descriptor = opened.descriptor
    warnings = opened.warnings
    linkType = opened.linkType
    fractionFactor = opened.fractionFactor
    current = PacketRecord(
      time: 0, originalLength: 0, capturedLength: 0, linkType: opened.linkType, interface: 0)
  }

  deinit { unsafe pcap_close(handle) }

  package borrowing func withRun<Result>(
    _ body: (Span<PacketRecord>, Span<UInt8>) throws -> Result
  ) rethrows -> Result {
    guard let data = unsafe data else { return try unsafe LentRun().lend(to: body) }
    let octets = unsafe UnsafeBufferPointer(start: data, count: Int(current.capturedLength))
    // One packet at a time: none waits for another.
    let record: InlineArray<1, PacketRecord> = [current]
    return try unsafe body(record.span, octets.span)
  }

  /// Steps to the next packet, waiting for it up to 100 ms.
  ///
  /// Throws `interfaceLost`. After a stop: what the kernel had captured until then, and `.end`.
  package mutating func next(limit: Int) throws(CaptureError) -> SourceStep {
    while !isAtEnd {
      let hasPacket = try readPacket()
      if hasPacket, !stopping.isRequested {
        idleDeadline = nil
        return .packets
      }
      let now = MonotonicClock.now()
      if stopping.isRequested {
        let deadline = drainDeadline ?? now + Self.drainInterval
        drainDeadline = deadline
        if now >= deadline { break }
        if hasPacket { return .packets }
        wait(until: deadline, from: now)
      } else {
        let deadline = idleDeadline ?? now + Self.idleInterval
        idleDeadline = deadline
        if now >= deadline {
          idleDeadline = nil
          unsafe data = nil
          return .idle
        }
        wait(until: deadline, from: now)
      }
    }
    end()
    return .end
  }

  /// What was received and lost so far.
  package mutating func statistics() -> LiveCaptureStatistics {
    var raw = pcap_stat()
    if unsafe pcap_stats(handle, &raw) == 0 {
      counters.update(
        received: raw.ps_recv, droppedByKernel: raw.ps_drop, droppedByInterface: raw.ps_ifdrop)
    }
    return counters.total
  }

  /// Takes the next packet out of the kernel's buffer; false if there is none.
  private mutating func readPacket() throws(CaptureError) -> Bool {
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    let status = unsafe pcap_next_ex(handle, &header, &data)
    guard status != 0 else { return false }
    guard status == 1, let header = unsafe header?.pointee else {
      end()
      throw unsafe .interfaceLost(
        interface: interface, reason: String(cString: pcap_geterr(handle)))
    }
    current.time = Int64(header.ts.tv_sec) &* 1_000_000_000
    current.time &+= Int64(header.ts.tv_usec) &* fractionFactor
    current.capturedLength = header.caplen
    current.originalLength = header.len
    return true
  }

  /// Sleeps until packets are there, a stop is requested, or the deadline has come.
  private func wait(until deadline: Int64, from now: Int64) {
    let milliseconds = Int32(clamping: (deadline - now + 999_999) / 1_000_000)
    let event = Int16(POLLIN)
    if stopping.isRequested {
      var packets = pollfd(fd: descriptor, events: event, revents: 0)
      _ = unsafe poll(&packets, 1, milliseconds)
    } else {
      var both = (
        pollfd(fd: descriptor, events: event, revents: 0),
        pollfd(fd: stopping.descriptor, events: event, revents: 0)
      )
      unsafe withUnsafeMutableBytes(of: &both) { octets in
        let descriptors = unsafe octets.assumingMemoryBound(to: pollfd.self)
        _ = unsafe poll(descriptors.baseAddress, nfds_t(descriptors.count), milliseconds)
      }
    }
  }

  private mutating func end() {
    isAtEnd = true
    unsafe data = nil
  }
}
