internal import Glibc

/// A window onto a file or pipe: octets read ahead in large chunks, lent in place.
///
/// The octets from `position` to `limit` have been read and not been consumed. What is left of a
/// record at the end of a chunk is moved to the front before more is read behind it, so every
/// record lies in one piece.
@safe struct ReadBuffer: ~Copyable, @unchecked Sendable {
  /// What messages call the file.
  let name: String
  private let descriptor: Int32
  private let closesDescriptor: Bool
  private(set) var base: UnsafeMutableRawPointer
  private var capacity: Int
  /// Where the next record begins, counted from `base`; only ever moved within `limit`.
  var position = 0
  /// Where the octets read so far end, counted from `base`.
  private(set) var limit = 0
  /// How many octets of the file came before `base`.
  private var before: UInt64 = 0
  private var reachedEnd = false

  /// Takes over `descriptor`: it is closed with the buffer if `closesDescriptor`.
  init(descriptor: Int32, closesDescriptor: Bool, name: String, capacity: Int) {
    self.name = name
    self.descriptor = descriptor
    self.closesDescriptor = closesDescriptor
    self.capacity = max(capacity, 64)
    unsafe base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit {
    unsafe base.deallocate()
    if closesDescriptor { close(descriptor) }
  }

  /// Octets read and not consumed.
  var available: Int { limit &- position }

  /// Where in the file the next record begins, in octets.
  var offset: UInt64 { before + UInt64(position) }

  /// Reads on until `count` octets are available; false if the file ends before.
  ///
  /// Room is made only as octets arrive to fill it: a length that lies allocates nothing.
  mutating func fill(_ count: Int) throws(CaptureError) -> Bool {
    while available < count {
      if reachedEnd { return false }
      moveToFront()
      if limit == capacity { grow(toward: count) }
      let got = try readChunk()
      if got == 0 { reachedEnd = true }
      limit += got
    }
    return true
  }

  /// Consumes `count` octets without keeping them; false if the file ends before.
  mutating func skip(_ count: UInt64) throws(CaptureError) -> Bool {
    var left = count
    while left > 0 {
      guard try fill(1) else { return false }
      let step = min(left, UInt64(available))
      position += Int(step)
      left -= step
    }
    return true
  }

  private mutating func moveToFront() {
    guard position > 0 else { return }
    unsafe memmove(base, base + position, available)
    before += UInt64(position)
    limit -= position
    position = 0
  }

  private mutating func grow(toward count: Int) {
    let larger = max(capacity + 64, min(count, capacity * 2))
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    unsafe moved.copyMemory(from: base, byteCount: limit)
    unsafe base.deallocate()
    unsafe base = moved
    capacity = larger
  }

  private func readChunk() throws(CaptureError) -> Int {
    while true {
      let got = unsafe read(descriptor, base + limit, capacity - limit)
      if got >= 0 { return got }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // Someone made our standard input non-blocking: wait as a blocking read would.
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&wait, 1, -1)
      default:
        throw .cannotRead(
          path: name, offset: before + UInt64(limit), reason: SystemError.text(errno))
      }
    }
  }
}

extension ReadBuffer {
  /// The 4 octets at `offset` from `base`, which must lie before `limit`, in the host's order.
  @unsafe func word(at offset: Int) -> UInt32 {
    unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }

  /// Lends `count` octets at `offset` from `base`, which must lie before `limit`.
  @unsafe func withBytes<Result>(
    at offset: Int, count: Int, _ body: (Span<UInt8>) -> Result
  ) -> Result {
    let octets = unsafe UnsafeRawBufferPointer(start: base + offset, count: count)
    return unsafe body(Span(_unsafeBytes: octets))
  }
}
