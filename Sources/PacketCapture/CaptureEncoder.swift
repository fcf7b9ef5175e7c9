/// Puts packets into the octets of a capture file, little-endian.
///
/// pcap as draft-ietf-opsawg-pcap has it, pcapng as draft-ietf-opsawg-pcapng: one section, an
/// interface for each that a packet names, enhanced packet blocks.
struct CaptureEncoder: Sendable {
  private(set) var form: CaptureForm
  /// What has been encoded and not been taken.
  var octets: [UInt8] = []
  /// The link type of a pcap file; nil before it is known.
  private var linkType: UInt16?
  private var hasBegun = false
  /// Interfaces of a pcapng file, by link type and number in the source.
  private var interfaces: [UInt64: UInt32] = [:]

  /// More interfaces than any capture has: the packets of further ones go to one of their link type.
  private static let interfacesAtMost = 4_096
  private static let billion: Int64 = 1_000_000_000

  init(_ form: CaptureForm) { self.form = form }

  /// The form that takes `record` beside what there is already; nil where it fits as it is.
  func form(toFit record: PacketRecord) -> CaptureForm? {
    guard case .pcap(let nanoseconds) = form else { return nil }
    if record.linkType != linkType ?? record.linkType
      || record.capturedLength > LinkType.maximumCapturedLength(of: record.linkType)
      || record.time / Self.billion > Int64(UInt32.max)
    {
      return .pcapng
    }
    return nanoseconds || record.time % 1_000 == 0 ? nil : .pcap(nanoseconds: true)
  }

  /// Takes the form that `record` needs too, for a file that has not begun.
  mutating func makeFit(_ record: PacketRecord) {
    if let form = form(toFit: record) { self.form = form }
    if linkType == nil { linkType = record.linkType }
  }

  /// Puts the head of the file, unless it is there; a pcap file is of `linkType`.
  mutating func begin(linkType: UInt16) {
    guard !hasBegun else { return }
    hasBegun = true
    self.linkType = self.linkType ?? linkType
    switch form {
    case .pcap(let nanoseconds):
      put(nanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4)
      put(half: 2)
      put(half: 4)
      put(0)
      put(0)
      // libpcap cuts packets to this length.
      put(LinkType.maximumCapturedLength(of: linkType))
      put(UInt32(linkType))
    case .pcapng:
      put(0x0A0D_0D0A)
      put(28)
      put(0x1A2B_3C4D)
      put(half: 1)
      put(half: 0)
      // The section's length is not told.
      put(.max)
      put(.max)
      put(28)
    }
  }

  /// Puts a packet that fits.
  mutating func append(_ record: PacketRecord, _ data: Span<UInt8>) {
    begin(linkType: record.linkType)
    switch form {
    case .pcap(let nanoseconds):
      let (seconds, rest) = record.time.quotientAndRemainder(dividingBy: Self.billion)
      put([
        UInt32(truncatingIfNeeded: seconds),
        UInt32(truncatingIfNeeded: nanoseconds ? rest : rest / 1_000), record.capturedLength,
        record.originalLength,
      ])
      put(data)
    case .pcapng:
      let interface = interface(of: record)
      let padding = (4 - record.capturedLength % 4) % 4
      let length = 32 + record.capturedLength + padding
      put([
        6, length, interface, UInt32(truncatingIfNeeded: record.time >> 32),
        UInt32(truncatingIfNeeded: record.time), record.capturedLength, record.originalLength,
      ])
      put(data)
      for _ in 0..<padding { octets.append(0) }
      put(length)
    }
  }

  /// The number of a packet's interface in the file, which is described first if it is new.
  private mutating func interface(of record: PacketRecord) -> UInt32 {
    let key = UInt64(record.linkType) << 32 | UInt64(record.interface)
    if let number = interfaces[key] { return number }
    if interfaces.count >= Self.interfacesAtMost,
      let other = interfaces.first(where: { $0.key >> 32 == UInt64(record.linkType) })
    {
      return other.value
    }
    let number = UInt32(interfaces.count)
    interfaces[key] = number
    putInterface(record.linkType)
    return number
  }

  /// Puts an interface description block: packets of any length, stamps in nanoseconds.
  private mutating func putInterface(_ linkType: UInt16) {
    put(1)
    put(32)
    put(half: linkType)
    put(half: 0)
    put(0)
    // if_tsresol, and the end of the options.
    put(half: 9)
    put(half: 1)
    put(9)
    put(0)
    put(32)
  }

  /// Puts the head of a record at once: of all that a packet takes only its octets are more.
  private mutating func put<let count: Int>(_ words: InlineArray<count, UInt32>) {
    var words = words
    for place in words.indices { words[place] = words[place].littleEndian }
    unsafe withUnsafeBytes(of: words) { unsafe octets.append(contentsOf: $0) }
  }

  private mutating func put(_ word: UInt32) {
    put(half: UInt16(truncatingIfNeeded: word))
    put(half: UInt16(truncatingIfNeeded: word >> 16))
  }

  private mutating func put(half: UInt16) {
    octets.append(UInt8(truncatingIfNeeded: half))
    octets.append(UInt8(truncatingIfNeeded: half >> 8))
  }

  private mutating func put(_ data: Span<UInt8>) {
    unsafe data.withUnsafeBufferPointer { unsafe octets.append(contentsOf: $0) }
  }
}
