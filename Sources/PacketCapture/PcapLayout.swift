/// How the records of one pcap file are laid out, as its header tells (draft-ietf-opsawg-pcap).
struct PcapLayout {
  /// Octets before each packet's own.
  var headerLength = 16
  /// Nanoseconds in one unit of a stamp's second half.
  var fractionFactor: Int64 = 1_000
  var maximumCaptured: UInt32 = 0
  var linkType: UInt16 = 0
  var lengthOrder = LengthOrder.capturedFirst

  /// Which of a record's two lengths comes first: it changed with version 2.3.
  enum LengthOrder {
    case capturedFirst, originalFirst
    /// Version 2.3 itself: some programs kept the old order, so the smaller is what was captured.
    case smallerIsCaptured
  }

  /// The captured and the original length of a record, from the two in the order of the file.
  func lengths(_ first: UInt32, _ second: UInt32) -> (captured: UInt32, original: UInt32) {
    switch lengthOrder {
    case .capturedFirst: (first, second)
    case .originalFirst: (second, first)
    case .smallerIsCaptured: (min(first, second), max(first, second))
    }
  }
}

/// The magic numbers libpcap takes; each comes in either byte order.
private enum PcapMagic: UInt32 {
  case microseconds = 0xA1B2_C3D4
  case nanoseconds = 0xA1B2_3C4D
  /// Alexey Kuznetsov's patched libpcap: 8 more octets (interface, protocol, direction) a record.
  case patched = 0xA1B2_CD34

  var recordHeaderLength: Int { self == .patched ? 24 : 16 }
  var fractionFactor: Int64 { self == .nanoseconds ? 1 : 1_000 }
}

extension CaptureReader {
  private static let fileHeaderLength = 24

  /// Takes into the run what records are whole in the buffer.
  mutating func stepInPcap(limit: Int) {
    // Each byte order has a loop of its own, without the question in it.
    if isBigEndian {
      stepInPcap(limit: limit) { UInt32(bigEndian: $0) }
    } else {
      stepInPcap(limit: limit) { UInt32(littleEndian: $0) }
    }
  }

  @inline(__always)
  private mutating func stepInPcap(limit: Int, _ order: (UInt32) -> UInt32) {
    let (base, end, layout) = unsafe (input.base, input.limit, pcap)
    func word(at offset: Int) -> UInt32 {
      order(unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    let lastStart = end &- layout.headerLength
    var start = input.position
    run.fill(limit: limit) {
      guard start <= lastStart else { return nil }
      let (captured, original) = layout.lengths(word(at: start &+ 8), word(at: start &+ 12))
      let data = start &+ layout.headerLength
      let next = data &+ Int(captured)
      guard captured <= layout.maximumCaptured, next <= end else { return nil }
      // Seconds are unsigned (until 2106), and 2^32 of them in nanoseconds are within Int64.
      let (seconds, fraction) = (Int64(word(at: start)), Int64(word(at: start &+ 4)))
      start = next
      return PacketRecord(
        time: seconds &* 1_000_000_000 &+ fraction &* layout.fractionFactor,
        originalLength: original, capturedLength: captured, linkType: layout.linkType,
        interface: 0, offset: UInt32(truncatingIfNeeded: data))
    }
    input.position = start
  }

  /// Reads until the next record is whole, if there is one.
  mutating func fillForPcapRecord() throws(CaptureError) {
    guard try input.fill(pcap.headerLength) else {
      if input.available == 0 { return }
      throw truncated(expected: pcap.headerLength)
    }
    let start = input.position
    let (captured, _) = unsafe pcap.lengths(word(at: start + 8), word(at: start + 12))
    guard captured <= pcap.maximumCaptured else {
      throw damaged(.capturedLength(captured, limit: pcap.maximumCaptured))
    }
    let length = pcap.headerLength + Int(captured)
    guard try input.fill(length) else { throw truncated(expected: length) }
  }

  /// Reads the file's header if it is a pcap file's; false, and nothing consumed, if it is not.
  mutating func readPcapHeader() throws(CaptureError) -> Bool {
    isBigEndian = false
    var magic = unsafe PcapMagic(rawValue: word(at: input.position))
    if magic == nil {
      isBigEndian = true
      magic = unsafe PcapMagic(rawValue: word(at: input.position))
    }
    guard let magic else { return false }
    guard try input.fill(Self.fileHeaderLength) else {
      throw truncated(expected: Self.fileHeaderLength)
    }
    let start = input.position
    let version = unsafe (major: halfWord(at: start + 4), minor: halfWord(at: start + 6))
    pcap.lengthOrder = try lengthOrder(major: version.major, minor: version.minor)
    pcap.headerLength = magic.recordHeaderLength
    pcap.fractionFactor = magic.fractionFactor
    // The upper 6 bits tell of the frame check sequence, not of the link type (LT_LINKTYPE).
    let number = unsafe word(at: start + 20) & 0x03FF_FFFF
    guard let number = UInt16(exactly: number) else {
      throw .unsupported(path: name, offset: 0, what: "its link type \(number) is unknown")
    }
    pcap.linkType = LinkType.linkType(inFile: number)
    pcap.maximumCaptured = LinkType.maximumCapturedLength(of: pcap.linkType)
    input.position += Self.fileHeaderLength
    return true
  }

  private func lengthOrder(
    major: UInt16, minor: UInt16
  ) throws(CaptureError) -> PcapLayout.LengthOrder {
    switch (major, minor) {
    case (2, 4): .capturedFirst
    case (2, 3): .smallerIsCaptured
    case (2, 0...2): .originalFirst
    // DG/UX's tcpdump says 543.0 and keeps the old order.
    case (543, 0): .originalFirst
    default:
      throw .unsupported(
        path: name, offset: 0, what: "pcap version \(major).\(minor), where 2.0 to 2.4 are known")
    }
  }
}
