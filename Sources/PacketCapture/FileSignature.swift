/// What a file that is no capture seems to be, judged by its first octets.
package enum FileSignature: Equatable, Sendable {
  /// Compressed within a compressed file.
  case gzip, zstd, lz4
  case bzip2, xz, zip
  /// Solaris snoop or Microsoft Network Monitor: captures, but of formats not read here.
  case snoop, networkMonitor
  /// Nothing but printable characters: perhaps what tcpdump printed.
  case text
  case unknown

  /// Judges by the first octets of a file; 8 are enough.
  init(_ start: Span<UInt8>) {
    for (signature, octets) in Self.known where Self.starts(start, with: octets) {
      self = signature
      return
    }
    var printable = !start.isEmpty
    for index in start.indices {
      let octet = start[index]
      if !(0x20..<0x7F).contains(octet) && !(0x09...0x0D).contains(octet) { printable = false }
    }
    self = printable ? .text : .unknown
  }

  /// What the file seems to be and what to do about it, for the end of an error's line.
  package var advice: String {
    switch self {
    case .gzip: "it is compressed twice: decompress it once, e.g. gzip -dc FILE | tcpclose -"
    case .zstd: "it is compressed twice: decompress it once, e.g. zstd -dc FILE | tcpclose -"
    case .lz4: "it is compressed twice: decompress it once, e.g. lz4 -dc FILE | tcpclose -"
    case .bzip2: "it is compressed: decompress it first, e.g. bzip2 -dc FILE | tcpclose -"
    case .xz: "it is compressed: decompress it first, e.g. xz -dc FILE | tcpclose -"
    case .zip: "it is a zip archive: unpack it first, e.g. unzip -p FILE | tcpclose -"
    case .snoop: "it is a snoop capture: convert it first, e.g. editcap FILE out.pcapng"
    case .networkMonitor:
      "it is a Network Monitor capture: convert it first, e.g. editcap FILE out.pcapng"
    case .text: "it is text: give the file that tcpdump -w wrote, not what it printed"
    case .unknown: "its first octets are of no known kind: give a file that tcpdump -w wrote"
    }
  }

  private static let known: [(FileSignature, [UInt8])] = [
    (.gzip, [0x1F, 0x8B]),
    (.zstd, [0x28, 0xB5, 0x2F, 0xFD]),
    (.lz4, [0x04, 0x22, 0x4D, 0x18]),
    (.bzip2, Array("BZh".utf8)),
    (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
    (.zip, [0x50, 0x4B, 0x03, 0x04]),
    (.snoop, Array("snoop\0\0\0".utf8)),
    (.networkMonitor, Array("GMBU".utf8)),
    (.networkMonitor, Array("RTSS".utf8)),
  ]

  private static func starts(_ span: Span<UInt8>, with octets: [UInt8]) -> Bool {
    guard span.count >= octets.count else { return false }
    return octets.indices.allSatisfy { span[$0] == octets[$0] }
  }
}
