internal import CZstd

/// Decodes zstd (RFC 8878): frames one after another, skippable ones passed over.
///
/// A frame that wants a window of more than 128 MiB is refused, as the zstd command does.
@safe final class ZstdDecoder: StreamDecoder {
  private let context: OpaquePointer
  private var portion = BlockPortion(headerLength: 3)

  /// Nil where there is no memory.
  init?() {
    guard let context = unsafe ZSTD_createDStream() else { return nil }
    unsafe self.context = context
  }

  deinit { _ = unsafe ZSTD_freeDStream(context) }

  @unsafe func decode(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) -> DecodingStep {
    let length = min(input.count, portion.length)
    var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: length, pos: 0)
    var target = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
    let status = unsafe ZSTD_decompressStream(context, &target, &source)
    var step = unsafe DecodingStep(consumed: source.pos, produced: target.pos)
    if ZSTD_isError(status) != 0 {
      step.problem = unsafe PcapText.string(ZSTD_getErrorName(status))
    } else {
      step.isBetweenFrames = status == 0
      portion.expected = status
    }
    return step
  }
}
