internal import Glibc

/// A window onto a file or pipe: octets read ahead in large chunks, lent in place.
///
/// Of a compressed file it shows what that decompresses to, and counts that.
///
/// The octets from `position` to `limit` have been read and not been consumed. What is left of a
/// record at the end of a chunk is moved to the front before more is read behind it, so every
/// record lies in one piece.
@safe struct ReadBuffer: ~Copyable, @unchecked Sendable {
  /// What messages call the file.
  private(set) var name: String
  private var raw: RawInput
  private var compressed: CompressedInput?
  private(set) var base: UnsafeMutableRawPointer
  private var capacity: Int
  /// Where the next record begins, counted from `base`; only ever moved within `limit`.
  var position = 0
  /// Where the octets read so far end, counted from `base`.
  private(set) var limit = 0
  /// How many octets of the file came before `base`.
  private var before: UInt64 = 0
  private var reachedEnd = false
  /// Where the file may grow, `fill` waits until it has, rather than for a while.
  var isPatient = false

  init(_ raw: consuming RawInput, capacity: Int) {
    name = raw.name
    self.raw = raw
    self.capacity = max(capacity, 64)
    unsafe base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { unsafe base.deallocate() }

  var isCompressed: Bool { compressed != nil }

  /// Octets that came from the operating system.
  var octetsRead: UInt64 { raw.offset }

  /// Whether the file is one that is followed.
  var isFollowed: Bool { raw.isFollowed }

  /// Whether more may come where `fill` gave false.
  var mayGrow: Bool { raw.mayGrow }

  /// Octets read and not consumed.
  var available: Int { limit &- position }

  /// Where in the file the next record begins, in octets.
  var offset: UInt64 { before + UInt64(position) }

  /// Reads on until `count` octets are available; false if the file ends before, or does not grow
  /// for a while.
  ///
  /// Room is made only as octets arrive to fill it: a length that lies allocates nothing.
  mutating func fill(_ count: Int) throws(CaptureError) -> Bool {
    while available < count {
      if reachedEnd { return false }
      moveToFront()
      if limit == capacity { grow(toward: count) }
      let got = try readChunk()
      if got == 0 {
        if !raw.mayGrow { reachedEnd = true } else if !isPatient { return false }
      }
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

  private mutating func readChunk() throws(CaptureError) -> Int {
    let room = unsafe UnsafeMutableRawBufferPointer(start: base + limit, count: capacity - limit)
    guard let compressed else { return try unsafe raw.read(into: room) }
    return try unsafe compressed.read(into: room, from: &raw)
  }
}

extension ReadBuffer {
  /// Takes the octets from here on as compressed: the buffer holds what they decompress to.
  mutating func decompress(_ compression: Compression) throws(CaptureError) {
    let held = unsafe UnsafeRawBufferPointer(start: base + position, count: available)
    guard let input = unsafe CompressedInput(compression, begun: held, at: offset) else {
      throw .cannotRead(path: name, offset: offset, reason: SystemError.text(ENOMEM))
    }
    compressed = input
    name += " (decompressed)"
    (position, limit, before, reachedEnd) = (0, 0, 0, false)
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
