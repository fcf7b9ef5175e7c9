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
  var current = PacketRecord(
    time: 0, originalLength: 0, capturedLength: 0, linkType: 0, interface: 0)
  /// Where the current packet's octets begin in the buffer.
  var data = 0
  /// Stamps outside the years that pcap can tell (1970 to 2106), held at their bounds.
  var clampedStamps: UInt64 = 0

  /// Reads the capture that comes through `descriptor`, which is closed at the end if `closing`.
  init(
    descriptor: Int32, closing: Bool, name: String, chunk: Int
  ) throws(CaptureError) {
    input = ReadBuffer(
      descriptor: descriptor, closesDescriptor: closing, name: name, capacity: chunk)
    try readFileHeader()
  }

  /// What messages call the file.
  var name: String { input.name }

  mutating func next() throws(CaptureError) -> SourceStep {
    switch format {
    case .pcap: if stepInPcap() { return .packet }
    case .pcapng: if stepInPcapng() { return .packet }
    case .ended: return .end
    }
    return try readOn()
  }

  /// Steps where the next packet is not whole in the buffer, or is not plain.
  ///
  /// Never inlined: its registers would be saved for every packet.
  @inline(never) private mutating func readOn() throws(CaptureError) -> SourceStep {
    do throws(CaptureError) {
      let step = format == .pcap ? try readPcapRecord() : try readPcapngBlocks()
      if step == .end { end() }
      return step
    } catch {
      end()
      throw error
    }
  }

  private mutating func end() {
    format = .ended
    current.capturedLength = 0
  }

  private mutating func readFileHeader() throws(CaptureError) {
    guard try input.fill(4) else {
      if input.available == 0 { throw .emptyFile(path: name) }
      throw truncated(expected: 4)
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
