internal import CLz4

/// Decodes lz4 frames one after another, skippable ones passed over.
@safe final class LZ4Decoder: StreamDecoder {
  private let context: OpaquePointer
  private var portion = BlockPortion(headerLength: 4)

  /// Nil where there is no memory.
  init?() {
    var context: OpaquePointer?
    let status = unsafe LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
    guard LZ4F_isError(status) == 0, let context = unsafe context else { return nil }
    unsafe self.context = context
  }

  deinit { _ = unsafe LZ4F_freeDecompressionContext(context) }

  @unsafe func decode(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) -> DecodingStep {
    var step = DecodingStep(
      consumed: min(input.count, portion.length), produced: room.count)
    let status = unsafe LZ4F_decompress(
      context, room.baseAddress, &step.produced, input.baseAddress, &step.consumed, nil)
    if LZ4F_isError(status) != 0 {
      step.problem = unsafe PcapText.string(LZ4F_getErrorName(status))
    } else {
      step.isBetweenFrames = status == 0
      portion.expected = status
    }
    return step
  }
}
