/// How a record of a pcap file, or a block of a pcapng file, contradicts its format.
package enum CaptureDamage: Equatable, Sendable {
  /// A packet claims more captured octets than its link type can have (libpcap's bound).
  case capturedLength(UInt32, limit: UInt32)
  /// A block's total length is not a multiple of 4, or too small for its type.
  case blockLength(UInt32, type: UInt32)
  /// A packet or interface block is longer than any sane one: 16 MiB, more for a few link types.
  case blockTooLong(UInt32, limit: UInt32)
  /// The total length after a block differs from the one before it.
  case trailingLength(UInt32, expected: UInt32)
  /// A section header's byte-order magic is neither 0x1A2B3C4D nor that swapped.
  case byteOrderMagic(UInt32)
  /// A packet names an interface that its section has not described.
  case unknownInterface(UInt32, described: Int)
  /// A packet claims more captured octets than its block holds.
  case packetPastBlock(captured: UInt32, room: UInt32)
  /// An interface option is longer than what is left of its block, or has the wrong length.
  case optionLength(UInt16, code: UInt16)
  /// A section describes more interfaces than any capture has (65,536).
  case tooManyInterfaces
}

extension CaptureDamage: CustomStringConvertible {
  package var description: String {
    switch self {
    case .capturedLength(let length, let limit):
      "a packet of \(length) captured octets, where \(limit) is the most there can be"
    case .blockLength(let length, let type):
      "a block of type \(hexadecimal(type)) with the impossible length \(length)"
    case .blockTooLong(let length, let limit):
      "a block of \(length) octets, where \(limit) is the most there can be"
    case .trailingLength(let length, let expected):
      "a block that begins with length \(expected) and ends with length \(length)"
    case .byteOrderMagic(let magic):
      "a section whose byte-order magic is \(hexadecimal(magic))"
    case .unknownInterface(let interface, let described):
      "a packet of interface \(interface), of which the section describes \(described)"
    case .packetPastBlock(let captured, let room):
      "a packet of \(captured) captured octets in a block with room for \(room)"
    case .optionLength(let length, let code):
      "an interface option \(code) with the impossible length \(length)"
    case .tooManyInterfaces:
      "a section with more than 65,536 interfaces"
    }
  }
}

private func hexadecimal(_ number: UInt32) -> String {
  let digits = String(number, radix: 16, uppercase: true)
  return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
