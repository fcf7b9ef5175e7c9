/// The blocks of pcapng that say something about packets (draft-ietf-opsawg-pcapng 4).
private enum BlockType {
  static let section: UInt32 = 0x0A0D_0D0A
  static let interface: UInt32 = 1
  static let obsoletePacket: UInt32 = 2
  static let simplePacket: UInt32 = 3
  static let enhancedPacket: UInt32 = 6
}

extension CaptureReader {
  /// Takes into the run what plain enhanced packet blocks are whole in the buffer.
  ///
  /// Plain: of an interface whose ticks are a power of ten of nanoseconds. All else, and all that
  /// is wrong, is left to `readPcapngBlocks()`.
  mutating func stepInPcapng(limit: Int) {
    // Each byte order has a loop of its own, without the question in it.
    if isBigEndian {
      while takePlainBlocks(limit: limit, { UInt32(bigEndian: $0) }) {}
    } else {
      while takePlainBlocks(limit: limit, { UInt32(littleEndian: $0) }) {}
    }
  }

  /// Takes the plain blocks at hand that are of the same interface as the last packet; true if the
  /// next is of another, which now takes its place.
  @inline(__always)
  private mutating func takePlainBlocks(limit: Int, _ order: (UInt32) -> UInt32) -> Bool {
    let (base, end, recent) = unsafe (input.base, input.limit, section.recent)
    func word(at offset: Int) -> UInt32 {
      order(unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    var start = input.position
    var other: UInt32?
    run.fill(limit: limit) {
      guard end &- start >= 32, word(at: start) == BlockType.enhancedPacket else { return nil }
      let total = word(at: start &+ 4)
      let next = start &+ Int(total)
      guard total >= 32, total & 3 == 0, next <= end, word(at: next &- 4) == total else {
        return nil
      }
      let number = word(at: start &+ 8)
      guard number == recent.number else {
        other = number
        return nil
      }
      let captured = word(at: start &+ 20)
      let ticks = UInt64(word(at: start &+ 12)) << 32 | UInt64(word(at: start &+ 16))
      let (time, overflow) = ticks.multipliedReportingOverflow(by: recent.factor)
      guard captured <= total &- 32, recent.factor != 0, !overflow, time <= TimeResolution.latest
      else { return nil }
      let record = PacketRecord(
        time: Int64(truncatingIfNeeded: time), originalLength: word(at: start &+ 24),
        capturedLength: captured, linkType: recent.linkType, interface: number,
        offset: UInt32(truncatingIfNeeded: start &+ 28))
      start = next
      return record
    }
    input.position = start
    guard let other else { return false }
    return section.recall(other) != nil
  }

  /// Reads blocks until one is a packet, which begins the run.
  mutating func readPcapngBlocks() throws(CaptureError) {
    while try input.fill(8) {
      let type = unsafe word(at: input.position)
      switch type {
      case BlockType.section:
        try readSection()
      case BlockType.interface:
        try readInterface()
      case BlockType.enhancedPacket, BlockType.obsoletePacket, BlockType.simplePacket:
        return try readPacket(type)
      default:
        let total = try blockLength(atLeast: 12)
        try skipBlock(total)
      }
    }
    if input.available > 0 { throw truncated(expected: 8) }
  }

  /// Begins with the file's first section; false, and nothing consumed, if this is no pcapng.
  mutating func readFirstSection() throws(CaptureError) -> Bool {
    guard unsafe word(at: input.position) == BlockType.section else { return false }
    try readSection()
    return true
  }

  /// Reads a section header block: byte order and interfaces begin anew.
  private mutating func readSection() throws(CaptureError) {
    guard try input.fill(28) else { throw truncated(expected: 28) }
    let start = input.position
    let magic = unsafe UInt32(littleEndian: input.word(at: start + 8))
    switch magic {
    case 0x1A2B_3C4D: isBigEndian = false
    case 0x4D3C_2B1A: isBigEndian = true
    default: throw damaged(.byteOrderMagic(magic))
    }
    let total = try blockLength(atLeast: 28)
    let version = unsafe (major: halfWord(at: start + 12), minor: halfWord(at: start + 14))
    // Version 1.2 means the same as 1.0; its section length is not needed to find the blocks.
    guard version.major == 1, version.minor == 0 || version.minor == 2 else {
      throw .unsupported(
        path: name, offset: input.offset,
        what: "pcapng version \(version.major).\(version.minor), where 1.0 and 1.2 are known")
    }
    section = PcapngSection()
    try skipBlock(total)
  }

  /// Reads an interface description block.
  private mutating func readInterface() throws(CaptureError) {
    let total = try readWholeBlock(atLeast: 20)
    guard section.interfaces.count < PcapngSection.interfaceLimit else {
      throw damaged(.tooManyInterfaces)
    }
    let start = input.position
    let number = unsafe halfWord(at: start + 8)
    var interface = unsafe PcapngInterface(
      linkType: LinkType.linkType(inFile: number), snapLength: word(at: start + 12))
    interface.resolution = try timeResolution(from: start + 16, to: start + Int(total) - 4)
    section.append(interface)
    input.position += Int(total)
  }

  /// The stamps' resolution among the options between two places in the buffer (pcapng 3.5).
  private func timeResolution(from first: Int, to end: Int) throws(CaptureError) -> TimeResolution {
    var (code, offset) = (TimeResolution.microseconds.code, Int64(0))
    var place = first
    while end - place >= 4 {
      let option = unsafe (code: halfWord(at: place), length: halfWord(at: place + 2))
      let value = place + 4
      guard Int(option.length) <= end - value else {
        throw damaged(.optionLength(option.length, code: option.code))
      }
      switch (option.code, option.length) {
      case (0, _):
        return TimeResolution(code: code, offset: offset)
      case (9, 1):
        code = unsafe input.base.load(fromByteOffset: value, as: UInt8.self)
      case (14, 8):
        let (first, second) = unsafe (UInt64(word(at: value)), UInt64(word(at: value + 4)))
        offset = Int64(
          bitPattern: isBigEndian ? first << 32 | second : second << 32 | first)
      case (9, _), (14, _):
        throw damaged(.optionLength(option.length, code: option.code))
      default: break
      }
      place = value + (Int(option.length) + 3) & ~3
    }
    return TimeResolution(code: code, offset: offset)
  }

  /// Reads an enhanced, simple or obsolete packet block (pcapng 4.3, 4.4, appendix A).
  private mutating func readPacket(_ type: UInt32) throws(CaptureError) {
    let isSimple = type == BlockType.simplePacket
    let fixed: UInt32 = isSimple ? 16 : 32
    let total = try readWholeBlock(atLeast: fixed)
    let start = input.position
    var number: UInt32 = 0
    if type == BlockType.enhancedPacket { number = unsafe word(at: start + 8) }
    if type == BlockType.obsoletePacket { number = unsafe UInt32(halfWord(at: start + 8)) }
    guard let interface = section.recall(number) else {
      throw damaged(.unknownInterface(number, described: section.interfaces.count))
    }
    let original = unsafe word(at: start + (isSimple ? 8 : 24))
    var captured = original
    if !isSimple {
      captured = unsafe word(at: start + 20)
    } else if interface.snapLength > 0 {
      captured = min(original, interface.snapLength)
    }
    guard captured <= total - fixed else {
      throw damaged(.packetPastBlock(captured: captured, room: total - fixed))
    }
    // A simple packet has no stamp: it keeps the time of the packet before it, 0 if it is first,
    // which leaves the order of the file as it is.
    var time = lastTime
    if !isSimple {
      let ticks = unsafe UInt64(word(at: start + 12)) << 32 | UInt64(word(at: start + 16))
      let stamp = interface.resolution.nanoseconds(ticks: ticks)
      time = stamp.time
      if stamp.clamped { clampedStamps += 1 }
    }
    run.append(
      PacketRecord(
        time: time, originalLength: original, capturedLength: captured,
        linkType: interface.linkType, interface: number,
        offset: UInt32(start + (isSimple ? 12 : 28))))
    input.position += Int(total)
  }

  /// The total length of the block at the buffer's position, whose first 8 octets are there.
  private func blockLength(atLeast least: UInt32) throws(CaptureError) -> UInt32 {
    let total = unsafe word(at: input.position + 4)
    guard total >= least, total % 4 == 0 else {
      throw unsafe damaged(.blockLength(total, type: word(at: input.position)))
    }
    return total
  }

  /// Reads the block at the buffer's position to its end, and its length, of `least` or more.
  private mutating func readWholeBlock(atLeast least: UInt32) throws(CaptureError) -> UInt32 {
    let total = try blockLength(atLeast: least)
    guard total <= section.blockLimit else {
      throw damaged(.blockTooLong(total, limit: section.blockLimit))
    }
    guard try input.fill(Int(total)) else { throw truncated(expected: Int(total)) }
    let trailing = unsafe word(at: input.position + Int(total) - 4)
    guard trailing == total else {
      throw damaged(.trailingLength(trailing, expected: total))
    }
    return total
  }

  /// Consumes a block of any length without keeping it.
  private mutating func skipBlock(_ total: UInt32) throws(CaptureError) {
    let offset = input.offset
    guard try input.skip(UInt64(total) - 4), try input.fill(4) else {
      let found = input.offset + UInt64(input.available) - offset
      throw .truncated(path: name, offset: offset, expected: UInt64(total), found: found)
    }
    let trailing = unsafe word(at: input.position)
    guard trailing == total else {
      throw .damaged(
        path: name, offset: offset, damage: .trailingLength(trailing, expected: total))
    }
    input.position += 4
  }
}
