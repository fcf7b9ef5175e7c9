/// How a capture file is compressed, told by its first octets.
package enum Compression: String, CaseIterable, Sendable {
  case gzip, zstd, lz4

  /// The compression whose files begin with `magic`, 4 octets in little-endian order.
  init?(magic: UInt32) {
    switch magic {
    case 0xFD2F_B528: self = .zstd
    case 0x184D_2204: self = .lz4
    case _ where magic & 0xFFFF == 0x8B1F: self = .gzip
    default: return nil
    }
  }

  /// Whether `magic` begins a frame that zstd and lz4 pass over (RFC 8878 §3.1.2).
  static func isSkippable(magic: UInt32) -> Bool { magic & 0xFFFF_FFF0 == 0x184D_2A50 }

  /// What decodes it; nil where there is no memory for that.
  func makeDecoder() -> (any StreamDecoder)? {
    switch self {
    case .gzip: GzipDecoder()
    case .zstd: ZstdDecoder()
    case .lz4: LZ4Decoder()
    }
  }
}

/// A decoder of a compressed stream of one member (gzip) or frame (zstd, lz4) after another.
protocol StreamDecoder: AnyObject {
  /// Decodes what fits of `input` into `room`; neither has to be used up.
  ///
  /// After it told a problem it is not called again.
  @unsafe func decode(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) -> DecodingStep
}

/// What one call of a decoder came to.
struct DecodingStep {
  /// Octets of the input that were used.
  var consumed = 0
  /// Octets of the room that were filled.
  var produced = 0
  /// A member or frame has ended, and no other begun: the file may end here.
  var isBetweenFrames = false
  /// Why the stream cannot be decoded further, in the library's words.
  var problem: String?
}

/// How much of the input a library that decodes block by block is given at a time: a block.
///
/// After an error these libraries do not tell what they made of the blocks before it in the same
/// call, and a report would lack packets that lie well before the damage.
struct BlockPortion {
  /// Octets ahead of each block.
  let headerLength: Int
  /// What the library expects next: the rest of a block and the header behind it; 0 for a frame.
  var expected = 0

  /// Octets to give at most.
  var length: Int {
    if expected == 0 { return 16 }
    return expected > headerLength ? expected - headerLength : expected
  }
}
