/// What `CaptureFile` is made of: a buffer and what has been learnt of the file's layout.
struct CaptureReader: ~Copyable {
  /// What the file's records look like.
  enum Format { case pcap, pcapng, ended }

  var input: ReadBuffer
  var format = Format.ended
  /// The file's integers are big-endian; in a pcapng file this section's.
  var isBigEndian = false
  var pcap = PcapLayout()
  var section = PcapngSection()
  /// What the sections before this one told of losses.
  var earlierStatistics = FileStatistics()
  /// The run at hand; its records' offsets count from the buffer's `base`.
  var run = RunRoom()
  /// When the last packet before the run was captured.
  var lastTime: Int64 = 0
  /// Stamps outside the years that pcap can tell (1970 to 2106), held at their bounds.
  var clampedStamps: UInt64 = 0

  /// Reads the capture that comes from `raw`; of a file that grows the header is waited for.
  init(_ raw: consuming RawInput, chunk: Int) throws(CaptureError) {
    input = ReadBuffer(raw, capacity: chunk)
    input.isPatient = true
    try readFileHeader()
    input.isPatient = false
  }

  /// What messages call the file.
  var name: String { input.name }

  /// Steps to the packets that follow, as many as lie whole in the buffer.
  ///
  /// Only before a run's first packet is the buffer filled, which moves what it holds, and an error
  /// thrown: one that lies behind packets waits for the next step.
  mutating func next(limit: Int) throws(CaptureError) -> SourceStep {
    if run.count > 0 { lastTime = run[run.count - 1].time }
    run.removeAll()
    let limit = min(max(limit, 1), PacketRun.limit)
    step(limit: limit)
    if run.count > 0 { return .packets }
    do throws(CaptureError) {
      switch format {
      case .pcap: try fillForPcapRecord()
      case .pcapng: try readPcapngBlocks()
      case .ended: return .end
      }
    } catch {
      if isUnfinished(error) { return endOrWait() }
      format = .ended
      throw error
    }
    step(limit: limit)
    return run.count > 0 ? .packets : endOrWait()
  }

  /// Where there are no packets: the end, unless more may come.
  private mutating func endOrWait() -> SourceStep {
    if input.mayGrow { return .idle }
    format = .ended
    return .end
  }

  /// Whether `error` only tells that the record at the buffer's position is still being written.
  private func isUnfinished(_ error: CaptureError) -> Bool {
    guard input.isFollowed else { return false }
    switch error {
    // What was passed over in part cannot be begun again.
    case .truncated(_, let offset, _, _): return offset == input.offset
    case .compressedTruncated: return true
    default: return false
    }
  }

  /// Takes the plain packets at hand into the run, up to the first that needs a closer look.
  private mutating func step(limit: Int) {
    switch format {
    case .pcap: stepInPcap(limit: limit)
    case .pcapng: stepInPcapng(limit: limit)
    case .ended: break
    }
  }

  private mutating func readFileHeader() throws(CaptureError) {
    try fillMagic()
    if let compression = try readCompression() {
      try input.decompress(compression)
      try fillMagic()
    }
    if try readPcapHeader() {
      format = .pcap
    } else if try readFirstSection() {
      format = .pcapng
    } else {
      _ = try input.fill(8)
      throw .notACapture(path: name, looksLike: signature())
    }
  }

  private mutating func fillMagic() throws(CaptureError) {
    guard try input.fill(4) else {
      if input.available == 0 { throw .emptyFile(path: name) }
      throw truncated(expected: 4)
    }
  }

  /// How the file is compressed, if it is; frames of nothing ahead of it are consumed.
  private mutating func readCompression() throws(CaptureError) -> Compression? {
    while Compression.isSkippable(magic: littleEndianWord(at: input.position)) {
      guard try input.fill(8) else { throw truncated(expected: 8) }
      let offset = input.offset
      let expected = 8 + UInt64(littleEndianWord(at: input.position + 4))
      guard try input.skip(expected) else {
        throw .truncated(
          path: name, offset: offset, expected: expected, found: input.offset - offset)
      }
      try fillMagic()
    }
    return Compression(magic: littleEndianWord(at: input.position))
  }

  private func littleEndianWord(at offset: Int) -> UInt32 {
    UInt32(littleEndian: unsafe input.word(at: offset))
  }

  private func signature() -> FileSignature {
    unsafe input.withBytes(at: input.position, count: min(input.available, 8)) {
      FileSignature($0)
    }
  }
}

extension CaptureReader {
  /// The 4 octets at `offset` in the buffer, in the file's byte order.
  @unsafe func word(at offset: Int) -> UInt32 {
    let word = unsafe input.word(at: offset)
    return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
  }

  /// The 2 octets at `offset` in the buffer, in the file's byte order.
  @unsafe func halfWord(at offset: Int) -> UInt16 {
    let half = unsafe input.base.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
    return isBigEndian ? UInt16(bigEndian: half) : UInt16(littleEndian: half)
  }

  /// The error for a file that ends within the record at the buffer's position.
  func truncated(expected: Int) -> CaptureError {
    .truncated(
      path: name, offset: input.offset, expected: UInt64(expected),
      found: UInt64(input.available))
  }

  /// The error for a record that contradicts the format.
  func damaged(_ damage: CaptureDamage) -> CaptureError {
    .damaged(path: name, offset: input.offset, damage: damage)
  }
}
