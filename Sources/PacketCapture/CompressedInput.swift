/// What a compressed file decompresses to, in the portions that it is asked for.
///
/// It holds one chunk of the file and what the library needs (at most 128 MiB for zstd, 8 for
/// lz4, 40 KiB for gzip), however much the file decompresses to.
@safe final class CompressedInput {
  private let compression: Compression
  private let decoder: any StreamDecoder
  private let chunk: UnsafeMutableRawBufferPointer
  /// The octets of the chunk that the decoder has not used.
  private var position = 0
  private var limit = 0
  /// Where the octet at `position` stands in the compressed file.
  private var offset: UInt64
  private var isBetweenFrames = false
  /// The decoder filled all the room it had: it may hold more, with no further input.
  private var mayHoldMore = false
  private var failure: CaptureError?

  private static let chunkSize = 1 << 16

  /// Begins with `begun`, what has been read of the compressed stream; it stands at `offset`.
  ///
  /// Nil where there is no memory for a decoder.
  @unsafe init?(_ compression: Compression, begun: UnsafeRawBufferPointer, at offset: UInt64) {
    guard let decoder = compression.makeDecoder() else { return nil }
    self.compression = compression
    self.decoder = decoder
    self.offset = offset
    unsafe chunk = .allocate(byteCount: max(begun.count, Self.chunkSize), alignment: 16)
    unsafe chunk.copyMemory(from: begun)
    limit = begun.count
  }

  deinit { unsafe chunk.deallocate() }

  /// Decompresses into `room` what comes next of `raw`; 0 at the end, or where `raw.mayGrow` tells
  /// that nothing came for a while.
  ///
  /// What is wrong is thrown after all that could be decompressed has been given.
  @unsafe func read(
    into room: UnsafeMutableRawBufferPointer, from raw: inout RawInput
  ) throws(CaptureError) -> Int {
    while true {
      if let failure { throw failure }
      if position == limit, !mayHoldMore {
        (position, limit) = (0, try unsafe raw.read(into: chunk))
        if limit == 0 {
          if isBetweenFrames || raw.mayGrow { return 0 }
          throw .compressedTruncated(path: raw.name, offset: offset, compression: compression)
        }
      }
      let produced = unsafe step(into: room, name: raw.name)
      if produced > 0 { return produced }
    }
  }

  @unsafe private func step(into room: UnsafeMutableRawBufferPointer, name: String) -> Int {
    let input = unsafe UnsafeRawBufferPointer(rebasing: chunk[position..<limit])
    let step = unsafe decoder.decode(input, into: room)
    position += step.consumed
    offset += UInt64(step.consumed)
    isBetweenFrames = step.isBetweenFrames
    mayHoldMore = step.produced == room.count && !step.isBetweenFrames
    let isStuck = unsafe step.consumed == 0 && step.produced == 0 && !input.isEmpty
    if let problem = step.problem ?? (isStuck ? "it makes no sense" : nil) {
      failure = .compressedDamaged(
        path: name, offset: offset, compression: compression, reason: problem)
    }
    return step.produced
  }
}
