/// Octets of a capture file, put together field by field in either byte order.
struct CaptureImage {
  var octets: [UInt8] = []
  var isBigEndian = false

  mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    let size = Number.bitWidth / 8
    for index in 0..<size {
      let shift = 8 * (isBigEndian ? size - 1 - index : index)
      octets.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }

  mutating func append(_ data: [UInt8], paddedTo multiple: Int = 1) {
    octets += data
    octets += Array(repeating: 0, count: (multiple - data.count % multiple) % multiple)
  }
}

/// pcap (draft-ietf-opsawg-pcap).
extension CaptureImage {
  struct PcapHeader {
    var magic: UInt32 = 0xA1B2_C3D4
    var major: UInt16 = 2
    var minor: UInt16 = 4
    var snapLength: UInt32 = 262_144
    var linkType: UInt32 = 1
  }

  static func pcap(_ header: PcapHeader = PcapHeader(), isBigEndian: Bool = false) -> Self {
    var image = CaptureImage(isBigEndian: isBigEndian)
    image.append(header.magic)
    image.append(header.major)
    image.append(header.minor)
    image.append(UInt64(0))
    image.append(header.snapLength)
    image.append(header.linkType)
    return image
  }

  mutating func record(
    seconds: UInt32, fraction: UInt32 = 0, _ data: [UInt8], original: UInt32? = nil,
    extra: [UInt8] = []
  ) {
    append(seconds)
    append(fraction)
    append(UInt32(data.count))
    append(original ?? UInt32(data.count))
    append(extra)
    append(data)
  }
}

/// pcapng (draft-ietf-opsawg-pcapng).
extension CaptureImage {
  typealias Option = (code: UInt16, value: [UInt8])

  mutating func block(_ type: UInt32, _ body: (inout Self) -> Void) {
    var inner = CaptureImage(isBigEndian: isBigEndian)
    body(&inner)
    let total = UInt32(inner.octets.count + 12)
    append(type)
    append(total)
    append(inner.octets)
    append(total)
  }

  mutating func section(isBigEndian: Bool = false, major: UInt16 = 1, minor: UInt16 = 0) {
    self.isBigEndian = isBigEndian
    block(0x0A0D_0D0A) {
      $0.append(UInt32(0x1A2B_3C4D))
      $0.append(major)
      $0.append(minor)
      $0.append(Int64(-1))
    }
  }

  mutating func interface(
    _ linkType: UInt16 = 1, snapLength: UInt32 = 0, options: [Option] = []
  ) {
    block(1) {
      $0.append(linkType)
      $0.append(UInt16(0))
      $0.append(snapLength)
      $0.options(options)
    }
  }

  mutating func options(_ options: [Option]) {
    for option in options {
      append(option.code)
      append(UInt16(option.value.count))
      append(option.value, paddedTo: 4)
    }
    if !options.isEmpty { append(UInt32(0)) }
  }

  mutating func enhanced(
    _ ticks: UInt64, _ data: [UInt8], interface: UInt32 = 0, original: UInt32? = nil,
    options: [Option] = []
  ) {
    block(6) {
      $0.append(interface)
      $0.append(UInt32(truncatingIfNeeded: ticks >> 32))
      $0.append(UInt32(truncatingIfNeeded: ticks))
      $0.append(UInt32(data.count))
      $0.append(original ?? UInt32(data.count))
      $0.append(data, paddedTo: 4)
      $0.options(options)
    }
  }

  mutating func obsolete(_ ticks: UInt64, _ data: [UInt8], interface: UInt16 = 0) {
    block(2) {
      $0.append(interface)
      $0.append(UInt16(7))
      $0.append(UInt32(truncatingIfNeeded: ticks >> 32))
      $0.append(UInt32(truncatingIfNeeded: ticks))
      $0.append(UInt32(data.count))
      $0.append(UInt32(data.count))
      $0.append(data, paddedTo: 4)
    }
  }

  mutating func simple(_ data: [UInt8], original: UInt32? = nil) {
    block(3) {
      $0.append(original ?? UInt32(data.count))
      $0.append(data, paddedTo: 4)
    }
  }
}

/// The images that many tests go through: every form a file can take.
extension CaptureImage {
  static let data: [[UInt8]] = [Array(1...14), [], Array(0...60), [9], Array(20...40)]

  static func plainPcap(magic: UInt32, isBigEndian: Bool, minor: UInt16 = 4) -> Self {
    var image = pcap(PcapHeader(magic: magic, minor: minor), isBigEndian: isBigEndian)
    let extra: [UInt8] = magic == 0xA1B2_CD34 ? [1, 2, 3, 4, 5, 6, 7, 8] : []
    for (index, data) in data.enumerated() {
      image.record(
        seconds: 1_700_000_000 + UInt32(index), fraction: 999_999 - UInt32(index), data,
        extra: extra)
    }
    return image
  }

  static func plainPcapng(isBigEndian: Bool) -> Self {
    var image = CaptureImage()
    image.section(isBigEndian: isBigEndian)
    image.interface()
    for (index, data) in data.enumerated() {
      image.enhanced(1_700_000_000_000_001 + UInt64(index), data, original: 1_514)
      image.block(0x0BAD) { $0.append(data, paddedTo: 4) }
    }
    image.obsolete(1_700_000_000_500_000, [1, 2, 3])
    image.simple([4, 5, 6, 7, 8])
    return image
  }

  static let forms: [(name: String, image: CaptureImage)] = [
    ("microseconds, little-endian", plainPcap(magic: 0xA1B2_C3D4, isBigEndian: false)),
    ("microseconds, big-endian", plainPcap(magic: 0xA1B2_C3D4, isBigEndian: true)),
    ("nanoseconds, little-endian", plainPcap(magic: 0xA1B2_3C4D, isBigEndian: false)),
    ("nanoseconds, big-endian", plainPcap(magic: 0xA1B2_3C4D, isBigEndian: true)),
    ("patched, little-endian", plainPcap(magic: 0xA1B2_CD34, isBigEndian: false)),
    ("patched, big-endian", plainPcap(magic: 0xA1B2_CD34, isBigEndian: true)),
    ("version 2.2", plainPcap(magic: 0xA1B2_C3D4, isBigEndian: false, minor: 2)),
    ("version 2.3", plainPcap(magic: 0xA1B2_C3D4, isBigEndian: true, minor: 3)),
    ("pcapng, little-endian", plainPcapng(isBigEndian: false)),
    ("pcapng, big-endian", plainPcapng(isBigEndian: true)),
  ]
}
