internal import CZlib

/// Decodes gzip (RFC 1952): members one after another, zeros behind the last as tapes have them.
@safe final class GzipDecoder: StreamDecoder {
  // zlib remembers where the stream lies, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var hasEnded = false

  /// The largest window there is, and gzip's header and trailer alone.
  private static let windowBits: Int32 = 15 + 16

  /// Nil where there is no memory.
  init?() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, size) == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    _ = unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  @unsafe func decode(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) -> DecodingStep {
    var step = DecodingStep()
    if hasEnded {
      step.consumed = unsafe input.prefix { $0 == 0 }.count
      step.isBetweenFrames = step.consumed == input.count
      if step.isBetweenFrames { return step }
      _ = unsafe inflateReset(stream)
      hasEnded = false
    }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: input[step.consumed...])
    let octets = unsafe rest.assumingMemoryBound(to: UInt8.self)
    let target = unsafe room.assumingMemoryBound(to: UInt8.self)
    // zlib does not write to its input; its declaration is older than `const`.
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: octets.baseAddress)
    unsafe stream.pointee.avail_in = UInt32(clamping: rest.count)
    unsafe stream.pointee.next_out = target.baseAddress
    unsafe stream.pointee.avail_out = UInt32(clamping: room.count)
    let status = unsafe inflate(stream, Z_NO_FLUSH)
    step.consumed += unsafe Int(UInt32(clamping: rest.count) - stream.pointee.avail_in)
    step.produced = unsafe Int(UInt32(clamping: room.count) - stream.pointee.avail_out)
    switch status {
    // A buffer error only tells that there is nothing to go on with.
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END:
      hasEnded = true
      step.isBetweenFrames = true
    default:
      step.problem = unsafe PcapText.string(stream.pointee.msg) ?? "zlib's error \(status)"
    }
    return step
  }
}
