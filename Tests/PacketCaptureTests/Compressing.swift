import CLz4
import CZlib
import CZstd
import PacketCapture

extension Compression {
  /// `octets` as one member or frame, made by the library itself, with its checksums.
  @safe func compress(_ octets: [UInt8]) -> [UInt8] {
    switch self {
    case .gzip: Self.gzip(octets)
    case .zstd: Self.zstd(octets)
    case .lz4: Self.lz4(octets)
    }
  }

  @safe private static func gzip(_ octets: [UInt8]) -> [UInt8] {
    var input = octets
    var output = [UInt8](repeating: 0, count: octets.count + octets.count / 100 + 1_000)
    var stream = unsafe z_stream()
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    _ = unsafe deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        let status = unsafe deflate(&stream, Z_FINISH)
        precondition(status == Z_STREAM_END)
      }
    }
    let count = unsafe output.count - Int(stream.avail_out)
    _ = unsafe deflateEnd(&stream)
    return Array(output.prefix(count))
  }

  @safe private static func zstd(_ octets: [UInt8]) -> [UInt8] {
    let context = unsafe ZSTD_createCCtx()
    defer { _ = unsafe ZSTD_freeCCtx(context) }
    _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(octets.count))
    let count = unsafe ZSTD_compress2(context, &output, output.count, octets, octets.count)
    precondition(ZSTD_isError(count) == 0)
    return Array(output.prefix(count))
  }

  @safe private static func lz4(_ octets: [UInt8]) -> [UInt8] {
    var preferences = LZ4F_preferences_t()
    preferences.frameInfo.blockSizeID = LZ4F_max64KB
    preferences.frameInfo.blockMode = LZ4F_blockIndependent
    preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled
    preferences.frameInfo.blockChecksumFlag = LZ4F_blockChecksumEnabled
    let bound = unsafe LZ4F_compressFrameBound(octets.count, &preferences)
    var output = [UInt8](repeating: 0, count: bound)
    let count = unsafe LZ4F_compressFrame(
      &output, output.count, octets, octets.count, &preferences)
    precondition(LZ4F_isError(count) == 0)
    return Array(output.prefix(count))
  }

  /// A frame that zstd and lz4 pass over.
  static func skippable(_ content: [UInt8], kind: UInt32 = 0) -> [UInt8] {
    var image = CaptureImage()
    image.append(0x184D_2A50 + kind)
    image.append(UInt32(content.count))
    return image.octets + content
  }
}
